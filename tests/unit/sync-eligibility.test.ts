import { describe, expect, it } from 'vitest'
import {
  type AfterRemoval,
  createEligibility,
  isMatchCandidate,
  type RunOptions,
  sendEligibility,
  turnsSyncOn,
  type UnmappedRecord,
} from '#lib/sync/eligibility'
import { RECORD_TYPES } from '#lib/sync/records'

const BOTH = [false, true]
const none: RunOptions = {
  mapUnsynced: false,
  whenNoMatch: 'leave',
  includeClosed: false,
  allBatches: false,
  preview: false,
}

type Unmapped = UnmappedRecord & { lastName: string | null; afterRemoval: AfterRemoval }

function project(switches: Partial<Unmapped> = {}): Unmapped {
  const off = { syncToCrm: false, createInCrm: false, closed: false, lastName: null, afterRemoval: null }
  return { type: 'project', ...off, ...switches }
}

/** Every combination of a project's three switches, the first-time rule and the three options that matter. */
const worlds = BOTH.flatMap((syncToCrm) =>
  BOTH.flatMap((createInCrm) =>
    BOTH.flatMap((closed) =>
      BOTH.flatMap((firstTime) =>
        BOTH.flatMap((mapUnsynced) =>
          BOTH.flatMap((includeClosed) =>
            (['leave', 'create'] as const).map((whenNoMatch) => ({
              record: project({ syncToCrm, createInCrm, closed }),
              run: { firstTime, options: { ...none, mapUnsynced, includeClosed, whenNoMatch } },
            })),
          ),
        ),
      ),
    ),
  ),
)

describe('who is matched', () => {
  it('in a first run every project, flagged or not, closed too (§4.1)', () => {
    for (const { record } of worlds) expect(isMatchCandidate(record, { firstTime: true, options: none })).toBe(true)
  })

  it('later the flagged ones, and the others with the option (§4.2, §4.3)', () => {
    for (const { record, run } of worlds.filter((world) => !world.run.firstTime)) {
      expect(isMatchCandidate(record, run)).toBe(record.syncToCrm || run.options.mapUnsynced)
    }
  })

  it('Create in CRM alone is no reason to match (§13.14)', () => {
    expect(isMatchCandidate(project({ createInCrm: true }), { firstTime: false, options: none })).toBe(false)
  })

  it('clients, contacts and employees always', () => {
    for (const type of RECORD_TYPES.filter((one) => one !== 'project')) {
      expect(isMatchCandidate(project({ type }), { firstTime: false, options: none })).toBe(true)
    }
  })

  it('a match turns Sync to CRM on exactly with the option and where it is off (§4.3)', () => {
    for (const { record, run } of worlds) {
      expect(turnsSyncOn(record, run)).toBe(run.options.mapUnsynced && !record.syncToCrm)
    }
    expect(turnsSyncOn(project({ type: 'client' }), { firstTime: true, options: { ...none, mapUnsynced: true } })).toBe(
      false,
    )
  })
})

describe('what is sent', () => {
  it.each([
    [true, false, false, 'eligible'],
    [true, false, true, 'eligible'],
    [true, true, false, 'closed'],
    [true, true, true, 'eligible'],
    [false, false, false, 'not-set-to-sync'],
    [false, false, true, 'not-set-to-sync'],
    [false, true, false, 'not-set-to-sync'],
    [false, true, true, 'not-set-to-sync'],
  ] as const)(
    'sync on %s, closed %s, option %s: %s (§5.1, §5.2, §13.15)',
    (syncOn, closed, includeClosed, expected) => {
      expect(sendEligibility({ type: 'project', syncOn, closed }, { ...none, includeClosed })).toBe(expected)
    },
  )

  it('clients, contacts and employees have no switch', () => {
    expect(sendEligibility({ type: 'contact', syncOn: false, closed: true }, none)).toBe('eligible')
  })
})

describe('what is created', () => {
  it('an ambiguous record never (§13.2)', () => {
    for (const { record, run } of worlds) expect(createEligibility(record, 'ambiguous', run)).toBe('ambiguous')
    expect(createEligibility(project({ type: 'client' }), 'ambiguous', { firstTime: false, options: none })).toBe(
      'ambiguous',
    )
  })

  it('a project marked Create in CRM always, closed or not, flagged or not (§8.8, §13.14)', () => {
    for (const { record, run } of worlds.filter((world) => world.record.createInCrm)) {
      expect(createEligibility(record, 'unmatched', run)).toBe('create')
    }
  })

  it('any other project only with both options, a closed one only with the third (§4.8)', () => {
    for (const { record, run } of worlds.filter((world) => !world.record.createInCrm)) {
      const { mapUnsynced, whenNoMatch, includeClosed } = run.options
      const created = mapUnsynced && whenNoMatch === 'create' && (!record.closed || includeClosed)
      expect(createEligibility(record, 'unmatched', run) === 'create').toBe(created)
    }
  })

  it('says why not (§4.8)', () => {
    const later = { firstTime: false, options: none }
    const creating: RunOptions = { ...none, mapUnsynced: true, whenNoMatch: 'create' }
    expect(createEligibility(project({ syncToCrm: true }), 'unmatched', later)).toBe('no-match')
    expect(createEligibility(project(), 'unmatched', later)).toBe('not-set-to-sync')
    expect(createEligibility(project(), 'unmatched', { firstTime: true, options: none })).toBe('no-match')
    expect(createEligibility(project({ closed: true }), 'unmatched', { ...later, options: creating })).toBe('closed')
  })

  it('what the CRM has lost is not created again by itself, in whatever run (§8.4)', () => {
    for (const { record, run } of worlds) {
      expect(createEligibility({ ...record, afterRemoval: 'waits' }, 'unmatched', run)).toBe('removed-in-crm')
    }
    for (const type of RECORD_TYPES) {
      const lost = project({ type, lastName: 'Okafor', createInCrm: true, afterRemoval: 'waits' })
      expect(createEligibility(lost, 'unmatched', { firstTime: true, options: none })).toBe('removed-in-crm')
    }
  })

  it('a person may have it created again, whatever its switches and the options of the run; ambiguous never (§8.4)', () => {
    for (const { record, run } of worlds) {
      const wanted = { ...record, afterRemoval: 'create-again' as const }
      expect(createEligibility(wanted, 'unmatched', run)).toBe('create')
      expect(createEligibility(wanted, 'ambiguous', run)).toBe('ambiguous')
    }
    const contact = project({ type: 'contact', afterRemoval: 'create-again' })
    expect(createEligibility(contact, 'unmatched', { firstTime: false, options: none })).toBe('no-last-name')
  })

  it('unmatched clients and employees, and contacts with a last name (§13.2)', () => {
    const run = { firstTime: false, options: none }
    expect(createEligibility(project({ type: 'client' }), 'unmatched', run)).toBe('create')
    expect(createEligibility(project({ type: 'employee' }), 'unmatched', run)).toBe('create')
    expect(createEligibility({ ...project({ type: 'contact' }), lastName: 'Okafor' }, 'unmatched', run)).toBe('create')
    for (const lastName of [null, '', ' \u00A0']) {
      expect(createEligibility({ ...project({ type: 'contact' }), lastName }, 'unmatched', run)).toBe('no-last-name')
    }
  })
})
