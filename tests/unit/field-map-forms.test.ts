import { describe, expect, it } from 'vitest'
import { entryFromForm } from '#app/(console)/settings/field-map/entry-from-form.ts'
import { readEntryRequest } from '#app/(console)/settings/field-map/entry-request.ts'
import { transformWords } from '#app/(console)/settings/field-map/map-words.ts'
import { mapHref, passes, readMapSearch } from '#app/(console)/settings/field-map/search-params.ts'
import { FIELDS } from '#lib/ajera/fields'
import { defaultFieldMap } from '#lib/default-field-map'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { MapCheck } from '#lib/sync/map-fields'
import type { CrmField } from '#lib/sync/ports'
import { toParams } from '../../app/(console)/address.ts'
import { describeCrm, entriesOf } from '../support/sync-records.ts'

const crmField = (name: string, kind: CrmField['kind']): CrmField => ({
  name,
  label: name.replace(/^Cust/, ''),
  kind,
  required: false,
  writable: true,
  codes: null,
})

function checkOf(): MapCheck {
  const description = describeCrm()
  const fields = [
    crmField('CustText', 'text'),
    crmField('CustDate', 'date'),
    crmField('CustAmount', 'decimal'),
    crmField('CustCount', 'whole'),
    crmField('CustFlag', 'flag'),
    crmField('CustNote', 'memo'),
    crmField('AjeraSync2', 'flag'),
  ]
  const types = { ...description.types, project: { ...description.types.project, fields } }
  const names = { erp: 'Ajera', crm: 'Vantagepoint' }
  return { type: 'project', names, erpFields: FIELDS.project, description: { ...description, types } }
}

const BASE = { type: 'project', version: '0123456789abcdef', field: '', intent: 'save', owner: 'erp' }

function sent(fields: Readonly<Record<string, string>>, rows: readonly (readonly [string, string])[] = []): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries({ ...BASE, ...fields })) data.append(name, value)
  for (const [from, to] of rows) {
    data.append('from', from)
    data.append('to', to)
  }
  return data
}

function entryOf(
  fields: Readonly<Record<string, string>>,
  rows: readonly (readonly [string, string])[] = [],
  before: FieldMapEntry | null = null,
): FieldMapEntry {
  const request = readEntryRequest(sent(fields, rows))
  if (!request.ok) throw new Error(request.error ?? JSON.stringify(request.errors))
  return entryFromForm(request.form, checkOf(), before)
}

