import { describe, expect, it } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import { agreedTaken } from '#lib/sync/agreed-base'
import { type ErpName, indexErpNames } from '#lib/sync/erp-namesakes'
import { chooseTemplate, planErpCreate } from '#lib/sync/plan-create-erp'
import type { ErpField } from '#lib/sync/ports'
import type { CrmRecord, Fields, RecordType } from '#lib/sync/records'
import { crmRecord, erpRecord, lookups } from '../support/sync-records.ts'

const LONG = 'A pier that needs more than forty characters of name'

function field(name: string, writable: boolean): ErpField {
  return { name, label: name, kind: 'text', references: null, writable, isOpen: false }
}

const ERP_FIELDS = ['ID', 'ClientKey', 'ContactClientKey', 'ProjectTypeDescription'].map((name) => field(name, false))

function crm(type: RecordType, fields: Fields, more: Partial<CrmRecord> = {}): CrmRecord {
  return { ...crmRecord(type, fields), id: 'P-7', ...more }
}

function plan(record: CrmRecord, mapped: Readonly<Record<string, string>> = { 'client 77': 'F77' }) {
  const entries = defaultFieldMap[record.type]
  return planErpCreate({ crm: record, entries, lookups: lookups(mapped), erpFields: ERP_FIELDS })
}

describe('a new record for the ERP (§8.9)', () => {
  it('holds what the CRM holds in the form of the ERP, whoever owns it; number and client among it (§13.17)', () => {
    const fields = {
      Name: 'Pier',
      LongName: 'Pier',
      ClientID: 'F77',
      Status: 'I',
      Memo: ' By boat\r\nonly. ',
      Fee: '1200.5000',
    }
    expect(plan(crm('project', fields)).fields).toEqual({
      ID: 'P-7',
      Description: 'Pier',
      ClientKey: '77',
      Status: 'Hold',
      Notes: 'By boat\nonly.',
      TotalContractAmount: '1200.5',
      SyncToCRM: 'Y',
    })
  })

  it('is called by the long name where that is longer than a short one can be, else by the short one (§13.17)', () => {
    const named = (Name: string, LongName: string | null) => plan(crm('project', { Name, LongName })).fields.Description
    expect(named(LONG.slice(0, 40), LONG)).toBe(LONG)
    expect(named('Pier', 'x'.repeat(40))).toBe('Pier')
    expect(named('Pier', 'x'.repeat(41))).toBe('x'.repeat(41))
    expect(named('  Pier   two ', null)).toBe('Pier two')
  })

  it('is set to sync, whatever the flag of the CRM record says (§13.14)', () => {
    expect(plan(crm('project', { Name: 'Pier', AjeraSync: 'N' })).fields.SyncToCRM).toBe('Y')
  })

  it('leaves out what is empty, what the ERP takes from nobody, totals, and what is the CRM’s alone', () => {
    const fields = {
      Name: 'Pier',
      Memo: ' ',
      ProjectType: 'EDU',
      AjeraSpentLabor: '5',
      Stage: 'LEAD',
      ProjectTemplate: 'T',
    }
    expect(Object.keys(plan(crm('project', fields)).fields).sort()).toEqual(['Description', 'ID', 'SyncToCRM'])
  })

  it('leaves out, with one warning each, a code or a link that has no counterpart (§7.5, §7.6)', () => {
    const result = plan(crm('project', { Name: 'Pier', Status: 'X', ProjMgr: 'E9', ClientID: 'F77' }))
    expect(result.fields).toMatchObject({ ClientKey: '77' })
    expect(result.warnings).toEqual([
      { code: 'CW-1302', field: 'Status', label: 'Status', value: 'X', source: 'crm' },
      { code: 'CW-1304', field: 'ProjMgr', label: 'Project manager', value: 'E9', source: 'crm' },
    ])
  })

  it('tells its changes by both names of a field', () => {
    expect(plan(crm('client', { Name: 'Harbour Trust' })).changes).toEqual([
      {
        field: 'Name',
        label: 'Name',
        side: 'erp',
        erpField: 'Description',
        from: null,
        to: 'Harbour Trust',
        reason: 'created',
      },
    ])
  })

  it.each([
    ['a project of a mapped firm', crm('project', { Name: 'Pier', ClientID: 'F77' }), false],
    ['a project of an unmapped firm', crm('project', { Name: 'Pier', ClientID: 'F1' }), true],
    ['a project of no firm', crm('project', { Name: 'Pier' }), true],
    ['a contact of a mapped firm', crm('contact', { LastName: 'Quay', ClientID: 'F77' }), false],
    ['a contact of an unmapped firm', crm('contact', { LastName: 'Quay', ClientID: 'F1' }), true],
    ['a contact of no firm', crm('contact', { LastName: 'Quay' }), false],
    ['a firm', crm('client', { Name: 'Harbour Trust' }), false],
  ])('%s lacks its client: %o', (_, record, lacks) => {
    expect(plan(record).lacksClient).toBe(lacks)
  })
})

