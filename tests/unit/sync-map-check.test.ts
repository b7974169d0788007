import { describe, expect, it } from 'vitest'
import { FIELDS } from '#lib/ajera/fields'
import { defaultFieldMap } from '#lib/default-field-map'
import type { FieldMapEntry, FieldTransform } from '#lib/sync/field-map'
import { checkFieldMap, hasErrors, type MapFinding } from '#lib/sync/map-check'
import { isRequiredEntry, type MapCheck } from '#lib/sync/map-fields'
import type { CrmDescription, CrmField } from '#lib/sync/ports'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { describeCrm, entriesOf } from '../support/sync-records.ts'

const names = { erp: 'Books', crm: 'Leads' }
const text: FieldTransform = { kind: 'text' }

const field = (name: string, more: Partial<CrmField> = {}): CrmField => ({
  name,
  label: name,
  kind: 'text',
  required: false,
  writable: true,
  codes: null,
  ...more,
})

/** A CRM that has every field of the default map and a few of its own. */
function described(
  type: RecordType,
  own: readonly CrmField[] = [],
  more: Partial<CrmDescription> = {},
): CrmDescription {
  const description = describeCrm(more)
  const mapped = defaultFieldMap[type].map(({ crm, transform }) =>
    field(crm, { kind: transform.kind === 'decimal' ? 'decimal' : transform.kind === 'date' ? 'date' : 'text' }),
  )
  const fields = [...mapped.filter(({ name }) => !own.some((other) => other.name === name)), ...own]
  const types = {
    ...description.types,
    [type]: { ...description.types[type], fields, writableFields: fields.map(({ name }) => name) },
  }
  return { ...description, types }
}

const OWN = [
  field('CustText'),
  field('CustDate', { kind: 'date' }),
  field('CustAmount', { kind: 'decimal' }),
  field('CustCount', { kind: 'whole' }),
  field('CustFlag', { kind: 'flag' }),
  field('CustCode', { codes: [{ code: 'A', description: 'Active' }] }),
  field('Computed', { writable: false }),
]

const entry = (more: Partial<FieldMapEntry> = {}): FieldMapEntry => ({
  erp: 'Location',
  crm: 'CustText',
  owner: 'erp',
  transform: text,
  label: 'Office',
  ...more,
})

/** What is found when one entry is added to a map that stood before. */
function found(
  added: Partial<FieldMapEntry>,
  type: RecordType = 'project',
  description?: CrmDescription,
): MapFinding[] {
  const before = defaultFieldMap[type]
  const check = { type, names, erpFields: FIELDS[type], description: description ?? described(type, OWN) }
  return checkFieldMap(check, [...before, entry(added)], before)
}

const told = (findings: readonly MapFinding[]) => findings.map(({ level, part, crm }) => `${level} ${part} ${crm}`)

describe('a field map against what both systems have', () => {
  it.each(RECORD_TYPES)('the default for %s records has nothing wrong with it', (type) => {
    const check: MapCheck = { type, names, erpFields: FIELDS[type], description: described(type) }
    expect(checkFieldMap(check, defaultFieldMap[type], [])).toEqual([])
  })

  it('an entry that fits is found nothing about, and every sentence about another names the systems by their names', () => {
    expect(found({})).toEqual([])
    const all = [found({ crm: 'CustNowhere' }), found({ erp: 'Nowhere' }), found({ crm: 'Computed' })].flat()
    for (const { message } of all) expect(message).toMatch(/^[A-Z].*\.$/)
    expect(all.map(({ message }) => /Leads|Books/.exec(message)?.[0])).toEqual(['Leads', 'Books', 'Leads'])
  })

  it('fields that neither side has are errors', () => {
    expect(told(found({ crm: 'CustNowhere' }))).toEqual(['error crm CustNowhere'])
    expect(told(found({ crm: '' }))).toEqual(['error crm '])
    expect(told(found({ erp: 'Nowhere' }))).toEqual(['error erp CustText'])
    expect(told(found({ erp: 'SocialSecurityNumber' }, 'employee'))).toContain('error erp CustText')
    expect(told(found({ erp: '' }))).toContain('error erp CustText')
  })

  it('custom fields of the ERP go by their own name, and not by the prefix alone', () => {
    expect(found({ erp: 'CustomFields.Delivery method' })).toEqual([])
    expect(told(found({ erp: 'CustomFields.' }))).toEqual(['error erp CustText'])
    expect(told(found({ erp: 'CustomFields.Size' }, 'client'))).toEqual(['error erp CustText'])
  })

  it('a field that the CRM fills itself is an error, unless it is only shown', () => {
    expect(told(found({ crm: 'Computed' }))).toEqual(['error crm Computed'])
    expect(found({ crm: 'Computed', owner: 'crm', erp: '', role: 'read-only' })).toEqual([])
  })

  it('where a CRM shows no metadata, an unknown field is a warning, because nobody can tell', () => {
    const description = described('project', OWN)
    const project = { ...description.types.project, writableFields: null }
    const silent = { ...description, types: { ...description.types, project } }
    expect(told(found({ crm: 'CustNowhere' }, 'project', silent))).toEqual(['warning crm CustNowhere'])
  })

  it('two entries for one CRM field are an error, whatever its letter case', () => {
    expect(told(found({ crm: 'Memo' }))).toEqual(['error crm Memo'])
    expect(told(found({ crm: 'memo' })).filter((line) => line.startsWith('error crm memo'))).toHaveLength(2)
  })

  it('what stood in the map before is a warning, so that something else can be saved', () => {
    const description = described('project', OWN)
    const check = { type: 'project', names, erpFields: FIELDS.project, description } as const
    const old = entry({ crm: 'CustNowhere' })
    const before = [...defaultFieldMap.project, old]
    expect(told(checkFieldMap(check, [...before, entry()], before))).toEqual(['warning crm CustNowhere'])
    const edited = [...defaultFieldMap.project, { ...old, owner: 'create' as const }]
    expect(hasErrors(checkFieldMap(check, edited, before))).toBe(true)
  })
})