describe('the form of an entry', () => {
  it('takes the spelling of both systems, their names for the field, and the form that fits what it holds', () => {
    expect(entryOf({ erp: 'constructioncost', crm: 'custamount' })).toEqual({
      erp: 'ConstructionCost',
      crm: 'CustAmount',
      owner: 'erp',
      transform: { kind: 'decimal', places: 2 },
      label: 'Construction cost',
    })
    const auto = (erp: string, crm: string) => entryOf({ erp, crm, sending: 'auto' }).transform
    expect(auto('ConstructionCost', 'CustCount')).toEqual({ kind: 'decimal', places: 0 })
    expect(auto('ActualStartDate', 'CustDate')).toEqual({ kind: 'date' })
    expect(auto('LockFee', 'CustFlag')).toEqual({ kind: 'flag' })
    expect(auto('ProjectManager', 'CustText')).toEqual({ kind: 'reference', type: 'employee' })
    expect(auto('Notes', 'CustNote')).toEqual({ kind: 'memo' })
    expect(auto('Notes', 'CustText')).toEqual({ kind: 'text' })
    expect(auto('CustomFields.Opened on', 'CustDate')).toEqual({ kind: 'date' })
  })

  it('a custom field is called by its own name, a total is known as one', () => {
    expect(entryOf({ erp: 'CustomFields.Delivery method', crm: 'CustText' }).label).toBe('Delivery method')
    expect(entryOf({ erp: 'SpentLabor', crm: 'CustAmount' })).toMatchObject({ role: 'total' })
  })

  it('a fixed value has the form of the field it goes to', () => {
    const fixed = (crm: string, constant: string) => entryOf({ source: 'constant', crm, constant })
    expect(fixed('CustFlag', ' y ')).toMatchObject({ erp: '', constant: 'Y', transform: { kind: 'flag' } })
    expect(fixed('CustDate', '2026-03-31')).toMatchObject({ transform: { kind: 'date' } })
    expect(fixed('CustNote', 'a\nb ')).toMatchObject({ constant: 'a\nb', transform: { kind: 'memo' } })
    expect(fixed('CustText', ' North ')).toMatchObject({ constant: 'North', label: 'Text', owner: 'erp' })
  })

  it('what is only shown belongs to the CRM and is sent nowhere', () => {
    expect(entryOf({ source: 'none', crm: 'CustAmount', owner: 'erp', erp: 'Location', onlyIfEmpty: 'on' })).toEqual({
      erp: '',
      crm: 'CustAmount',
      owner: 'crm',
      transform: { kind: 'decimal', places: 2 },
      label: 'Amount',
      role: 'read-only',
    })
    const [template] = entriesOf('project', 'ProjectTemplate')
    expect(entryOf({ source: 'none', field: 'ProjectTemplate', crm: 'CustText' }, [], template)).toMatchObject({
      role: 'template',
    })
  })

  it('rows without a right side are left out, and two rows for one value are told', () => {
    const rows = [
      ['Active', 'A'],
      ['Teaming', ''],
      ['', ''],
      [' Hold ', 'I'],
    ] as const
    expect(entryOf({ erp: 'Status', crm: 'CustText', sending: 'values' }, rows).transform).toEqual({
      kind: 'values',
      values: { Active: 'A', Hold: 'I' },
    })
    const twice = readEntryRequest(
      sent({ sending: 'values' }, [
        ['Active', 'A'],
        ['Active', 'I'],
      ]),
    )
    expect(twice).toMatchObject({ ok: false, errors: { values: [expect.stringContaining('“Active” has two rows')] } })
  })

  it('what is fixed about an entry stays, whatever the form says', () => {
    const [number] = entriesOf('project', 'WBS1')
    const [flag] = entriesOf('project', 'AjeraSync')
    if (!number || !flag) throw new Error('The default map has no number or flag.')
    const form = { erp: 'Location', crm: 'AjeraSync2', owner: 'shared', onlyIfEmpty: 'on', label: 'No.' }
    expect(entryOf(form, [], number)).toEqual({ ...number, label: 'No.' })
    expect(entryOf(form, [], flag)).toEqual({ ...flag, label: 'No.', crm: 'AjeraSync2' })
  })

  it('complaints stand at the part that they are about, and what was entered comes back', () => {
    const request = readEntryRequest(sent({ places: '9', erp: 'x\u0000y', crm: 'CustText' }, [['a', 'b']]))
    expect(request).toMatchObject({ ok: false, values: { crm: 'CustText' }, rows: [{ from: 'a', to: 'b' }] })
    expect(request.ok ? [] : Object.keys(request.errors)).toEqual(['erp', 'transform'])
  })
})

describe('the address of the field map', () => {
  const read = (query: string) => readMapSearch(toParams(new URLSearchParams(query)))

  it('without parameters shows projects; what cannot be used is left out and named', () => {
    expect(read('')).toMatchObject({ type: 'project', text: null, record: null, field: null, done: null, ignored: [] })
    expect(read('type=spaceship&q=%00&done=hacked').ignored).toEqual(['type “spaceship”', 'search “”'])
  })

  it('reads its own links back', () => {
    const search = read(
      mapHref({ type: 'client', q: 'a&b', record: '12', field: 'X', done: 'saved' }).split('?')[1] ?? '',
    )
    expect(search).toMatchObject({ type: 'client', text: 'a&b', record: '12', field: 'X', done: 'saved' })
  })

  it('finds entries by every name they have and by how they are sent', () => {
    const found = (text: string) => defaultFieldMap.project.filter((entry) => passes(entry, text)).map(({ crm }) => crm)
    expect(found('projmgr')).toEqual(['ProjMgr'])
    expect(found('totalcontract')).toEqual(['Fee'])
    expect(found('PAIRED client')).toEqual(['ClientID'])
    expect(found('no such thing')).toEqual([])
  })

  it('every way of sending of the default maps has words', () => {
    const words = Object.values(defaultFieldMap).flatMap((entries) => entries.map(transformWords))
    for (const text of words) expect(text).toMatch(/^[A-Z]/)
  })
})
