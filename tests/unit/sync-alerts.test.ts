import { describe, expect, it } from 'vitest'
import { ALERT_WORDS, textOfBreak, textOfDigest, textOfRecovery } from '#lib/sync/alert-words'
import { ALERT_KINDS, type AlertKind, alertsAfterRun, alertsWhenGoingOn, type EndedRun } from '#lib/sync/alerts'
import { type ProblemCode, problemCodes, problemOfFailure } from '#lib/sync/problems'

const NAMES = { erp: 'Ajera', crm: 'Vantagepoint' }
const RUN: EndedRun = {
  kind: 'sync',
  status: 'completed',
  failure: null,
  preflightPassed: true,
  recordErrors: 0,
  remainingProjects: 0,
  drift: [],
  driftPercent: 5,
}

function saidBy(run: Partial<EndedRun>): { opened: AlertKind[]; recovered: AlertKind[] } {
  const { opened, recovered } = alertsAfterRun({ ...RUN, ...run }, NAMES)
  return { opened: opened.map(({ kind }) => kind), recovered: recovered.map(({ kind }) => kind).sort() }
}

function failed(code: ProblemCode) {
  return { status: 'failed', failure: { code, message: 'It stopped.' } } as const
}

describe('what a run’s end opens and what it shows to be over', () => {
  it('a sync that ends well ends everything that a sync can', () => {
    expect(saidBy({})).toEqual({
      opened: [],
      recovered: [
        'backlog_waiting',
        'brake_pulled',
        'credentials_refused',
        'finished_with_errors',
        'run_failed',
        'waiting_for_system',
      ],
    })
  })

  it.each([
    [problemCodes.runBroke, 'run_failed'],
    [problemCodes.waitedTooLong, 'run_failed'],
    [problemCodes.brakePulled, 'brake_pulled'],
    [problemCodes.signInRefusedAtCheck, 'credentials_refused'],
    [problemOfFailure('sign-in-refused', 'read'), 'credentials_refused'],
    [problemOfFailure('session-lost', 'read'), 'run_failed'],
  ] as const)('a sync that failed with %s opens %s and nothing else', (code, kind) => {
    expect(saidBy(failed(code)).opened).toEqual([kind])
  })

  it('a failed sync that was let in shows that the sign-in is accepted, and nothing else', () => {
    expect(saidBy(failed(problemCodes.runBroke)).recovered).toEqual(['credentials_refused'])
    expect(saidBy({ ...failed(problemCodes.runBroke), preflightPassed: false }).recovered).toEqual([])
    expect(saidBy(failed(problemCodes.signInRefusedAtCheck)).recovered).toEqual([])
  })

  it.each(['sync', 'preview', 'apply', 'retry', 'undo', 'reconcile'] as const)(
    'a cancelled %s says nothing',
    (kind) => {
      const drift = [{ type: 'project', compared: 10, differing: 10 }] as const
      expect(saidBy({ kind, status: 'cancelled', recordErrors: 3, remainingProjects: 9, drift })).toEqual({
        opened: [],
        recovered: [],
      })
    },
  )

  it('a preview opens nothing, and shows no more than that both systems let it in', () => {
    expect(saidBy({ kind: 'preview', ...failed(problemCodes.runBroke) }).opened).toEqual([])
    const previewed = saidBy({ kind: 'preview', status: 'previewed', remainingProjects: 40 })
    expect(previewed).toEqual({ opened: [], recovered: ['credentials_refused', 'waiting_for_system'] })
  })

  it('errors and a backlog are told side by side', () => {
    const { opened, recovered } = saidBy({ status: 'more_batches', recordErrors: 2, remainingProjects: 40 })
    expect(opened).toEqual(['finished_with_errors', 'backlog_waiting'])
    expect(recovered).not.toContain('backlog_waiting')
    expect(recovered).not.toContain('finished_with_errors')
  })

  it('a batch without errors does not end what an earlier batch of the same backlog has opened', () => {
    expect(saidBy({ status: 'more_batches', remainingProjects: 1 }).recovered).not.toContain('finished_with_errors')
  })

  it.each(['retry', 'undo'] as const)('a %s with errors opens nothing; its failing does', (kind) => {
    expect(saidBy({ kind, status: 'completed_with_errors', recordErrors: 1 }).opened).toEqual([])
    expect(saidBy({ kind, ...failed(problemCodes.runBroke) }).opened).toEqual(['run_failed'])
  })

  it.each(['retry', 'undo', 'apply'] as const)('a %s that ends well says nothing of all the records', (kind) => {
    expect(saidBy({ kind }).recovered).toEqual(['credentials_refused', 'run_failed', 'waiting_for_system'])
  })

  it('an applied plan tells of the records that failed', () => {
    expect(saidBy({ kind: 'apply', status: 'completed_with_errors', recordErrors: 1 }).opened).toEqual([
      'finished_with_errors',
    ])
  })
})

