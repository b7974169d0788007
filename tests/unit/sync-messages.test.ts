import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { displayText } from '#lib/sync/display-text'
import type { LogEntry } from '#lib/sync/log-entry'
import * as messages from '#lib/sync/messages'
import type { FailureReason } from '#lib/sync/ports'
import { PROBLEMS, problemCodes, problemOfFailure } from '#lib/sync/problems'
import * as runMessages from '#lib/sync/run-messages'

const names = { erp: 'Ledger', crm: 'Pursuit' }
const subject = { type: 'client' as const, erpKey: '7', erpName: 'Acme', crmId: 'F7' }
const warning = { code: problemCodes.valueCut, field: 'Name', label: 'Name', value: 'a long value' }
/** A run about all records. */
const whole = { scope: null, sourceRunId: null }
const options = {
  mapUnsynced: true,
  whenNoMatch: 'create',
  includeClosed: true,
  allBatches: true,
  historicalConsultants: true,
  preview: true,
} as const

describe('methods (§11)', () => {
  it.each([
    ['synchronize', 'Synchronize'],
    [{ map: 'project' }, 'Map Project'],
    ['remove-mapping', 'Remove Mapping'],
    [{ crmAdd: 'project' }, 'Pursuit Add Project'],
    [{ crmAdd: 'client' }, 'Pursuit Add Firm'],
    [{ crmUpdate: 'contact' }, 'Pursuit Update Contact'],
    [{ erpAdd: 'client' }, 'Ledger Add Client'],
    [{ erpUpdate: 'project' }, 'Ledger Update Project'],
  ] as const)('%j is %s', (event, method) => {
    expect(messages.methodName(event, names)).toBe(method)
  })
})

const change = { field: 'Status', label: 'Status', from: 'D', to: 'A', reason: 'crm-overwritten' } as const

const lines: [string, LogEntry, RegExp][] = [
  [
    'mapped',
    messages.mappedMessage(names, 'client', { ...subject, crmName: 'ACME', turnSyncOn: false }),
    /^Client “Acme” \(7\) was mapped to Pursuit firm “ACME” \(F7\)/,
  ],
  [
    'mapped and turned on',
    messages.mappedMessage(names, 'project', { ...subject, crmName: 'ACME', turnSyncOn: true }),
    /Sync to CRM is turned on/,
  ],
  ['no match', messages.noMatchMessage(names, 'project', subject), /no match.*pair the record by hand/i],
  [
    'ambiguous',
    messages.ambiguousMessage(
      names,
      'client',
      { name: 'Acme', erpKeys: ['7', '8'], crmIds: ['F1', 'F2'] },
      new Map([['8', 'ACME']]),
    ),
    /“Acme” \(7\), “ACME” \(8\).*F1, F2/,
  ],
  ['turned on', messages.syncTurnedOnMessage(names, subject), /Sync to CRM was turned on in Ledger/],
  [
    'flag refused once',
    messages.flagNotWrittenMessage(names, 'Not permitted'),
    /^Sync to CRM could not be turned on in Ledger: Not permitted\./,
  ],
  ['flag refused for one', messages.flagNotWrittenMessage(names, 'Locked.', subject), /^Project “Acme” \(7\): /],
  ['totals', messages.totalsUnreadMessage(names, '7', 'Too slow.'), /^The totals of project 7 .* Too slow\./],
  [
    'updated',
    messages.updatedMessage(names, subject, [change]),
    /updated in Pursuit \(F7\): Status\. Overwritten, because Ledger wins: Status was “D”, is “A”\./,
  ],
  ['created', messages.createdMessage(names, subject), /was created in Pursuit \(F7\)/],
  ['adopted', messages.adoptedMessage(names, subject), /not sent again/],
  [
    'no last name',
    messages.noLastNameMessage(names, { ...subject, type: 'contact' }),
    /no last name.*Enter the last name in Ledger/,
  ],
  [
    'failed with a reason',
    messages.failedMessage(names, subject, { action: 'update', code: 'CW-1118', reason: 'Zip is wrong' }),
    /could not be updated in Pursuit \(F7\): Zip is wrong\. Correct the record in Ledger/,
  ],
  [
    'number required',
    messages.failedMessage(
      names,
      { ...subject, type: 'project', crmId: null },
      { action: 'create', code: 'CW-1112', reason: null },
    ),
    /has no ID in Ledger, and Pursuit does not number/,
  ],
  [
    'warning',
    messages.warningMessage(names, subject, warning),
    /Name “a long value” is longer than Pursuit allows and was cut\. Shorten/,
  ],
  [
    'started',
    runMessages.messageRunStarted(
      { trigger: 'manual', startedBy: 'ann@firm.example', options, continuesBacklogOf: 'R1', ...whole },
      names,
    ),
    /by ann@firm\.example .*backlog of run R1 .*map unsynced Ledger projects.*consultants to Pursuit;.*preview only\.$/,
  ],
  [
    'started by the schedule',
    runMessages.messageRunStarted(
      {
        trigger: 'automatic',
        startedBy: null,
        options: {
          mapUnsynced: false,
          whenNoMatch: 'leave',
          includeClosed: false,
          allBatches: false,
          preview: false,
        },
        continuesBacklogOf: null,
        ...whole,
      },
      names,
    ),
    /^The sync was started by the schedule\. Options: none\.$/,
  ],
  [
    'started again for what failed',
    runMessages.messageRunStarted(
      {
        trigger: 'manual',
        startedBy: 'ann@firm.example',
        options: { ...options, mapUnsynced: false, historicalConsultants: false, preview: false },
        continuesBacklogOf: null,
        scope: { contact: { erp: ['1'], crm: [] }, project: { erp: ['4', '5'], crm: ['P-9'] } },
        sourceRunId: 'R7',
      },
      names,
    ),
    /by ann@firm\.example for 1 contact and 3 projects and no other record\. They failed in run R7\. Options: sync closed projects\.$/,
  ],
  [
    'started for one record',
    runMessages.messageRunStarted(
      {
        trigger: 'manual',
        startedBy: 'ann@firm.example',
        options: { ...options, mapUnsynced: false, historicalConsultants: false, preview: false },
        continuesBacklogOf: null,
        scope: { project: { erp: ['1042'], crm: [] } },
        sourceRunId: null,
      },
      names,
    ),
    /for the Ledger project 1042 and no other record\. Options: sync closed projects\.$/,
  ],
  ['resumed', runMessages.messageRunResumed('match'), /taken up again/],
  [
    'finding',
    runMessages.messagePreflightFinding(
      { check: 'clock', side: 'crm', level: 'warning', message: 'Two minutes off.' },
      names,
    ),
    /^Pursuit: Two minutes off\.$/,
  ],
  [
    'failed run',
    runMessages.messageRunClosed({
      status: 'failed',
      remainingProjects: 0,
      batchSize: 500,
      failure: 'Pursuit is down.',
      failureCode: null,
      cancelledBy: null,
    }),
    /^Pursuit is down\.$/,
  ],
  [
    'cancelled run',
    runMessages.messageRunClosed({
      status: 'cancelled',
      remainingProjects: 3,
      batchSize: 500,
      failure: null,
      failureCode: null,
      cancelledBy: 'Ann',
    }),
    /cancelled by Ann/,
  ],
]

