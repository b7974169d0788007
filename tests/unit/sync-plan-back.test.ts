import { describe, expect, it } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { UpdatePlan } from '#lib/sync/plan'
import type { Fields } from '#lib/sync/records'
import { crmRecord, entriesOf, erpRecord, lookups, planOf } from '../support/sync-records.ts'

const flag = entriesOf('project', 'AjeraSync')
const memoOf = (more: Partial<FieldMapEntry>) => entriesOf('project', 'Memo').map((entry) => ({ ...entry, ...more }))
const bothChanged = { erp: { Notes: 'b' }, crm: { Memo: 'c' }, base: { Memo: 'a' } }

/** Nothing goes to either side. */
function expectQuiet(plan: UpdatePlan): void {
  expect([plan.write, plan.erpWrite, plan.changes, plan.taken, plan.conflicts]).toEqual([{}, {}, [], {}, []])
}

describe('a change in the CRM', () => {
  it('of a shared field is taken: by ERP name, and it is the base when that is done (§7.2)', () => {
    const plan = planOf('project', { erp: { Notes: 'a' }, crm: { Memo: 'b' }, base: { Memo: 'a' } })
    expect(plan.write).toEqual({})
    expect(plan.erpWrite).toEqual({ Notes: 'b' })
    expect(plan.base).toEqual({ Memo: 'a' })
    expect(plan.taken).toEqual({ Memo: 'b' })
    expect(plan.settled).toBe(false)
    expect(plan.changes).toEqual([
      {
        field: 'Memo',
        label: 'Notes',
        side: 'erp',
        erpField: 'Notes',
        from: 'a',
        to: 'b',
        reason: 'crm-changed',
        base: 'a',
      },
    ])
  })

  it('of a field that the CRM owns is taken, whatever the ERP holds (§9)', () => {
    const entries = memoOf({ owner: 'crm' })
    expect(planOf('project', bothChanged, { entries }).erpWrite).toEqual({ Notes: 'c' })
    const crmOnly = { erp: { Notes: 'a' }, crm: { Memo: 'c' }, base: { Memo: 'a' } }
    expect(planOf('project', crmOnly, { entries }).erpWrite).toEqual({ Notes: 'c' })
  })

  it('is not what a new amount of zero is that nobody agreed on: it takes nothing away (§13.4)', () => {
    const entries = entriesOf('project', 'TotalProjectCost').map((entry) => ({ ...entry, owner: 'crm' as const }))
    const erp = { ConstructionCost: '12.50' }
    expectQuiet(planOf('project', { erp, crm: { TotalProjectCost: '0.0000' }, base: {} }, { entries }))
    const agreed = { erp, crm: { TotalProjectCost: '0.0000' }, base: { TotalProjectCost: '12.5' } }
    expect(planOf('project', agreed, { entries }).erpWrite).toEqual({ ConstructionCost: '0' })
  })

  it('that emptied a shared field empties the ERP, because the base was not empty (§7.7)', () => {
    const plan = planOf('project', { erp: { Notes: 'a' }, crm: { Memo: ' ' }, base: { Memo: 'a' } })
    expect(plan.erpWrite).toEqual({ Notes: null })
    expect(plan.taken).toEqual({ Memo: null })
  })

  it('that emptied a link does not empty the ERP: links are never cleared (§13.11)', () => {
    const entries = entriesOf('project', 'ProjMgr').map((entry) => ({ ...entry, owner: 'shared' as const }))
    const sides = { erp: { ProjectManager: '5' }, crm: { ProjMgr: null }, base: { ProjMgr: 'E5' } }
    expectQuiet(planOf('project', sides, { entries, lookups: lookups({ 'employee 5': 'E5' }) }))
  })

  it('to what the ERP has come to as well is agreed (§7.2)', () => {
    const plan = planOf('project', { erp: { Notes: 'c' }, crm: { Memo: 'c\r\n' }, base: { Memo: 'a' } })
    expectQuiet(plan)
    expect(plan.base).toEqual({ Memo: 'c' })
    expect(plan.settled).toBe(true)
  })

  it('of a pinned field is left alone, ever (§7.2)', () => {
    const plan = planOf('project', bothChanged, { pins: ['Memo'], policy: 'crm-wins' })
    expectQuiet(plan)
    expect(plan.base).toEqual({ Memo: 'a' })
  })

  it('goes nowhere where the ERP has no field for it (§9)', () => {
    const entries = defaultFieldMap.project.filter((entry) => entry.role !== 'sync-flag')
    const crm = { WBS1: 'P-9', Stage: 'Won', Probability: '80', ProjectTemplate: 'House' }
    expectQuiet(planOf('project', { erp: { ID: 'P-1' }, crm, base: { Stage: 'Lost' } }, { entries }))
  })
})