describe('drift', () => {
  const comparison = { kind: 'reconcile', status: 'previewed' } as const

  it('is told by the type that differs most, with both numbers', () => {
    const drift = [
      { type: 'client', compared: 10, differing: 1 },
      { type: 'project', compared: 200, differing: 30 },
    ] as const
    const { opened } = alertsAfterRun({ ...RUN, ...comparison, drift }, NAMES)
    expect(opened.map(({ message }) => message)).toEqual([
      'Ajera and Vantagepoint differ in 30 project pairs of 200 (15.0 %); the limit is 5 %.',
    ])
  })

  it.each([
    [5, false],
    [6, true],
  ])('of 100 pairs with a limit of 5 per cent, %i differing ones open it: %s', (differing, opens) => {
    const drift = [{ type: 'project', compared: 100, differing }] as const
    const result = saidBy({ ...comparison, drift })
    expect(result.opened.includes('drift')).toBe(opens)
    expect(result.recovered.includes('drift')).toBe(!opens)
  })

  it('is neither opened nor ended where nothing could be compared, nor by a run of another kind', () => {
    const none = saidBy({ ...comparison, drift: [{ type: 'project', compared: 0, differing: 0 }] })
    expect([...none.opened, ...none.recovered]).not.toContain('drift')
    expect(saidBy({ drift: [{ type: 'project', compared: 10, differing: 9 }] }).opened).toEqual([])
  })

  it('a comparison that ends well does not end the alert of a failed sync', () => {
    expect(saidBy(comparison).recovered).not.toContain('run_failed')
  })
})

describe('the words of a message', () => {
  const place = { connection: 'Firm A', names: NAMES }

  it('the subject names the connection, the body says what happened, why and what to do', () => {
    const text = textOfBreak({ kind: 'run_failed', message: 'Ajera stayed away.', code: 'CW-1016' }, place)
    expect(text.subject).toBe('Crosswalk: the sync of Firm A failed')
    expect(text.body).toMatch(/^Ajera stayed away\.\n\nWhy: A system did not answer/)
    expect(text.body).toContain('\n\nWhat to do: Have the system brought back')
  })

  it('the recovery repeats what had been told, and since when', () => {
    const before = { message: 'Ajera stayed away.', openedAt: new Date('2026-11-26T02:30:00Z') }
    const text = textOfRecovery({ kind: 'run_failed', message: 'A run has ended well again.' }, before, place)
    expect(text.subject).toBe('Crosswalk: the sync of Firm A works again')
    expect(text.body).toBe('A run has ended well again.\n\nWhat had been told 2026-11-26 02:30 UTC: Ajera stayed away.')
  })

  it.each(ALERT_KINDS)('%s: whatever breaks and ends is told in whole sentences', (kind) => {
    const { cause, fix, help } = ALERT_WORDS[kind]
    for (const sentence of [cause, fix, help]) expect(sentence).toMatch(/^[A-Z].*\.$/)
    expect(textOfBreak({ kind, message: 'It broke.', code: null }, place).subject).not.toMatch(/[\r\n]/)
  })

  it('a connection’s name cannot add a line to the subject', () => {
    const text = textOfBreak({ kind: 'drift', message: 'M.', code: null }, { ...place, connection: 'A\r\nBcc: x@y.z' })
    expect(text.subject).not.toMatch(/[\r\n]/)
  })

  it('every recovered kind of a wait that is over has a sentence', () => {
    for (const { message } of alertsWhenGoingOn(NAMES).recovered) expect(message).toMatch(/^[A-Z].*\.$/)
  })
})

describe('the digest', () => {
  const alert = {
    connection: 'Firm A',
    kind: 'run_failed',
    message: 'Ajera stayed away.',
    openedAt: new Date('2026-11-26T02:30:00Z'),
    recoveredAt: null,
    isNew: true,
  } as const

  it('has nothing to tell on a day without alerts', () => {
    expect(textOfDigest([])).toBeNull()
  })

  it('lists what broke, what is still open and what is over, in that order', () => {
    const text = textOfDigest([
      { ...alert, recoveredAt: new Date('2026-11-26T03:30:00Z') },
      { ...alert, kind: 'backlog_waiting', isNew: false },
      { ...alert, kind: 'drift' },
    ])
    expect(text?.subject).toBe('Crosswalk: the day in short, 1 new, 1 still open, 1 over')
    expect(text?.body.match(/^(What broke|Still open|Over):$/gm)).toEqual(['What broke:', 'Still open:', 'Over:'])
    expect(text?.body).toContain('(since 2026-11-26 02:30 UTC, over since 2026-11-26 03:30 UTC)')
  })
})