describe('lines of the log (§11)', () => {
  it.each(lines)('%s', (_, line, pattern) => {
    expect(line.message).toMatch(pattern)
    expect(line.message).toMatch(/[.)]$/)
    expect(line.message).not.toMatch(/undefined|\bnull\b|the ERP|the CRM|\s{2}/i)
    // Every error and warning has a code, and only they have.
    expect(line.code === null).toBe(line.severity === 'info')
  })

  it('a run of one batch has no batch line (§6.4, §13.12)', () => {
    expect(runMessages.messageBatchCompleted(1, 1, 12)).toBeNull()
    expect(runMessages.messageBatchCompleted(2, 2, 12)?.message).toBe('Batch 2 of 2 completed: 12 projects.')
  })

  it('the last line of a finished run is exactly Sync Completed (§6.3)', () => {
    const run = { remainingProjects: 0, batchSize: 500, failure: null, failureCode: null, cancelledBy: null }
    expect(runMessages.messageRunClosed({ ...run, status: 'completed' })).toMatchObject({
      message: 'Sync Completed',
      severity: 'info',
    })
  })

  it('a finding keeps the severity the check gave it', () => {
    const finding = { check: 'external-key', side: 'crm', message: 'Missing.' } as const
    expect(runMessages.messagePreflightFinding({ ...finding, level: 'error' }, names).severity).toBe('error')
    expect(runMessages.messagePreflightFinding({ ...finding, level: 'ok' }, names)).toMatchObject({
      severity: 'info',
      code: null,
    })
  })

  it.each(Object.values(problemCodes).filter((code) => code.startsWith('CW-13')))(
    'warning %s says what became of the value',
    (code) => {
      const { message } = messages.warningMessage(names, subject, { ...warning, code }, 'create')
      expect(message).toContain('“a long value”')
    },
  )
})

describe('names in messages', () => {
  it('cannot hide or turn what stands around them', () => {
    const name = 'Evil\u202E\u2066txt.exe\u0000\u001B[31m\u200B\r\nForged line'
    const { message, erpName } = messages.createdMessage(names, { ...subject, erpName: name })
    expect(message).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069\u200B]/u)
    expect(erpName).not.toMatch(/\p{Cc}/u)
  })

  it('keep the joiners that words and emoji need', () => {
    expect(displayText('می\u200Cخواهم 👨\u200D👩')).toBe('می\u200Cخواهم 👨\u200D👩')
  })

  it('are shortened between code points', () => {
    expect(displayText('🏠'.repeat(200), 10)).toBe(`${'🏠'.repeat(9)}…`)
  })
})

describe('the catalogue', () => {
  it('files every problem under its own code, with cause and fix (§11)', () => {
    for (const [code, problem] of Object.entries(PROBLEMS)) {
      expect(problem.code).toBe(code)
      expect(code).toMatch(/^CW-1\d{3}$/)
      for (const text of [problem.cause, problem.fix]) expect(text).toMatch(/^[A-Z].*\.$/)
    }
  })

  it('a create whose answer may be lost has its own code', () => {
    const reasons: FailureReason[] = ['timeout', 'broken-answer', 'server-error']
    for (const reason of reasons) {
      expect(problemOfFailure(reason, 'create')).toBe(problemCodes.answerLost)
      expect(problemOfFailure(reason, 'update')).not.toBe(problemCodes.answerLost)
    }
    expect(problemOfFailure('number-required', 'create')).toBe(problemCodes.numberRequired)
  })
})

describe('the rules', () => {
  it('name no product outside comments and import nothing from outside their folder but the reader of cron expressions', () => {
    const folder = new URL('../../lib/sync/', import.meta.url)
    for (const file of readdirSync(folder)) {
      const code = readFileSync(new URL(file, folder), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      expect(`${file}: ${/ajera|vantagepoint/i.exec(code)?.[0]}`).toBe(`${file}: undefined`)
      for (const [, from] of code.matchAll(/from '([^']+)'/g)) expect(from).toMatch(/^(\.\/[a-z-]+\.ts|cron-parser)$/)
    }
  })
})
