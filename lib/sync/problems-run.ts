import type { Problem } from './problem.ts'

/** Problems of a whole run: its preflight, its reads, its end. */
export const runProblems = {
  'CW-1001': {
    code: 'CW-1001',
    severity: 'error',
    title: 'A system cannot be reached',
    cause: 'The address is wrong, the system is down, or something on the way refuses the connection.',
    fix: 'Check the address under Settings, Connection, and press Test. Then start the sync again.',
  },
  'CW-1002': {
    code: 'CW-1002',
    severity: 'error',
    title: 'A system refuses the sign-in',
    cause: 'The user, password, client id or secret is wrong, expired or locked.',
    fix: 'Enter the access again under Settings, Connection, and press Test.',
  },
  'CW-1003': {
    code: 'CW-1003',
    severity: 'error',
    title: 'A permission is missing',
    cause: 'The user that the sync signs in with may not read or write something that the sync needs.',
    fix: 'Give the user the permission named in the message, or sign in with another user.',
  },
  'CW-1004': {
    code: 'CW-1004',
    severity: 'warning',
    title: 'The external-key field is missing',
    cause: 'The CRM has no field that holds the ERP key, so records can only be recognised by number and name.',
    fix: 'Add the custom field in the CRM, or name another one under Settings, Connection.',
  },
  'CW-1005': {
    code: 'CW-1005',
    severity: 'warning',
    title: 'A custom field is missing',
    cause: 'The CRM lacks a field of the field map; that field is left out.',
    fix: 'Add the custom field in the CRM, or take the field out of the field map.',
  },
  'CW-1006': {
    code: 'CW-1006',
    severity: 'warning',
    title: 'The clocks differ',
    cause: 'The clock of one system is far from that of this machine.',
    fix: 'Set the clocks by the same time source. The sync goes by the clock of each system, so nothing is lost meanwhile.',
  },
  'CW-1009': {
    code: 'CW-1009',
    severity: 'error',
    title: 'The sync broke off',
    cause: 'Something unexpected stopped the sync. What had been sent until then stays.',
    fix: 'Start the sync again. It goes on where it stopped and sends nothing twice.',
  },
  'CW-1010': {
    code: 'CW-1010',
    severity: 'warning',
    title: 'The sync was cancelled',
    cause: 'A person cancelled the sync.',
    fix: 'Start a sync again to send the rest.',
  },
  'CW-1011': {
    code: 'CW-1011',
    severity: 'warning',
    title: 'The sync was resumed after a stop',
    cause: 'The program that ran the sync was stopped or died. Another one took over.',
    fix: 'Nothing needs to be done. If it happens often, look at the program’s memory and restarts.',
  },
  'CW-1012': {
    code: 'CW-1012',
    severity: 'error',
    title: 'The sync made no progress',
    cause: 'The sync was taken up several times and ended before it could finish a single step.',
    fix: 'Look at the log lines before this one for the cause, then start the sync again.',
  },
  'CW-1013': {
    code: 'CW-1013',
    severity: 'error',
    title: 'The CRM’s list of records is incomplete',
    cause: 'A record is missing from the list, but answers when it is asked for by its own key.',
    fix: 'Start the sync again. If it happens again, ask whoever runs the CRM. No mapping was removed.',
  },
  'CW-1014': {
    code: 'CW-1014',
    severity: 'error',
    title: 'Too many mappings would be removed',
    cause:
      'The CRM no longer has more than a tenth of the mapped records of one type, so the sync stopped before it removed any.',
    fix: 'Check in the CRM whether the records were meant to go. If so, let them be removed once, with a reason, on the page of the run.',
  },
} as const satisfies Readonly<Record<string, Problem>>
