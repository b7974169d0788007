import type { FailureReason } from './ports.ts'
import type { Problem } from './problem.ts'
import { recordProblems } from './problems-record.ts'
import { remoteProblems } from './problems-remote.ts'
import { runProblems } from './problems-run.ts'

/** The stable code of an error or warning (sync-rules §11). A code keeps its meaning for ever. */
export type ProblemCode = keyof typeof runProblems | keyof typeof remoteProblems | keyof typeof recordProblems

/** The one catalogue of everything a log line of severity warning or error can be about. */
export const PROBLEMS: Readonly<Record<ProblemCode, Problem>> = { ...runProblems, ...remoteProblems, ...recordProblems }

/** Codes by what they mean, for the code that has to name one. */
export const problemCodes = {
  unreachableAtCheck: 'CW-1001',
  signInRefusedAtCheck: 'CW-1002',
  permissionMissing: 'CW-1003',
  externalKeyMissing: 'CW-1004',
  customFieldMissing: 'CW-1005',
  clocksDiffer: 'CW-1006',
  runBroke: 'CW-1009',
  cancelled: 'CW-1010',
  resumed: 'CW-1011',
  noProgress: 'CW-1012',
  listIncomplete: 'CW-1013',
  brakePulled: 'CW-1014',
  waiting: 'CW-1015',
  waitedTooLong: 'CW-1016',
  numberRequired: 'CW-1112',
  answerLost: 'CW-1120',
  noMatch: 'CW-1201',
  ambiguous: 'CW-1202',
  flagNotWritable: 'CW-1203',
  erpNamesake: 'CW-1204',
  mappingRemoved: 'CW-1205',
  valueCut: 'CW-1301',
  unknownCode: 'CW-1302',
  codeTableMissing: 'CW-1303',
  unmappedReference: 'CW-1304',
  referenceNotCleared: 'CW-1305',
  unusableValue: 'CW-1306',
  totalsUnread: 'CW-1307',
  notKept: 'CW-1308',
  noLastName: 'CW-1401',
  mappedNamesake: 'CW-1402',
  lookAlikes: 'CW-1403',
  adopted: 'CW-1404',
  templateMissing: 'CW-1405',
  templateUnknown: 'CW-1406',
  clientMissing: 'CW-1407',
  conflictOpen: 'CW-1501',
  planStale: 'CW-1502',
  undoKept: 'CW-1503',
  undoCreatedStays: 'CW-1504',
} as const satisfies Readonly<Record<string, ProblemCode>>

const BY_REASON: Readonly<Record<FailureReason, ProblemCode>> = {
  unreachable: 'CW-1101',
  timeout: 'CW-1102',
  'broken-answer': 'CW-1103',
  'server-error': 'CW-1104',
  throttled: 'CW-1105',
  'sign-in-refused': 'CW-1106',
  'session-lost': 'CW-1107',
  forbidden: 'CW-1108',
  'not-found': 'CW-1109',
  'duplicate-key': 'CW-1110',
  'number-not-allowed': 'CW-1111',
  'number-required': 'CW-1112',
  'required-field': 'CW-1113',
  'too-long': 'CW-1114',
  'bad-reference': 'CW-1115',
  'unknown-field': 'CW-1116',
  'no-change': 'CW-1117',
  invalid: 'CW-1118',
  'address-refused': 'CW-1119',
}

/** Reasons after which the other side may have acted (guide/reliability.md, "Did it happen?"). */
const MAY_HAVE_ACTED: ReadonlySet<FailureReason> = new Set(['timeout', 'broken-answer', 'server-error'])

/**
 * The catalogue's code for a failed call. A create after which the record may exist has its own code, because what
 * follows is a look-up and not a repetition (sync-rules §10.1).
 */
export function problemOfFailure(reason: FailureReason, action: 'read' | 'create' | 'update'): ProblemCode {
  return action === 'create' && MAY_HAVE_ACTED.has(reason) ? problemCodes.answerLost : BY_REASON[reason]
}