describe('a change in the ERP of what the CRM owns', () => {
  const entries = memoOf({ owner: 'crm' })

  it('is put back, and told as overwritten (§9)', () => {
    const plan = planOf('project', { erp: { Notes: 'b' }, crm: { Memo: 'a' }, base: { Memo: 'a' } }, { entries })
    expect(plan.write).toEqual({})
    expect(plan.erpWrite).toEqual({ Notes: 'a' })
    expect(plan.changes[0]).toMatchObject({ from: 'b', to: 'a', reason: 'erp-overwritten' })
  })

  it('where the CRM has nothing is not cleared (§7.7)', () => {
    expectQuiet(planOf('project', { erp: { Notes: 'b' }, crm: { Memo: null }, base: { Memo: null } }, { entries }))
  })

  it('to a value that the CRM has no word for is put back too (§7.6, §9)', () => {
    const type = entriesOf('project', 'ProjectType').map((entry) => ({ ...entry, owner: 'crm' as const }))
    const sides = { erp: { ProjectTypeDescription: 'Submarines' }, crm: { ProjectType: 'EDU' } }
    const plan = planOf('project', { ...sides, base: { ProjectType: 'EDU' } }, { entries: type })
    expect(plan.erpWrite).toEqual({ ProjectTypeDescription: 'Education' })
    expect(plan.changes[0]).toMatchObject({ from: 'Submarines', to: 'Education', reason: 'erp-overwritten' })
    expect(planOf('project', { ...sides, base: null }, { entries: type }).changes[0]?.reason).toBe('first-sync')
  })
})

