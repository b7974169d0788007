import { describe, expect, it } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import { planCreate } from '#lib/sync/plan-create'
import type { Fields, RecordType } from '#lib/sync/records'
import { describeWritable, entriesOf, erpRecord, lookups, planOf } from '../support/sync-records.ts'

function create(type: RecordType, fields: Fields, more: Partial<Parameters<typeof planCreate>[0]> = {}) {
  return planCreate({
    erp: erpRecord(type, fields),
    entries: defaultFieldMap[type],
    lookups: lookups(),
    callerKey: null,
    ...more,
  })
}

describe('creating in the CRM', () => {
  it('a project has its ERP ID as number, which is no field of it (§8.8)', () => {
    const plan = create('project', { ID: ' 2026-014 ', Description: 'Library' })
    expect(plan.id).toBe('2026-014')
    expect(plan.fields).not.toHaveProperty('WBS1')
  })

  it('a project without an ID is left to the numbering of the CRM (§8.8)', () => {
    expect(create('project', { ID: null, Description: 'Library' }).id).toBeNull()
    expect(create('project', { Description: 'Library' }).id).toBeNull()
  })

  it('clients, contacts and employees take the key of the caller', () => {
    for (const type of ['client', 'contact', 'employee'] as const) {
      expect(create(type, { LastName: 'Okafor' }, { callerKey: 'ABC' }).id).toBe('ABC')
    }
  })

  it('both names are written: the short one is the beginning of a long description, without a warning', () => {
    const description = `${'x'.repeat(39)} and more`
    const plan = create('project', { Description: description })
    expect(plan.fields).toMatchObject({ Name: 'x'.repeat(39), LongName: description })
    expect(plan.warnings).toEqual([])
  })

  it('a description that fits is both names', () => {
    expect(create('project', { Description: 'Library' }).fields).toMatchObject({ Name: 'Library', LongName: 'Library' })
  })

  it('whatever is created is set to sync (§13.14)', () => {
    const plan = create('project', { Description: 'Library', SyncToCRM: 'N' })
    expect(plan.fields.AjeraSync).toBe('Y')
    expect(plan.base.AjeraSync).toBe('Y')
  })

  it('empty fields and fields the CRM owns or lacks are left out', () => {
    const plan = create(
      'project',
      { Description: 'Library', Status: 'Active', Notes: ' ', StartDate: null, '': 'x' },
      { lookups: lookups({}, describeWritable('project', ['Name', 'Memo', 'StartDate', 'Stage'])) },
    )
    expect(plan.fields).toEqual({ Name: 'Library' })
    expect(plan.changes).toEqual([{ field: 'Name', label: 'Name', from: null, to: 'Library', reason: 'created' }])
    expect(plan.base).toEqual({ Name: 'Library', Memo: null, StartDate: null })
  })

  it('a field that an edited map gives to the CRM is left to the CRM at creation too (§9)', () => {
    const entries = entriesOf('project', 'Name', 'Memo').map((entry) => ({ ...entry, owner: 'crm' as const }))
    expect(create('project', { Description: 'Library', Notes: 'a' }, { entries }).fields).toEqual({})
  })

  it('what cannot be resolved is left out with one warning each and has no base (§7.5, §7.6)', () => {
    const plan = create('project', { Description: 'Library', ClientKey: '7', ProjectTypeDescription: 'Submarines' })
    expect(plan.warnings.map((warning) => [warning.field, warning.code])).toEqual([
      ['ProjectType', 'CW-1302'],
      ['ClientID', 'CW-1304'],
    ])
    expect(plan.base).not.toHaveProperty('ClientID')
  })

  it('what was created is not due again (§5.4)', () => {
    const erp = { Description: 'Library', Status: 'Active', Notes: null, SyncToCRM: 'N', TotalContractAmount: '10.50' }
    const plan = create('project', erp)
    const next = planOf('project', { erp, crm: plan.fields, base: plan.base }, { entries: defaultFieldMap.project })
    expect(next.write).toEqual({})
  })
})
