import { describe, expect, it } from 'vitest'
import { problemCodes } from '#lib/sync/problems'
import type { WhyFacts, WhyItem, WhyPair, WhyRun } from '#lib/sync/why'
import { explainWhy } from '#lib/sync/why-words'
import { planOf } from '../support/sync-records.ts'

const RUN: WhyRun = {
  id: 'run-1',
  kind: 'sync',
  status: 'completed',
  options: { mapUnsynced: false, whenNoMatch: 'leave', includeClosed: false, allBatches: false, preview: false },
  firstTime: false,
  decidedType: true,
  remainingProjects: 0,
  remainingRuns: 0,
  message: 'Sync Completed',
}
const BACKLOG = { ...RUN, status: 'more_batches' as const, remainingProjects: 1100, remainingRuns: 3 }

const PAIR: WhyPair = {
  crmName: 'Town Hall',
  syncOn: true,
  isOfRun: false,
  pairedSinceBy: null,
  failedInDrain: false,
  pinnedDifferences: [],
  openConflicts: [],
  decidedConflicts: [],
}
const ERP = {
  type: 'project' as const,
  syncToCrm: true,
  createInCrm: false,
  closed: false,
  lastName: null,
  afterRemoval: null,
}
const AGREED = planOf('project', {
  erp: { Description: 'Town Hall', Notes: 'a' },
  crm: { Name: 'Town Hall', Memo: 'a' },
  base: { Name: 'Town Hall', Memo: 'a' },
})
const TO_SEND = planOf('project', {
  erp: { Description: 'Town Hall', Notes: 'b' },
  crm: { Name: 'Town Hall', Memo: 'a' },
  base: { Name: 'Town Hall', Memo: 'a' },
})
const TO_TAKE = planOf('project', {
  erp: { Description: 'Town Hall', Notes: 'a' },
  crm: { Name: 'Town Hall', Memo: 'c' },
  base: { Name: 'Town Hall', Memo: 'a' },
})
const UNRESOLVED = planOf('project', {
  erp: { Description: 'Town Hall', ClientKey: '7' },
  crm: { Name: 'Town Hall', ClientID: null },
  base: { Name: 'Town Hall' },
})

/** A pair that the last sync found unchanged, unless told. */
function facts(more: Partial<WhyFacts> = {}): WhyFacts {
  return {
    names: { erp: 'Ajera', crm: 'Vantagepoint' },
    subject: { type: 'project', erpKey: '1042', erpName: 'Town Hall', crmId: '2021-014' },
    run: RUN,
    items: [],
    erp: ERP,
    crm: { syncFlag: true, isGone: false },
    pair: PAIR,
    removed: null,
    finding: null,
    plan: AGREED,
    isUnanswered: false,
    ...more,
  }
}

function unpaired(more: Partial<WhyFacts> = {}): WhyFacts {
  const subject = { ...facts().subject, crmId: null }
  return facts({ pair: null, plan: null, crm: null, subject, ...more })
}

function item(more: Partial<WhyItem> = {}): WhyItem {
  return { direction: 'to_crm', outcome: 'updated', code: null, message: null, changes: [], ...more }
}

const change = (label: string) => ({ field: label, label, from: null, to: 'x', reason: 'erp-changed' as const })

/** What is asked of every sentence: it names the record and ends. */
function expectWhy(given: WhyFacts, reason: string, ...words: (string | RegExp)[]) {
  const why = explainWhy(given)
  expect(why.reason).toBe(reason)
  expect(why.sentence).toContain('“Town Hall” (1042)')
  expect(why.sentence).toMatch(/[.!?]$/)
  expect(why.sentence).not.toMatch(/undefined|null|\.\.|\s\s/)
  for (const word of words) expect(why.sentence).toMatch(word)
  return why
}