describe('the template of a new project (§13.17)', () => {
  const templates = [
    { key: '1', description: 'Standard' },
    { key: '2', description: 'Small ' },
    { key: '3', description: 'Standard' },
  ]
  const choose = (named: string | null, fallback: string | null) =>
    chooseTemplate(crm('project', { ProjectTemplate: named }), defaultFieldMap.project, fallback, templates)

  it('is the one that the project names, else the default; of two of a name the first', () => {
    expect(choose(' Standard ', 'Small')).toMatchObject({ ok: true, template: { key: '1' } })
    expect(choose(null, 'Small')).toMatchObject({ ok: true, template: { key: '2' } })
    expect(choose(' ', 'Small')).toMatchObject({ ok: true, template: { key: '2' } })
  })

  it('is an error where there is none, and the default does not stand in for a wrong name', () => {
    expect(choose(null, null)).toEqual({ ok: false, code: 'CW-1405', wanted: null })
    expect(choose('standard', 'Small')).toEqual({ ok: false, code: 'CW-1406', wanted: 'standard' })
    expect(choose(null, 'Gone')).toEqual({ ok: false, code: 'CW-1406', wanted: 'Gone' })
  })
})

describe('a name that the ERP has already (§8.9, §4.4)', () => {
  const known: ErpName[] = [
    { key: '1', name: 'Pier', number: 'P-1' },
    { key: '2', name: LONG, number: null },
    { key: '3', name: ' PIER ', number: ' ' },
    { key: '4', name: '', number: null },
  ]
  const named = (id: string, name: string, longName: string | null = null) => ({ id, name, longName })
  const names = (type: RecordType = 'project') => indexErpNames(type, known, 40)

  it('is found by the short name or the long one, never crosswise, and by the number', () => {
    expect(names().find(named('X', 'pier'))).toEqual(['1', '3'])
    expect(names().find(named('X', 'other', LONG.toUpperCase()))).toEqual(['2'])
    expect(names().find(named('X', 'other', 'Pier'))).toEqual([])
    expect(names().find(named('p-1', 'other'))).toEqual(['1'])
    expect(names().find(named('', ''))).toEqual([])
  })

  it('of a firm is its name, and numbers do not matter (§4.5)', () => {
    expect(names('client').find(named('P-1', LONG))).toEqual(['2'])
    expect(names('client').find(named('P-1', 'other'))).toEqual([])
  })

  it('is taken by the first of two new ones', () => {
    const index = names()
    index.reserve(named('A', 'Quay'))
    expect(index.reservedBy(named('B', 'QUAY'))).toBe('A')
    expect(index.reservedBy(named('a', 'other'))).toBe('A')
    index.reserve(named('C', 'x'.repeat(40), 'x'.repeat(41)))
    expect(index.reservedBy(named('D', 'x'.repeat(40), 'x'.repeat(42)))).toBeNull()
    expect(index.reservedBy(named('E', 'y', 'x'.repeat(41)))).toBe('C')
  })
})

describe('what the ERP holds of what was taken (§7.2)', () => {
  const entries = defaultFieldMap.project
  const agreed = (taken: Fields, erp: Fields, syncToCrm = true) =>
    agreedTaken(taken, erpRecord('project', erp, { syncToCrm }), entries, lookups())

  it('is agreed where it is the same in the form of the CRM, amounts by their worth', () => {
    expect(
      agreed({ Memo: 'a', Fee: '5', Status: 'A' }, { Notes: ' a ', TotalContractAmount: '5.00', Status: 'Active' }),
    ).toEqual({ kept: { Memo: 'a', Fee: '5', Status: 'A' }, lost: [] })
    expect(agreed({ AjeraSync: 'N' }, {}, false)).toEqual({ kept: { AjeraSync: 'N' }, lost: [] })
  })

  it('is not agreed where the ERP holds something else, or nothing that the CRM has a word for', () => {
    expect(agreed({ Memo: 'a', Status: 'A', AjeraSync: 'N' }, { Notes: 'b', Status: 'Imaginary' })).toEqual({
      kept: {},
      lost: ['Memo', 'Status', 'AjeraSync'],
    })
    expect(agreed({ Memo: 'a', Unknown: 'b' }, {})).toEqual({ kept: {}, lost: ['Memo', 'Unknown'] })
  })
})
