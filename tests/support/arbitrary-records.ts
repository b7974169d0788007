import fc from 'fast-check'
import { defaultFieldMap } from '#lib/default-field-map'
import type { FieldMapEntry, FieldOwner } from '#lib/sync/field-map'
import { cutToLimit, foldWhiteSpace } from '#lib/sync/name-rule'
import type { CrmDescription } from '#lib/sync/ports'
import { type Fields, type FieldValue, RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { describeCrm } from './sync-records.ts'

/** Text with everything that makes text hard: white space of all kinds, marks that compose, astral and half characters. */
export const hardText = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.string({ maxLength: 12 }) },
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom(
        ' ',
        '  ',
        '\t',
        '\r\n',
        '\u00A0',
        '\u0085',
        '\u3000',
        '\uFEFF',
        '\u0301',
        '\u0323',
        '🏠',
        '\uD83C',
      ),
      fc.constantFrom('e\u0301', 'İ', 'ı', 'ẞ', 'ß', 'ς', 'Σ', '\u212A', 'J\u030C', 'ǰ', '\u0345', '\uFB05'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

const decimalText = fc
  .tuple(fc.constantFrom('', '-'), fc.nat(99_999_999).map(String), fc.stringMatching(/^\d{0,5}$/))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`)

const dateText = fc.constantFrom('2024-02-29', '2025-01-01', '2026-12-31', '2025-02-30')

function erpValue(entry: FieldMapEntry): fc.Arbitrary<FieldValue> {
  const { transform } = entry
  switch (transform.kind) {
    case 'decimal':
      return fc.oneof(decimalText, fc.constantFrom('0', '0.00', 'n/a'))
    case 'date':
      return dateText
    case 'flag':
      return fc.constantFrom('Y', 'N')
    case 'values':
      return fc.constantFrom(...Object.keys(transform.values), 'Imaginary')
    case 'code':
    case 'listed-name':
      return fc.constantFrom('Education', ' health  care', 'USA', 'United Kingdom', 'Nowhere')
    case 'reference':
      return fc.constantFrom('1', '2', '3')
    default:
      return hardText
  }
}

function crmValue(entry: FieldMapEntry): fc.Arbitrary<FieldValue> {
  switch (entry.transform.kind) {
    case 'decimal':
      return decimalText.map((text) => (text.includes('.') ? `${text}00` : `${text}.0000`))
    case 'date':
      return dateText
    case 'flag':
      return fc.constantFrom('Y', 'N')
    case 'values':
    case 'code':
      return fc.constantFrom('A', 'I', 'D', 'EDU', 'US')
    case 'reference':
      return fc.constantFrom('id-1', 'id-2', 'id-9')
    default:
      return hardText
  }
}

/** A record by field, each value empty, missing or something, with names chosen by `nameOf`. */
function fieldsOf(
  entries: readonly FieldMapEntry[],
  nameOf: (entry: FieldMapEntry) => string,
  valueFor: (entry: FieldMapEntry) => fc.Arbitrary<FieldValue>,
): fc.Arbitrary<Fields> {
  const model = Object.fromEntries(
    entries.map((entry) => [
      nameOf(entry),
      fc.oneof({ weight: 4, arbitrary: valueFor(entry) }, fc.constant(null), fc.constant('')),
    ]),
  )
  // A missing field was not read; fast-check types it as undefined.
  return fc
    .record(model, { requiredKeys: [] })
    .map((fields) => Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, value ?? null])))
}

export interface World {
  readonly type: RecordType
  readonly entries: readonly FieldMapEntry[]
  readonly erp: Fields
  readonly crm: Fields
  /** What an earlier ERP record left as base, or nothing. */
  readonly earlier: Fields | null
  /** Whether that earlier sync created the CRM record. */
  readonly wasCreated: boolean
  readonly pins: readonly string[]
  readonly mapped: Readonly<Record<string, string>>
  readonly description: CrmDescription
}

/** One pair in every state a pair can be in: any map, any content, fresh or synced before, fields pinned or missing. */
export const anyWorld: fc.Arbitrary<World> = fc
  .tuple(fc.constantFrom(...RECORD_TYPES), fc.integer({ min: 1, max: 60 }))
  .chain(([type, limit]) => {
    const entries = defaultFieldMap[type]
    const fields = entries.map((entry) => entry.crm)
    return fc.record({
      type: fc.constant(type),
      entries: fc.constant(entries),
      erp: fieldsOf(entries, (entry) => entry.erp, erpValue),
      crm: fieldsOf(entries, (entry) => entry.crm, crmValue),
      earlier: fc.option(fieldsOf(entries, (entry) => entry.erp, erpValue)),
      wasCreated: fc.boolean(),
      pins: fc.oneof(fc.constant<string[]>([]), fc.subarray(fields)),
      mapped: fc.constantFrom<Readonly<Record<string, string>>[]>(
        {},
        { 'employee 1': 'id-1', 'client 1': 'id-1', 'client 2': 'id-2' },
      ),
      description: fc.option(fc.subarray(fields)).map((writableFields) => limited(type, writableFields, limit)),
    })
  })

function limited(type: RecordType, writableFields: readonly string[] | null, limit: number): CrmDescription {
  const { types } = describeCrm()
  const lengths = Object.fromEntries(defaultFieldMap[type].map((entry) => [entry.crm, limit]))
  return describeCrm({ types: { ...types, [type]: { ...types[type], writableFields, lengths } } })
}

/** The same world with a CRM that holds nothing longer than it allows. */
export function withinLimits(world: World): World {
  const { lengths } = world.description.types[world.type]
  const kinds = new Map(world.entries.map((entry) => [entry.crm, entry.transform.kind]))
  const crm = Object.entries(world.crm).map(([field, value]) => {
    const isText = ['text', 'memo'].includes(kinds.get(field) ?? '')
    const limit = (isText ? lengths[field] : undefined) ?? Number.POSITIVE_INFINITY
    const folded = cutToLimit(foldWhiteSpace(value ?? ''), limit)
    return [field, folded.cut ? folded.value : value]
  })
  return { ...world, crm: Object.fromEntries(crm) }
}

/** The same world under a map whose fields belong to anybody. Of one ERP field that goes to two, the ERP stays owner. */
export function ownedAnew(world: World): fc.Arbitrary<World> {
  const owners = world.entries.map((entry) =>
    entry.owner === 'create' || ['short-name', 'long-name'].includes(entry.transform.kind)
      ? fc.constant(entry.owner)
      : fc.constantFrom<FieldOwner[]>('erp', 'shared', 'crm'),
  )
  return fc.tuple(...owners).map((chosen) => ({
    ...world,
    entries: world.entries.map((entry, index) => ({ ...entry, owner: chosen[index] ?? entry.owner })),
  }))
}
