import { canonicalCrmValue } from '#lib/sync/canonical'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { Fields, FieldValue, RecordType } from '#lib/sync/records'
import { transformValue } from '#lib/sync/transform'
import { lookups } from './sync-records.ts'

/** One thing that a field can say, as either system would hold it. */
export interface Meaning {
  readonly erp: FieldValue
  readonly crm: FieldValue
}

const NOTHING: Meaning = { erp: null, crm: null }
const alike = (...texts: string[]): Meaning[] => texts.map((text) => ({ erp: text, crm: text }))

/** So few that two sides often say the same; among them what has no form on the other side. */
export function meaningsOf({ transform }: FieldMapEntry): readonly Meaning[] {
  switch (transform.kind) {
    case 'decimal':
      return [NOTHING, { erp: '12.5', crm: '12.5000' }, { erp: '-3.005', crm: '-3.0100' }, { erp: '7', crm: '7.00' }]
    case 'date':
      return [NOTHING, ...alike('2024-02-29', '2026-12-31', '2025-02-30')]
    case 'flag':
      return alike('N', 'Y')
    case 'values': {
      const known = Object.entries(transform.values).map(([erp, crm]) => ({ erp, crm }))
      return [...known.filter(({ erp }) => erp !== 'Closed'), NOTHING, { erp: 'Imaginary', crm: 'Z' }]
    }
    case 'code':
      return [NOTHING, { erp: 'Education', crm: 'EDU' }, { erp: ' health  care', crm: 'HLT' }, ...alike('Nowhere')]
    case 'listed-name':
      return [NOTHING, { erp: 'USA', crm: 'United States' }, ...alike('United Kingdom', 'Atlantis')]
    case 'reference': {
      const { type } = transform
      return [NOTHING, ...['1', '2', '3', '9'].map((key) => ({ erp: key, crm: crmIdOf(type, key) }))]
    }
    default:
      return [
        NOTHING,
        { erp: 'Alpha', crm: 'Alpha' },
        { erp: ' Beta\t two', crm: 'Beta two ' },
        { erp: 'Gamma '.repeat(12), crm: 'Delta' },
      ]
  }
}

export function crmIdOf(type: RecordType, key: string): string {
  return type === 'project' ? `P-${key}` : `${type}-${key}`
}

/** What the base holds where both sides said this once. */
export function baseOf(entry: FieldMapEntry, type: RecordType, meaning: Meaning): FieldValue {
  if (entry.transform.kind === 'reference') return meaning.crm
  const value = transformValue(entry, type, meaning.erp, lookups())
  return value.ok ? value.value : canonicalCrmValue(entry.transform, meaning.crm)
}

/** Names are few, so that namesakes are met; from the tenth on they are longer than a short name may be. */
export const NAMES = 13

export function nameNumber(number: number): string {
  const long = ' of the northern harbour and its quays'
  return number < 10 ? `Hall ${number}` : `Great Hall ${number}${long}`
}

/** Fields that hold the name of a record, on either side. */
export function namedFields(type: RecordType, name: string): { readonly erp: Fields; readonly crm: Fields } {
  if (type === 'contact' || type === 'employee') {
    const parts = { FirstName: 'Ann', LastName: name }
    return { erp: parts, crm: parts }
  }
  if (type !== 'project') return { erp: { [type === 'vendor' ? 'Name' : 'Description']: name }, crm: { Name: name } }
  return { erp: { Description: name }, crm: { Name: name.slice(0, 40), LongName: name } }
}
