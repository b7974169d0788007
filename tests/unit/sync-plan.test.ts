import { describe, expect, it } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import type { UpdatePlan } from '#lib/sync/plan'
import {
  crmRecord,
  describeCrm,
  describeWritable,
  entriesOf,
  erpRecord,
  lookups,
  planOf,
} from '../support/sync-records.ts'

const LONG = 'A description that is longer than forty characters'

/** An empty object within `toMatchObject` would match any write, so what is empty is compared whole. */
function expectNoWrite(plan: UpdatePlan, rest: Partial<Pick<UpdatePlan, 'base' | 'settled'>>): void {
  expect(plan.write).toEqual({})
  expect(plan.changes).toEqual([])
  expect(plan.erpWrite).toEqual({})
  if (rest.base) expect(plan.base).toEqual(rest.base)
  if (rest.settled !== undefined) expect(plan.settled).toBe(rest.settled)
}

const NOTHING = {
  write: {},
  erpWrite: {},
  changes: [],
  taken: {},
  conflicts: [],
  undecided: [],
  warnings: [],
  settled: true,
}

describe('one field, three values (§7.2)', () => {
  it('neither side changed: nothing', () => {
    const plan = planOf('project', { erp: { Status: 'Active' }, crm: { Status: 'A' }, base: { Status: 'A' } })
    expect(plan).toEqual({ ...NOTHING, base: { Status: 'A' } })
  })

  it('only the ERP changed: send', () => {
    const plan = planOf('project', { erp: { Status: 'Hold' }, crm: { Status: 'A' }, base: { Status: 'A' } })
    expect(plan.write).toEqual({ Status: 'I' })
    expect(plan.changes).toEqual([
      { field: 'Status', label: 'Status', side: 'crm', from: 'A', to: 'I', reason: 'erp-changed', base: 'A' },
    ])
    expect(plan.base).toEqual({ Status: 'I' })
  })

  it('only the CRM changed an ERP-owned field: the ERP value goes back, and what was there is told (§9, §13.5)', () => {
    const plan = planOf('project', { erp: { Status: 'Active' }, crm: { Status: 'D' }, base: { Status: 'A' } })
    expect(plan.write).toEqual({ Status: 'A' })
    expect(plan.changes[0]).toMatchObject({ from: 'D', to: 'A', reason: 'crm-overwritten' })
  })

  it('both changed to the same: the new base, no write', () => {
    const plan = planOf('project', { erp: { Notes: 'c' }, crm: { Memo: 'c' }, base: { Memo: 'a' } })
    expectNoWrite(plan, { base: { Memo: 'c' }, settled: true })
  })

  it('both changed a field of the ERP to different values: the ERP wins (§9)', () => {
    const plan = planOf('project', { erp: { Status: 'Hold' }, crm: { Status: 'D' }, base: { Status: 'A' } })
    expect(plan.write).toEqual({ Status: 'I' })
    expect(plan.changes[0]).toMatchObject({ from: 'D', to: 'I', reason: 'both-changed' })
  })

  it('pinned: nothing, ever', () => {
    const sides = {
      erp: { Status: 'Hold', Notes: 'b' },
      crm: { Status: 'D', Memo: 'a' },
      base: { Status: 'A', Memo: 'a' },
    }
    const plan = planOf('project', sides, { pins: ['Status'] })
    expect(plan.write).toEqual({ Memo: 'b' })
    expect(plan.base).toEqual({ Status: 'A', Memo: 'b' })
  })
})

describe('a fresh pair (§13.3, §13.4)', () => {
  it('content that agrees becomes the base', () => {
    const plan = planOf('project', {
      erp: { Status: 'Active', Notes: 'a' },
      crm: { Status: 'A', Memo: 'a ' },
      base: null,
    })
    expect(plan).toEqual({ ...NOTHING, base: { Status: 'A', Memo: 'a' } })
  })

  it('a value that is not empty is sent, ERP-owned or shared', () => {
    const plan = planOf('project', {
      erp: { Status: 'Active', Notes: 'a' },
      crm: { Status: 'D', Memo: 'b' },
      base: null,
    })
    expect(plan.write).toEqual({ Status: 'A', Memo: 'a' })
    expect(plan.changes.map((change) => change.reason)).toEqual(['first-sync', 'first-sync'])
  })

  it('an amount of zero is a value', () => {
    const plan = planOf('project', { erp: { SpentLabor: '0' }, crm: { AjeraSpentLabor: null }, base: null })
    expect(plan.write).toEqual({ AjeraSpentLabor: '0' })
  })

  it('an empty ERP-owned field is left alone, in this run and the next (§13.4)', () => {
    const sides = {
      erp: { ProjectTypeDescription: null, StartDate: '' },
      crm: { ProjectType: 'EDU', StartDate: '2026-01-01' },
    }
    const first = planOf('project', { ...sides, base: null })
    expectNoWrite(first, { settled: true })
    expectNoWrite(planOf('project', { ...sides, base: first.base }), { settled: true })
  })
})

