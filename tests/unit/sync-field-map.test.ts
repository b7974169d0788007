import { describe, expect, it } from 'vitest'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { changesContent, changesReading, isUnchanged, mapChanges, referencedTypes } from '#lib/sync/map-changes'
import { planCreate } from '#lib/sync/plan-create'
import type { Fields } from '#lib/sync/records'
import { entriesOf, erpRecord, lookups, planOf } from '../support/sync-records.ts'

const region: FieldMapEntry = {
  erp: '',
  crm: 'CustRegion',
  owner: 'erp',
  transform: { kind: 'text' },
  label: 'Region',
  constant: 'North',
}
const office: FieldMapEntry = {
  erp: 'Location',
  crm: 'CustOffice',
  owner: 'shared',
  transform: { kind: 'text' },
  label: 'Office',
  onlyIfEmpty: true,
}
const budget: FieldMapEntry = { ...office, erp: 'Budget', crm: 'CustBudget', transform: { kind: 'decimal', places: 2 } }

function plan(entry: FieldMapEntry, sides: { erp: Fields; crm: Fields; base: Fields | null }, more = {}) {
  return planOf('project', sides, { entries: [entry], ...more })
}

describe('a constant', () => {
  it('is sent whatever the ERP holds, put back when the CRM changes it, and sent once (§9, §13.5)', () => {
    const first = plan(region, { erp: {}, crm: { CustRegion: null }, base: null })
    expect(first.write).toEqual({ CustRegion: 'North' })
    expect(plan(region, { erp: {}, crm: { CustRegion: 'South' }, base: first.base }).write).toEqual({
      CustRegion: 'North',
    })
    expect(plan(region, { erp: {}, crm: { CustRegion: 'North' }, base: first.base }).write).toEqual({})
  })

  it('is in the form of the CRM already: no value map or code table is applied to it, at creation neither (§9)', () => {
    const coded: FieldMapEntry = { ...region, transform: { kind: 'values', values: { Active: 'A' } }, constant: 'A' }
    expect(plan(coded, { erp: {}, crm: { CustRegion: null }, base: null }).write).toEqual({ CustRegion: 'A' })
    const created = planCreate({
      erp: erpRecord('project', { Description: 'Library' }),
      entries: [coded],
      lookups: lookups(),
      callerKey: null,
    })
    expect(created).toMatchObject({ fields: { CustRegion: 'A' }, base: { CustRegion: 'A' }, warnings: [] })
  })

  it('written at creation only is left alone afterwards (§9)', () => {
    const entry: FieldMapEntry = { ...region, owner: 'create' }
    expect(plan(entry, { erp: {}, crm: { CustRegion: 'South' }, base: { CustRegion: 'North' } }).write).toEqual({})
  })
})

describe('a field that is written only if it is empty', () => {
  it('fills what is empty on either side and overwrites nothing (§9)', () => {
    expect(plan(office, { erp: { Location: 'Oslo' }, crm: { CustOffice: null }, base: null }).write).toEqual({
      CustOffice: 'Oslo',
    })
    expect(plan(office, { erp: { Location: null }, crm: { CustOffice: 'Rome' }, base: null }).erpWrite).toEqual({
      Location: 'Rome',
    })
    const both = plan(office, { erp: { Location: 'Oslo' }, crm: { CustOffice: 'Rome' }, base: null })
    expect([both.write, both.erpWrite]).toEqual([{}, {}])
  })

  it('does not follow a later change, and fills again what was emptied in the CRM (§9)', () => {
    const base = { CustOffice: 'Oslo' }
    expect(plan(office, { erp: { Location: 'Bergen' }, crm: { CustOffice: 'Oslo' }, base }).write).toEqual({})
    const emptied = { ...office, owner: 'erp' as const }
    expect(plan(emptied, { erp: { Location: 'Oslo' }, crm: { CustOffice: null }, base }).write).toEqual({
      CustOffice: 'Oslo',
    })
  })

  it('that both sides changed is no conflict: whoever won, nothing would be written (§7.2)', () => {
    const sides = { erp: { Location: 'Bergen' }, crm: { CustOffice: 'Rome' }, base: { CustOffice: 'Oslo' } }
    expect(plan(office, sides, { policy: 'ask' })).toMatchObject({ conflicts: [], write: {}, erpWrite: {} })
  })

  it('takes an amount of zero for none, since a system may know no empty amount', () => {
    expect(plan(budget, { erp: { Budget: '12' }, crm: { CustBudget: '0' }, base: null }).write).toEqual({
      CustBudget: '12',
    })
    expect(plan(budget, { erp: { Budget: '12' }, crm: { CustBudget: '3' }, base: null }).write).toEqual({})
  })

  it('is written at creation, where everything is empty', () => {
    const created = planCreate({
      erp: erpRecord('project', { Location: 'Oslo' }),
      entries: [office],
      lookups: lookups(),
      callerKey: null,
    })
    expect(created.fields).toEqual({ CustOffice: 'Oslo' })
  })
})

describe('what changes between two maps', () => {
  const status = entriesOf('project', 'Status')
  const [first, second] = entriesOf('project', 'Fee', 'Memo')
  if (!first || !second) throw new Error('The default map has no Fee or Memo.')

  it('is told entry by entry', () => {
    const renamed = { ...second, label: 'Remarks' }
    const changes = mapChanges([first, second], [renamed, region])
    expect(changes).toEqual({
      added: [region],
      removed: [first],
      changed: [{ from: second, to: renamed }],
      moved: false,
    })
    expect(isUnchanged(mapChanges([first, second], [{ ...first }, { ...second }]))).toBe(true)
  })

  it('order and labels are no reason to compare records again; an owner is one, a field one to read again', () => {
    const moved = mapChanges([first, second], [second, first])
    expect([moved.moved, changesContent(moved), changesReading(moved)]).toEqual([true, false, false])
    const labelled = mapChanges([first], [{ ...first, label: 'Fee' }])
    expect([isUnchanged(labelled), changesContent(labelled)]).toEqual([false, false])
    const owned = mapChanges([first], [{ ...first, owner: 'shared' }])
    expect([changesContent(owned), changesReading(owned)]).toEqual([true, false])
    const sourced = mapChanges([first], [{ ...first, erp: 'LaborContractAmount' }])
    expect([changesContent(sourced), changesReading(sourced)]).toEqual([true, true])
  })

  it('the order of a value map counts, because the first that fits is taken back', () => {
    const [entry] = status
    if (entry?.transform.kind !== 'values') throw new Error('Status has no value map.')
    const values = Object.fromEntries(Object.entries(entry.transform.values).reverse())
    const changes = mapChanges([entry], [{ ...entry, transform: { kind: 'values', values } }])
    expect(changes.changed).toHaveLength(1)
  })
})

it('references are looked up for every type that the map names', () => {
  const empty = { employee: [], vendor: [], contact: [], project: [] }
  const vendor: FieldMapEntry = { ...office, transform: { kind: 'reference', type: 'vendor' } }
  expect(referencedTypes({ ...empty, client: [vendor, vendor, region] })).toEqual(['vendor'])
})
