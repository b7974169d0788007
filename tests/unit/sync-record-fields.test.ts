import { describe, expect, it } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { Decision } from '#lib/sync/plan'
import { type KnownRecord, planKnown, type RecordField, recordFields } from '#lib/sync/record-fields'
import type { Fields } from '#lib/sync/records'
import { crmRecord, describeCrm, describeWritable, erpRecord, lookups } from '../support/sync-records.ts'

interface Given {
  erp?: Fields
  crm?: Fields
  base?: Fields | null
  pins?: readonly string[]
  syncOn?: boolean
  entries?: readonly FieldMapEntry[]
  writable?: readonly string[]
  decisions?: Readonly<Record<string, Decision>>
}

/** The field of a paired project as the record page shows it. */
function fieldOf(name: string, given: Given, policy: 'erp-wins' | 'ask' = 'ask'): RecordField {
  const known = knownOf(given)
  const plan = planKnown(known, { policy, decisions: given.decisions ?? {} })
  const field = recordFields(known, plan).find((one) => one.field === name)
  if (!field) throw new Error(`There is no field ${name}.`)
  return field
}

function knownOf(given: Given): KnownRecord {
  const description = given.writable ? describeWritable('project', given.writable) : describeCrm()
  return {
    type: 'project',
    erp: given.erp ? erpRecord('project', given.erp) : null,
    crm: given.crm ? crmRecord('project', given.crm) : null,
    pair: { base: given.base ?? null, pins: given.pins ?? [], syncOn: given.syncOn ?? true },
    entries: given.entries ?? defaultFieldMap.project,
    lookups: lookups({ 'employee 7': '00007' }, description),
  }
}

const memo = (erp: string | null, crm: string | null, base: string | null) => ({
  erp: { Notes: erp },
  crm: { Memo: crm },
  base: { Memo: base },
})

describe('what the next sync does with a field (§7.2)', () => {
  it('the same on both sides', () => {
    expect(fieldOf('Memo', memo('a', ' a ', 'a'))).toMatchObject({ state: 'same', differs: false, changes: [] })
  })

  it('changed in the ERP: sent', () => {
    const field = fieldOf('Memo', memo('b', 'a', 'a'))
    expect(field).toMatchObject({ state: 'send', erp: 'b', crm: 'a', base: 'a', owner: 'shared', differs: true })
    expect(field.changes).toMatchObject([{ side: 'crm', from: 'a', to: 'b' }])
  })

  it('changed in the CRM: taken', () => {
    expect(fieldOf('Memo', memo('a', 'c', 'a'))).toMatchObject({ state: 'take', changes: [{ side: 'erp', to: 'c' }] })
  })

  it('changed on both sides: a conflict under *ask*, decided by any other policy', () => {
    expect(fieldOf('Memo', memo('b', 'c', 'a'))).toMatchObject({ state: 'conflict', conflict: { base: 'a' } })
    expect(fieldOf('Memo', memo('b', 'c', 'a'), 'erp-wins').state).toBe('send')
  })

  it('decided: whichever sides do not hold the value yet', () => {
    const sides = memo('b', 'c', 'a')
    const decided = (value: string) => ({ ...sides, decisions: { Memo: { value, erp: 'b', crm: 'c' } } })
    expect(fieldOf('Memo', decided('d')).state).toBe('both')
    expect(fieldOf('Memo', decided('b')).state).toBe('send')
    expect(fieldOf('Memo', decided('c')).state).toBe('take')
  })

  it('pinned: whatever the sides hold', () => {
    expect(fieldOf('Memo', { ...memo('b', 'c', 'a'), pins: ['Memo'] })).toMatchObject({
      state: 'pinned',
      differs: true,
    })
    expect(fieldOf('Memo', { ...memo('a', 'a', 'a'), pins: ['Memo'] })).toMatchObject({
      state: 'pinned',
      isPinned: true,
    })
  })

  it('what the ERP owns is put back (§13.5)', () => {
    const given = { erp: { Status: 'Active' }, crm: { Status: 'D' }, base: { Status: 'A' } }
    expect(fieldOf('Status', given)).toMatchObject({ state: 'send', erp: 'Active', erpInCrmForm: 'A', crm: 'D' })
  })
})

describe('why a field whose sides differ is left as it is', () => {
  it.each<[string, string, Given]>([
    ['written at creation only', 'creation-only', { erp: { ID: '14' }, crm: {} }],
    ['Sync to CRM is off', 'sync-off', { ...memo('b', 'a', 'a'), syncOn: false }],
    ['the CRM has no such field', 'not-writable', { ...memo('b', 'a', 'a'), writable: ['Name'] }],
    ['not read in the ERP', 'not-read', { erp: {}, crm: { Memo: 'a' }, base: { Memo: 'a' } }],
    ['a person is not mapped', 'unresolved', { erp: { ProjectManager: '9' }, crm: { ProjMgr: '1' }, base: {} }],
    [
      'empty in the ERP and in the base (§7.7)',
      'empty',
      { erp: { Status: null }, crm: { Status: 'A' }, base: { Status: null } },
    ],
  ])('%s', (_, left, given) => {
    const name = { 'creation-only': 'WBS1', unresolved: 'ProjMgr', empty: 'Status' }[left] ?? 'Memo'
    expect(fieldOf(name, given)).toMatchObject({ state: 'left', left })
  })

  it('the name travels in the other name field (§4.4)', () => {
    const given = {
      erp: { Description: 'Town Hall' },
      crm: { Name: 'Town Hall', LongName: 'Something else' },
      base: {},
    }
    expect(fieldOf('LongName', given)).toMatchObject({ state: 'left', left: 'other-name' })
  })

  it('only where the other side is empty', () => {
    const entries = defaultFieldMap.project.map((entry) =>
      entry.crm === 'Memo' ? { ...entry, onlyIfEmpty: true } : entry,
    )
    expect(fieldOf('Memo', { ...memo('b', 'a', 'a'), entries })).toMatchObject({ left: 'only-if-empty' })
  })

  it('the warning of the plan stands with the field', () => {
    const given = { erp: { ProjectManager: '9' }, crm: { ProjMgr: '1' }, base: {} }
    expect(fieldOf('ProjMgr', given).warning).toMatchObject({ code: 'CW-1304', value: '9' })
  })

  it('what the CRM owns and the ERP lacks is only shown', () => {
    expect(fieldOf('Stage', { erp: {}, crm: { Stage: 'Won' } })).toMatchObject({
      left: 'read-only',
      crm: 'Won',
      erp: undefined,
    })
  })
})

describe('a record without a pair', () => {
  it('has no plan, and its fields no state, but their values in CRM form', () => {
    const known = { ...knownOf({ erp: { Status: 'Hold', ProjectManager: '7' } }), pair: null }
    expect(planKnown(known, { policy: 'ask' })).toBeNull()
    const fields = recordFields(known, null)
    expect(fields.find((one) => one.field === 'Status')).toMatchObject({ state: null, erp: 'Hold', erpInCrmForm: 'I' })
    expect(fields.find((one) => one.field === 'ProjMgr')).toMatchObject({ erpInCrmForm: '00007', differs: false })
  })

  it('the sync switch is the ERP’s own, whatever a pair carries', () => {
    const known = knownOf({ erp: {}, crm: { AjeraSync: 'N' } })
    const off = { ...known, erp: known.erp && { ...known.erp, syncToCrm: false } }
    expect(recordFields(off, null).find((one) => one.field === 'AjeraSync')).toMatchObject({ erp: 'N', crm: 'N' })
  })
})