describe('both changed a shared field to different values (§7.2)', () => {
  const stamps = (erp: string | null, crm: string | null) => ({
    erp: erpRecord('project', bothChanged.erp, { modifiedAt: erp }),
    crm: { ...crmRecord('project', bothChanged.crm), modifiedAt: crm },
  })
  const ours = { write: { Memo: 'b' }, erpWrite: {} }
  const theirs = { write: {}, erpWrite: { Notes: 'c' } }
  function outcome(policy: 'erp-wins' | 'crm-wins' | 'newest-wins' | 'ask', more = {}) {
    const { write, erpWrite } = planOf('project', bothChanged, { policy, ...more })
    return { write, erpWrite }
  }

  it('ERP wins: the ERP value is sent', () => {
    expect(outcome('erp-wins')).toEqual(ours)
  })

  it('CRM wins: the CRM value is taken', () => {
    expect(outcome('crm-wins')).toEqual(theirs)
  })

  it.each([
    ['2026-01-02T00:00:00Z', '2026-01-01T23:59:59.999Z', ours],
    ['2026-01-02T00:00:00Z', '2026-01-02T00:00:00.001Z', theirs],
    ['2026-01-02T00:00:00Z', '2026-01-02T00:00:00.000Z', ours],
    [null, '2026-01-02T00:00:00Z', ours],
    ['2026-01-02T00:00:00Z', null, ours],
  ])('newest wins: %s in the ERP, %s in the CRM; unknown or equal, the ERP wins', (erp, crm, expected) => {
    expect(outcome('newest-wins', stamps(erp, crm))).toEqual(expected)
  })

  it('ask: nothing is written for the field, and a conflict opens with both values and the base', () => {
    const plan = planOf('project', bothChanged, { policy: 'ask' })
    expect([plan.write, plan.erpWrite, plan.changes]).toEqual([{}, {}, []])
    expect(plan.conflicts).toEqual([{ field: 'Memo', label: 'Notes', base: 'a', erp: 'b', crm: 'c' }])
    expect(plan.base).toEqual({ Memo: 'a' })
    expect(plan.settled).toBe(false)
  })

  it('ask is about that field alone: the others travel', () => {
    const sides = {
      erp: { ...bothChanged.erp, Status: 'Hold' },
      crm: { ...bothChanged.crm, Status: 'A' },
      base: { ...bothChanged.base, Status: 'A' },
    }
    const plan = planOf('project', sides, { policy: 'ask' })
    expect(plan.write).toEqual({ Status: 'I' })
    expect(plan.conflicts).toHaveLength(1)
  })

  it.each(['crm-wins', 'newest-wins', 'ask'] as const)('the owner comes before %s (§9)', (policy) => {
    const sides = { erp: { Notes: 'b' }, crm: { Memo: 'c' }, base: { Memo: 'a' } }
    const erpOwned = planOf('project', sides, { entries: memoOf({ owner: 'erp' }), policy })
    expect([erpOwned.write, erpOwned.erpWrite, erpOwned.conflicts]).toEqual([{ Memo: 'b' }, {}, []])
    const crmOwned = planOf('project', sides, { entries: memoOf({ owner: 'crm' }), policy })
    expect([crmOwned.write, crmOwned.erpWrite, crmOwned.conflicts]).toEqual([{}, { Notes: 'c' }, []])
  })
})

describe('what a person decided about a conflict (§7.2)', () => {
  const decided = (value: string | null) => ({ Memo: { value, erp: 'b', crm: 'c' } })
  function plan(sides: { erp: Fields; crm: Fields; base: Fields }, value: string | null) {
    return planOf('project', sides, { policy: 'ask', decisions: decided(value) })
  }

  it('take this: the ERP value reaches the CRM', () => {
    const { write, erpWrite, base, undecided, conflicts } = plan(bothChanged, 'b')
    expect({ write, erpWrite, base, undecided, conflicts }).toEqual({
      write: { Memo: 'b' },
      erpWrite: {},
      base: { Memo: 'b' },
      undecided: [],
      conflicts: [],
    })
  })

  it('take that: the CRM value reaches the ERP, and until it has the decision is kept', () => {
    const { write, erpWrite, base, taken, undecided } = plan(bothChanged, 'c')
    expect({ write, erpWrite, base, taken, undecided }).toEqual({
      write: {},
      erpWrite: { Notes: 'c' },
      base: { Memo: 'a' },
      taken: { Memo: 'c' },
      undecided: ['Memo'],
    })
  })

  it('a value of their own reaches both, one after the other, from wherever it was interrupted', () => {
    expect(plan(bothChanged, 'd')).toMatchObject({
      write: { Memo: 'd' },
      erpWrite: { Notes: 'd' },
      base: { Memo: 'a' },
    })
    const crmDone = { ...bothChanged, crm: { Memo: 'd' } }
    expect(plan(crmDone, 'd')).toMatchObject({ erpWrite: { Notes: 'd' }, undecided: ['Memo'], conflicts: [] })
    expect(plan(crmDone, 'd').write).toEqual({})
    const erpDone = { ...bothChanged, erp: { Notes: 'd' } }
    expect(plan(erpDone, 'd')).toMatchObject({ write: { Memo: 'd' }, undecided: [], base: { Memo: 'd' } })
    expect(plan({ ...erpDone, ...crmDone, erp: { Notes: 'd' } }, 'd')).toMatchObject({
      write: {},
      undecided: [],
      base: { Memo: 'd' },
    })
  })

  it('to clear the field clears both', () => {
    expect(plan(bothChanged, null)).toMatchObject({ write: { Memo: null }, erpWrite: { Notes: null } })
  })

  it('is void when a side has moved on: the conflict is open again', () => {
    const moved = plan({ ...bothChanged, crm: { Memo: 'e' } }, 'c')
    expect([moved.write, moved.erpWrite]).toEqual([{}, {}])
    expect(moved.conflicts).toEqual([{ field: 'Memo', label: 'Notes', base: 'a', erp: 'b', crm: 'e' }])
    expect(moved.undecided).toEqual([])
  })

  it('does not write a field that was pinned since', () => {
    const pinned = planOf('project', bothChanged, { policy: 'ask', decisions: decided('c'), pins: ['Memo'] })
    expectQuiet(pinned)
  })
})