describe('who may own a field (§9)', () => {
  it('the CRM owns or shares only what can travel back', () => {
    for (const owner of ['crm', 'shared'] as const) {
      expect(told(found({ owner, erp: 'ProjectTypeDescription' }))).toEqual(['error owner CustText'])
      expect(
        told(
          found({
            owner,
            erp: 'SpentLabor',
            role: 'total',
            crm: 'CustAmount',
            transform: { kind: 'decimal', places: 2 },
          }),
        ),
      ).toEqual(['error owner CustAmount'])
      expect(told(found({ owner, erp: 'CustomFields.Size' }))).toEqual(['error owner CustText'])
      expect(found({ owner })).toEqual([])
    }
  })

  it('employees belong to the ERP', () => {
    const [finding] = found({ owner: 'shared', erp: 'Website' }, 'employee')
    expect(finding).toMatchObject({ level: 'error', part: 'owner', message: expect.stringContaining('in Books only') })
    expect(found({ owner: 'create', erp: 'Website' }, 'employee')).toEqual([])
  })

  it('a fixed value is sent or created, never taken', () => {
    expect(told(found({ erp: '', constant: 'North', owner: 'shared' }))).toEqual(['error owner CustText'])
    expect(found({ erp: '', constant: 'North', owner: 'create' })).toEqual([])
  })
})

describe('how a value is sent', () => {
  it('fits the kind of the ERP’s field', () => {
    expect(told(found({ erp: 'ActualStartDate', transform: { kind: 'decimal', places: 2 } }))).toEqual([
      'error transform CustText',
    ])
    expect(told(found({ erp: 'LockFee', transform: { kind: 'date' } }))).toEqual(['error transform CustText'])
    expect(found({ erp: 'ActualStartDate', transform: { kind: 'date' }, crm: 'CustDate' })).toEqual([])
    expect(told(found({ erp: 'ProjectManager', transform: { kind: 'reference', type: 'client' } }))).toEqual([
      'error transform CustText',
    ])
  })

  it('fits the kind of the CRM’s field, so that a value once sent is found again', () => {
    expect(told(found({ crm: 'CustDate' }))).toEqual(['error transform CustDate'])
    expect(told(found({ crm: 'CustAmount', erp: 'ConstructionCost' }))).toEqual(['error transform CustAmount'])
    expect(
      told(found({ crm: 'CustCount', erp: 'ConstructionCost', transform: { kind: 'decimal', places: 2 } })),
    ).toEqual(['error transform CustCount'])
    expect(found({ crm: 'CustCount', erp: 'ConstructionCost', transform: { kind: 'decimal', places: 0 } })).toEqual([])
  })

  it('a list that the CRM does not give is an error for codes, and a warning for names, which are sent as they are', () => {
    expect(told(found({ transform: { kind: 'code', table: 'Region' } }))).toEqual(['error transform CustText'])
    expect(told(found({ transform: { kind: 'listed-name', table: 'Region', values: {} } }))).toEqual([
      'warning transform CustText',
    ])
    expect(found({ transform: { kind: 'code', table: 'ProjectType' } })).toEqual([])
  })

  it('a yes or no is never empty, so it is not written only if empty', () => {
    expect(told(found({ erp: 'LockFee', transform: { kind: 'flag' }, crm: 'CustFlag', onlyIfEmpty: true }))).toEqual([
      'error onlyIfEmpty CustFlag',
    ])
    expect(found({ onlyIfEmpty: true })).toEqual([])
  })
})