describe('empty in the ERP (§7.7)', () => {
  it('clears the CRM where the base was not empty', () => {
    const plan = planOf('project', {
      erp: { StartDate: null },
      crm: { StartDate: '2026-01-01' },
      base: { StartDate: '2026-01-01' },
    })
    expect(plan.write).toEqual({ StartDate: null })
    expect(plan.base).toEqual({ StartDate: null })
  })

  it('leaves alone what the CRM put where the base was empty', () => {
    const plan = planOf('project', {
      erp: { StartDate: null },
      crm: { StartDate: '2026-01-01' },
      base: { StartDate: null },
    })
    expectNoWrite(plan, { base: { StartDate: null }, settled: true })
  })

  it('never clears a reference: one warning, and the base stays (§13.11)', () => {
    const plan = planOf('project', { erp: { ClientKey: null }, crm: { ClientID: 'F1' }, base: { ClientID: 'F1' } })
    expectNoWrite(plan, { base: { ClientID: 'F1' }, settled: true })
    expect(plan.warnings).toEqual([{ code: 'CW-1305', field: 'ClientID', label: 'Client', value: 'F1' }])
  })
})

describe('what cannot be sent', () => {
  it('an unmapped reference is left out with one warning, and is tried again (§7.5)', () => {
    const plan = planOf('project', { erp: { ClientKey: '77' }, crm: { ClientID: null }, base: null })
    expectNoWrite(plan, { base: {}, settled: false })
    expect(plan.warnings).toEqual([{ code: 'CW-1304', field: 'ClientID', label: 'Client', value: '77' }])
  })

  it('a mapped reference is sent as the id of its partner (§7.5)', () => {
    const sides = { erp: { ClientKey: '77' }, crm: { ClientID: null }, base: null }
    expect(planOf('project', sides, { lookups: lookups({ 'client 77': 'F77' }) }).write).toEqual({ ClientID: 'F77' })
  })

  it('an unknown code is left out with one warning, and the other fields go (§7.6)', () => {
    const erp = { ProjectTypeDescription: 'Submarines', Status: 'Active' }
    const plan = planOf('project', { erp, crm: {}, base: null })
    expect(plan.write).toEqual({ Status: 'A' })
    expect(plan.warnings).toEqual([
      { code: 'CW-1302', field: 'ProjectType', label: 'Project type', value: 'Submarines' },
    ])
    expect(plan.settled).toBe(false)
  })

  it('a value that is too long is cut, with one warning that has the whole of it (§7.4)', () => {
    const email = `${'x'.repeat(60)}@firm.example`
    const plan = planOf('client', { erp: { Email: email }, crm: {}, base: null })
    expect(plan.write).toEqual({ PrimaryEmail: 'x'.repeat(50) })
    expect(plan.warnings).toEqual([{ code: 'CW-1301', field: 'PrimaryEmail', label: 'E-mail', value: email }])
  })

  it('a cut value that the CRM holds already is not sent again (§7.3)', () => {
    const sides = { erp: { Email: 'x'.repeat(60) }, crm: { PrimaryEmail: 'x'.repeat(50) }, base: null }
    expect(planOf('client', sides).write).toEqual({})
  })
})