describe('what the last run did with the record', () => {
  it('created it', () => {
    expectWhy(
      facts({ items: [item({ outcome: 'created' })] }),
      'created',
      /created in Vantagepoint \(2021-014\) by the last sync/,
    )
  })

  it('updated it, with the fields', () => {
    const items = [item({ changes: [change('Fee'), change('Status')] })]
    expectWhy(facts({ items }), 'updated', /updated in Vantagepoint \(2021-014\): Fee and Status by the last sync/)
  })

  it('updated both sides: both are told', () => {
    const items = [item({ changes: [change('Fee')] }), item({ direction: 'to_erp', changes: [change('Notes')] })]
    expectWhy(facts({ items }), 'updated', /Vantagepoint \(2021-014\): Fee, and updated in Ajera: Notes/)
  })

  it('failed: the message of the run with its code', () => {
    const message = 'Project “Town Hall” (1042) could not be updated in Vantagepoint: refused. Correct it.'
    const items = [item({ outcome: 'failed', code: 'CW-1118', message }), item({ direction: 'to_erp' })]
    const why = expectWhy(facts({ items }), 'failed', message.slice(0, 40))
    expect(why.code).toBe('CW-1118')
  })

  it('failed without a message: cause and fix of the catalogue', () => {
    expectWhy(
      facts({ items: [item({ outcome: 'failed', code: 'CW-1402' })] }),
      'failed',
      /belongs to another/,
      /Give one/,
    )
    expectWhy(facts({ items: [item({ outcome: 'failed' })] }), 'failed', /log/)
  })

  it('stopped before it came to it', () => {
    const run = { ...RUN, status: 'failed' as const, message: 'Vantagepoint did not answer.' }
    expectWhy(
      facts({ run, items: [item({ outcome: 'notReached' })] }),
      'notReached',
      /Vantagepoint did not answer\. Start/,
    )
  })

  it('left it out, with the reason it gave or its own', () => {
    const message = 'Project “Town Hall” (1042) was left as it is: it has changed since the plan was made.'
    const run = { ...RUN, kind: 'apply' as const }
    expectWhy(facts({ run, items: [item({ outcome: 'skipped', message })] }), 'skipped', /since the plan/)
    expectWhy(facts({ items: [item({ outcome: 'skipped' })] }), 'skipped', /its pair was changed/)
  })

  it('has no answer yet: it is looked up before anything is sent again (§10.1)', () => {
    expectWhy(unpaired({ items: [item({ outcome: null })] }), 'unanswered', /looks it up in Vantagepoint/)
    expectWhy(unpaired({ isUnanswered: true }), 'unanswered')
  })

  it.each([
    ['retry', 'the retry'],
    ['apply', 'the approved plan'],
    ['undo', 'the undo'],
  ] as const)('in a run of kind %s the sentence says so', (kind, words) => {
    expectWhy(facts({ run: { ...RUN, kind }, items: [item()] }), 'updated', new RegExp(`by ${words}\\.$`))
  })
})

describe('what people did since', () => {
  it('no sync has finished yet', () => {
    expectWhy(unpaired({ run: null }), 'no-run', /Start one/)
  })

  it('paired it', () => {
    const pair = { ...PAIR, pairedSinceBy: 'ann@example.com' }
    expectWhy(
      facts({ pair, items: [] }),
      'paired-since',
      /by ann@example\.com after the last sync/,
      /sends what differs/,
    )
    expectWhy(facts({ pair: { ...pair, syncOn: false } }), 'paired-since', /Sync to CRM is off/)
    expectWhy(facts({ pair, run: null }), 'paired-since')
  })

  it('unpaired it, although the run had written it', () => {
    const removed = { crmId: 'P-1', crmName: 'Old', cause: 'Unpaired by hand.', by: 'ann@example.com', sinceRun: true }
    expectWhy(
      unpaired({ removed, items: [item()] }),
      'unpaired-since',
      /taken off by ann@example\.com\. Unpaired by hand\./,
    )
  })

  it('decided its conflict: the next sync carries it out (§7.2)', () => {
    const pair = { ...PAIR, decidedConflicts: ['Notes'] }
    expectWhy(facts({ pair }), 'decided', /Notes\. The next sync/)
    expectWhy(facts({ pair, items: [item({ outcome: 'conflict' })] }), 'decided')
  })

  it('settled its conflict by a pin: what was a conflict in the run is none any more', () => {
    const pair = { ...PAIR, pinnedDifferences: ['Notes'] }
    expectWhy(facts({ pair, items: [item({ outcome: 'conflict' })] }), 'pinned', /Notes, which a person has pinned/)
  })
})