describe('a fixed value', () => {
  it.each([
    ['CustDate', '31.3.2026', '2026-03-31'],
    ['CustDate', '2026-02-31', '2026-02-28'],
    ['CustAmount', 'many', '12.50'],
    ['CustCount', '1.5', '2'],
    ['CustFlag', 'yes', 'Y'],
    ['CustCode', 'Active', 'A'],
    ['CustText', ' ', 'North'],
  ])('in %s cannot be “%s” and can be “%s”', (crm, wrong, right) => {
    const constant = (value: string) => found({ crm, erp: '', constant: value })
    expect(told(constant(wrong))).toEqual([`error constant ${crm}`])
    expect(constant(right)).toEqual([])
  })

  it('fits the length of the CRM’s field (§7.4)', () => {
    const description = described('project', OWN)
    const project = { ...description.types.project, lengths: { CustText: 3 } }
    const short = { ...description, types: { ...description.types, project } }
    expect(told(found({ erp: '', constant: 'Nord' }, 'project', short))).toEqual(['error constant CustText'])
    expect(found({ erp: '', constant: '北海道' }, 'project', short)).toEqual([])
  })
})

describe('a value map', () => {
  const values = (rows: Readonly<Record<string, string>>, crm = 'CustCode') =>
    told(found({ crm, erp: 'Status', transform: { kind: 'values', values: rows } }))

  it('has rows, two sides to each, and one row for a value', () => {
    expect(values({})).toEqual(['error values CustCode'])
    expect(values({ Active: '' }, 'CustText')).toEqual(['error values CustText'])
    expect(values({ Active: 'A', ' active ': 'A' })).toEqual(['error values CustCode'])
    expect(values({ Active: 'A' })).toEqual([])
  })

  it('names only codes that the CRM knows, where it tells which', () => {
    expect(values({ Active: 'B' })).toEqual(['error values CustCode'])
    expect(values({ Active: 'B' }, 'CustText')).toEqual([])
    const countries = (to: string) =>
      told(found({ transform: { kind: 'listed-name', table: 'Country', values: { USA: to } } }))
    expect(countries('united states')).toEqual([])
    expect(countries('Atlantis')).toEqual(['error values CustText'])
  })
})

describe('what must stay (§4.4, §8.8)', () => {
  const check: MapCheck = { type: 'project', names, erpFields: FIELDS.project, description: described('project') }
  const before = defaultFieldMap.project
  const edit = (crm: string, more: Partial<FieldMapEntry>) =>
    before.map((each) => (each.crm === crm ? { ...each, ...more } : each))

  it.each(['WBS1', 'Name', 'LongName', 'AjeraSync'])('%s is not removed, nor given another source or owner', (crm) => {
    const without = before.filter((each) => each.crm !== crm)
    expect(checkFieldMap(check, without, before)).toMatchObject([{ level: 'error', crm, part: null }])
    for (const change of [{ erp: 'Location' }, { owner: 'erp', constant: 'x' }, { onlyIfEmpty: true }] as const) {
      expect(hasErrors(checkFieldMap(check, edit(crm, change), before)), JSON.stringify(change)).toBe(true)
    }
    expect(checkFieldMap(check, edit(crm, { label: 'Another' }), before)).toEqual([])
  })

  it('the sync flag may live in another field of the CRM', () => {
    const description = described('project', [field('CustSync', { kind: 'flag' })])
    expect(checkFieldMap({ ...check, description }, edit('AjeraSync', { crm: 'CustSync' }), before)).toEqual([])
  })

  it('a field that the CRM needs is an error once it is taken out, and a warning while it was never there', () => {
    const description = described('project', [
      field('Fee', { required: true, kind: 'decimal' }),
      field('Org', { required: true }),
    ])
    const without = before.filter((each) => each.crm !== 'Fee')
    expect(told(checkFieldMap({ ...check, description }, without, before))).toEqual([
      'error null Fee',
      'warning null Org',
    ])
    expect(told(checkFieldMap({ ...check, description }, [...before, entry({ crm: 'Org' })], before))).toEqual([])
  })

  it('required entries are known as such', () => {
    const description = described('project', [field('Fee', { required: true, kind: 'decimal' })])
    const required = before.filter((each) => isRequiredEntry({ type: 'project', description }, each))
    expect(required.map(({ crm }) => crm)).toEqual(['WBS1', 'Name', 'LongName', 'Fee', 'AjeraSync'])
  })

  it('a name for people is not empty and not endless', () => {
    const [name] = entriesOf('project', 'Fee')
    if (!name) throw new Error('The default map has no Fee.')
    for (const label of ['', ' ', 'x'.repeat(61)]) {
      expect(told(checkFieldMap(check, edit('Fee', { label }), before))).toEqual(['error label Fee'])
    }
  })
})