describe('the switch Sync to CRM', () => {
  it('turned off in the CRM turns it off in the ERP (§9)', () => {
    const sides = { erp: {}, crm: { AjeraSync: 'N' }, base: { AjeraSync: 'Y' } }
    const plan = planOf('project', sides, { entries: flag })
    expect([plan.write, plan.erpWrite]).toEqual([{}, { SyncToCRM: 'N' }])
    expect(plan.changes[0]).toMatchObject({ side: 'erp', from: 'Y', to: 'N', reason: 'crm-changed' })
  })

  it('off: nothing is sent, and only the CRM may turn it on again (§4.3, §9)', () => {
    const entries = [...flag, ...entriesOf('project', 'Status', 'Memo')]
    const erp = erpRecord('project', { Status: 'Hold', Notes: 'b' }, { syncToCrm: false })
    const more = { entries, erp, syncOn: false }
    const crm = { Status: 'A', Memo: 'c', AjeraSync: 'N' }
    const base = { Status: 'A', Memo: 'a', AjeraSync: 'N' }
    expectQuiet(planOf('project', { erp: erp.fields, crm, base }, more))
    const on = planOf('project', { erp: erp.fields, crm: { ...crm, AjeraSync: 'Y' }, base }, more)
    expect([on.write, on.erpWrite]).toEqual([{}, { SyncToCRM: 'Y' }])
    expect(on.changes[0]).toMatchObject({ from: 'N', to: 'Y' })
    // Turned off in the ERP: the CRM keeps its own, since nothing is sent for the pair.
    expectQuiet(planOf('project', { erp: erp.fields, crm: { ...crm, AjeraSync: 'Y' }, base: { AjeraSync: 'Y' } }, more))
  })
})

describe('a fresh pair (§13.4)', () => {
  it('an empty shared field takes the CRM value', () => {
    const plan = planOf('project', { erp: { Notes: null }, crm: { Memo: 'b' }, base: null })
    expect([plan.write, plan.erpWrite]).toEqual([{}, { Notes: 'b' }])
    expect(plan.changes[0]?.reason).toBe('first-sync')
  })

  it('a field that the CRM owns is taken where the CRM has a value, else left alone (§9)', () => {
    const entries = memoOf({ owner: 'crm' })
    expect(planOf('project', { erp: { Notes: 'a' }, crm: { Memo: 'b' }, base: null }, { entries }).erpWrite).toEqual({
      Notes: 'b',
    })
    expectQuiet(planOf('project', { erp: { Notes: 'a' }, crm: { Memo: null }, base: null }, { entries }))
  })

  it('a field for empty places only is taken where the ERP has nothing (§9)', () => {
    const entries = memoOf({ owner: 'crm', onlyIfEmpty: true })
    const crm = { Memo: 'b' }
    expect(planOf('project', { erp: { Notes: null }, crm, base: null }, { entries }).erpWrite).toEqual({ Notes: 'b' })
    expectQuiet(planOf('project', { erp: { Notes: 'a' }, crm, base: null }, { entries }))
  })
})