describe('a pair with nothing to write in the last run', () => {
  it('waits for a person where both sides changed a field (§7.2)', () => {
    const pair = { ...PAIR, openConflicts: ['Notes', 'Phone'] }
    for (const items of [[], [item({ outcome: 'conflict' as const })]]) {
      const why = expectWhy(
        facts({ pair, items }),
        'conflict',
        /Notes and Phone were changed in Ajera and in Vantagepoint/,
      )
      expect(why.code).toBe(problemCodes.conflictOpen)
    }
  })

  it('is not set to sync (§5.1)', () => {
    expectWhy(
      facts({ pair: { ...PAIR, syncOn: false } }),
      'not-set-to-sync',
      /Sync to CRM is off for it\. Turn it on in Ajera\./,
    )
  })

  it('is closed (§5.2), unless the run asked for closed projects', () => {
    const erp = { ...ERP, closed: true }
    expectWhy(facts({ erp }), 'closed', /Start a sync with Sync closed projects/)
    const run = { ...RUN, options: { ...RUN.options, includeClosed: true } }
    expectWhy(facts({ erp, run }), 'unchanged')
  })

  it('waits for a later batch (§6.1)', () => {
    expectWhy(facts({ run: BACKLOG, plan: TO_SEND }), 'waits-for-batch', /1100 projects are left/, /3 more times/)
    expectWhy(facts({ run: BACKLOG, plan: null }), 'waits-for-batch')
  })

  it('failed in an earlier batch of the same drain (§6.5)', () => {
    const pair = { ...PAIR, failedInDrain: true }
    expectWhy(facts({ run: BACKLOG, plan: TO_SEND, pair }), 'failed-in-this-drain', /tried again after that/)
  })

  it('was changed in the CRM and waits for the way back, which waits for the backlog (§6.2)', () => {
    expectWhy(facts({ plan: TO_TAKE }), 'waits-for-way-back', /changed in Vantagepoint \(Notes\)/, /next sync takes it/)
    expectWhy(facts({ plan: TO_TAKE, run: BACKLOG }), 'waits-for-backlog', /taken into Ajera once every batch/)
  })

  it('is due because what decides about it was changed since', () => {
    expectWhy(facts({ plan: TO_SEND }), 'due', /is due \(Notes\)/)
    expectWhy(facts({ plan: null }), 'due', /have not been compared yet/)
  })

  it('left a field out (§7.5)', () => {
    const why = expectWhy(facts({ plan: UNRESOLVED }), 'left-out', /Client “7”/, /not mapped/, /Everything else agrees/)
    expect(why.code).toBe(problemCodes.unmappedReference)
  })

  it('differs only where it is pinned', () => {
    expectWhy(facts({ pair: { ...PAIR, pinnedDifferences: ['Fee'] } }), 'pinned', /but for Fee/, /Unpin it/)
  })

  it('was paired by the run and agrees (§13.3)', () => {
    expectWhy(facts({ pair: { ...PAIR, isOfRun: true } }), 'mapped', /“Town Hall” \(2021-014\) in Vantagepoint/)
  })

  it('agrees', () => {
    expectWhy(facts(), 'unchanged', /agree in every mapped field/)
  })

  it('has lost one of its sides', () => {
    expectWhy(facts({ crm: { syncFlag: true, isGone: true } }), 'gone-in-crm', /Vantagepoint no longer has/)
    expectWhy(facts({ erp: null }), 'gone-in-erp', /Ajera no longer has/)
  })

  it('was not looked at, because the run stopped before', () => {
    const run = { ...RUN, status: 'failed' as const, decidedType: false, message: 'Ajera signs nobody in' }
    expectWhy(facts({ run }), 'run-stopped', /before it came to project records: Ajera signs nobody in\. Mend/)
    expectWhy(unpaired({ run }), 'run-stopped')
  })
})

describe('a record without a pair', () => {
  it('is not compared by name while it is not set to sync (§4.2)', () => {
    const erp = { ...ERP, syncToCrm: false }
    expectWhy(unpaired({ erp }), 'not-set-to-sync', /not compared/, /maps unsynced projects/)
  })

  it('has no match (§4.8)', () => {
    const why = expectWhy(
      unpaired({ finding: { kind: 'no_match', crmIds: [], erpKeys: ['1042'] } }),
      'no-match',
      /same name/,
    )
    expect(why.code).toBe(problemCodes.noMatch)
  })

  it('is ambiguous: all that share the name are told (§4.7)', () => {
    const finding = { kind: 'ambiguous' as const, crmIds: ['A', 'B'], erpKeys: ['1042', '1043'] }
    expectWhy(unpaired({ finding }), 'ambiguous', /Vantagepoint has A and B\./, /Ajera has it under 1043 too/)
  })

  it('is closed, and a run that creates leaves closed projects (§5.2)', () => {
    const run = { ...RUN, options: { ...RUN.options, mapUnsynced: true, whenNoMatch: 'create' as const } }
    expectWhy(unpaired({ erp: { ...ERP, closed: true }, run }), 'closed')
  })

  it('has no last name, which the CRM requires (fields.md)', () => {
    const subject = { type: 'contact' as const, erpKey: '1042', erpName: 'Town Hall', crmId: null }
    expectWhy(unpaired({ subject, erp: { ...ERP, type: 'contact', lastName: ' ' } }), 'no-last-name', /last name/)
  })

  it('is created next, or once the backlog is empty (§6.2, §8.8)', () => {
    const erp = { ...ERP, createInCrm: true }
    expectWhy(unpaired({ erp }), 'to-be-created', /not in Vantagepoint yet/)
    expectWhy(unpaired({ erp, run: BACKLOG }), 'waits-for-backlog', /created there once every batch is synced/)
  })

  it('waits for a person, because the CRM has lost what it was paired with (§8.4)', () => {
    const removed = { crmId: 'P-1', crmName: 'Old', cause: 'The CRM no longer has it.', by: 'sync', sinceRun: false }
    const erp = { ...ERP, createInCrm: true, afterRemoval: 'waits' as const }
    const why = expectWhy(unpaired({ erp, removed }), 'removed-in-crm', /not created again by itself/, /“Old” \(P-1\)/)
    expect(why.code).toBe(problemCodes.mappingRemoved)
    expectWhy(unpaired({ erp: { ...erp, afterRemoval: 'create-again' }, removed }), 'to-be-created')
  })

  it('says how it lost its pair', () => {
    const removed = {
      crmId: 'P-1',
      crmName: 'Old',
      cause: 'Vantagepoint no longer has it',
      by: 'sync',
      sinceRun: false,
    }
    const why = expectWhy(
      unpaired({ removed }),
      'no-match',
      /It had a pair: “Old” \(P-1\) was taken off by the sync\. Vantagepoint no longer has it\.$/,
    )
    expect(why.code).toBe(problemCodes.noMatch)
  })
})