describe('which fields take part', () => {
  it('a field that was not read in the ERP is left out, and keeps its base', () => {
    const plan = planOf('project', { erp: {}, crm: { Status: 'D', Memo: 'b' }, base: { Status: 'A' } })
    expect(plan).toEqual({ ...NOTHING, base: { Status: 'A' } })
  })

  it('a field that the CRM does not have is left out, a total or any other', () => {
    const plan = planOf(
      'project',
      { erp: { Status: 'Active', SpentLabor: '5', CostLabor: '6' }, crm: {}, base: null },
      { lookups: lookups({}, describeWritable('project', ['AjeraSpentLabor'])) },
    )
    expect(plan.write).toEqual({ AjeraSpentLabor: '5' })
  })

  it('where the CRM value is unknown, the base decides', () => {
    expect(planOf('project', { erp: { Status: 'Active' }, crm: {}, base: { Status: 'A' } }).write).toEqual({})
    expect(planOf('project', { erp: { Status: 'Hold' }, crm: {}, base: { Status: 'A' } }).write).toEqual({
      Status: 'I',
    })
  })

  it('the number, the external key and CRM-owned fields never travel as updates (§8.7, §9)', () => {
    const erp = { ID: 'P-2', ProjectKey: '1042', '': 'x' }
    expect(planOf('project', { erp, crm: { WBS1: 'P-1', Stage: 'Won' }, base: null }).write).toEqual({})
  })

  it('a constant is sent as it stands, whatever the ERP holds, and is never taken (§9)', () => {
    const [entry] = entriesOf('project', 'ProjectType')
    const entries = entry ? [{ ...entry, erp: '', constant: 'HLT' }] : []
    const sides = { erp: { ProjectTypeDescription: 'Education' }, crm: { ProjectType: 'EDU' } }
    const plan = planOf('project', { ...sides, base: null }, { entries })
    expect(plan.write).toEqual({ ProjectType: 'HLT' })
    const changed = planOf('project', { ...sides, base: plan.base }, { entries, policy: 'crm-wins' })
    expect(changed.write).toEqual({ ProjectType: 'HLT' })
    expect(changed.erpWrite).toEqual({})
  })

  it('a field for empty places only is written where the CRM has nothing (§9)', () => {
    const entries = entriesOf('project', 'StartDate').map((entry) => ({ ...entry, onlyIfEmpty: true }))
    const erp = { StartDate: '2026-05-01' }
    expect(planOf('project', { erp, crm: { StartDate: null }, base: null }, { entries }).write).toEqual(erp)
    expectNoWrite(planOf('project', { erp, crm: { StartDate: '2026-01-01' }, base: null }, { entries }), {})
    // Nothing is known of the place, so nobody can say that it is empty.
    expectNoWrite(planOf('project', { erp, crm: {}, base: null }, { entries }), {})
  })

  it('the switch of a pair that is sent is on, whatever the ERP flag says (§13.14)', () => {
    const entries = defaultFieldMap.project
    const plan = planOf('project', { erp: { SyncToCRM: 'N' }, crm: { AjeraSync: null }, base: null }, { entries })
    expect(plan.write).toEqual({ AjeraSync: 'Y' })
    const after = planOf('project', { erp: { SyncToCRM: 'N' }, crm: { AjeraSync: 'Y' }, base: plan.base }, { entries })
    expectNoWrite(after, { settled: true })
  })
})

describe('names of projects (fields.md)', () => {
  const entries = entriesOf('project', 'Name', 'LongName')

  it.each([38, 39, 40])('%i characters update the short name only', (length) => {
    const name = 'x'.repeat(length)
    const plan = planOf(
      'project',
      { erp: { Description: name }, crm: { Name: 'a', LongName: 'b' }, base: null },
      { entries },
    )
    expect(plan.write).toEqual({ Name: name })
  })

  it.each([41, 42])('%i characters update the long name only', (length) => {
    const name = 'x'.repeat(length)
    const plan = planOf(
      'project',
      { erp: { Description: name }, crm: { Name: 'a', LongName: 'b' }, base: null },
      { entries },
    )
    expect(plan.write).toEqual({ LongName: name })
  })

  it('a short name that a person edited in the CRM is left to the CRM while the description is long', () => {
    const base = { Name: LONG.slice(0, 40), LongName: LONG }
    const plan = planOf(
      'project',
      { erp: { Description: LONG }, crm: { Name: 'Mine', LongName: LONG }, base },
      { entries },
    )
    expectNoWrite(plan, { base, settled: true })
  })

  it('a long name beyond the limit of the CRM is cut (§7.4)', () => {
    const description = describeCrm({ longName: { field: 'LongName', limit: 60 } })
    const sides = { erp: { Description: 'x'.repeat(70) }, crm: {}, base: null }
    const plan = planOf('project', sides, { entries, lookups: lookups({}, description) })
    expect(plan.write).toEqual({ LongName: 'x'.repeat(60) })
    expect(plan.warnings).toHaveLength(1)
  })
})

describe('the record itself', () => {
  it('is not changed by planning', () => {
    const erp = Object.freeze({ Status: 'Hold' })
    const base = Object.freeze({ Status: 'A' })
    const crm = crmRecord('project', Object.freeze({ Status: 'A' }))
    planOf('project', { erp, crm: crm.fields, base }, { erp: Object.freeze(erpRecord('project', erp)) })
    expect(base).toEqual({ Status: 'A' })
  })
})
