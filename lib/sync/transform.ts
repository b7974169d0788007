import { emptyToNull, foldMemo, isYes } from './canonical.ts'
import { roundDecimal } from './decimal.ts'
import type { FieldMapEntry, FieldTransform } from './field-map.ts'
import { compareText } from './keys.ts'
import { cutToLimit, foldWhiteSpace, nameKey } from './name-rule.ts'
import type { CodeEntry, CrmDescription } from './ports.ts'
import { type ProblemCode, problemCodes } from './problems.ts'
import type { FieldValue, RecordType } from './records.ts'

/** What the rules must be able to ask while they turn ERP values into CRM values. */
export interface Lookups {
  /** The CRM id of the mapped ERP record, `null` when it is not mapped. */
  readonly reference: (type: RecordType, erpKey: string) => string | null
  /** The ERP key of the mapped CRM record, `null` when it is not mapped. */
  readonly referenceBack: (type: RecordType, crmId: string) => string | null
  readonly description: CrmDescription
}

/** What is to be told about a value; `value` is the ERP's, as it was read. */
export interface ValueWarning {
  readonly code: ProblemCode
  readonly value: string
}

/**
 * An ERP value in its CRM form, or why it has none. `mayResolve`: the same ERP value may have one in a later run,
 * because it hangs on a mapping, a code table or a value map.
 */
export type Transformed =
  | { readonly ok: true; readonly value: FieldValue; readonly warning: ValueWarning | null }
  | { readonly ok: false; readonly warning: ValueWarning; readonly mayResolve: boolean }

/**
 * The value to send for an ERP value: transformed, looked up and cut to the CRM's limit (sync-rules §7.4–7.6, §13.7,
 * §13.11). An empty value is empty whatever the transform; a flag without a value is no.
 */
export function transformValue(
  entry: Pick<FieldMapEntry, 'crm' | 'transform'>,
  type: RecordType,
  raw: FieldValue,
  lookups: Lookups,
): Transformed {
  const { transform } = entry
  if (transform.kind === 'flag') return found(isYes(raw) ? 'Y' : 'N')
  const text = transform.kind === 'memo' ? foldMemo(raw ?? '') : foldWhiteSpace(raw ?? '')
  if (text === '') return found(null)
  switch (transform.kind) {
    case 'text':
    case 'memo':
    case 'short-name':
    case 'long-name':
      return cut(text, lengthLimit(entry, type, lookups.description))
    case 'date':
      return isDate(text) ? found(text) : missing(problemCodes.unusableValue, text, false)
    case 'decimal': {
      const amount = roundDecimal(text, transform.places)
      return amount === null ? missing(problemCodes.unusableValue, text, false) : found(amount)
    }
    case 'values': {
      const value = lookUpValue(transform.values, text)
      return value === null ? missing(problemCodes.unknownCode, text, true) : found(value)
    }
    case 'code':
      return lookUpCode(transform, text, lookups.description)
    case 'listed-name':
      return lookUpName(transform, text, lookups.description)
    case 'reference': {
      const id = lookups.reference(transform.type, text)
      return id === null ? missing(problemCodes.unmappedReference, text, true) : found(id)
    }
  }
}

function lengthLimit(
  entry: Pick<FieldMapEntry, 'crm' | 'transform'>,
  type: RecordType,
  description: CrmDescription,
): number | null {
  if (entry.transform.kind === 'short-name') return description.shortName.limit
  if (entry.transform.kind === 'long-name') return description.longName.limit
  return description.types[type].lengths[entry.crm] ?? null
}

function cut(text: string, limit: number | null): Transformed {
  if (limit === null) return found(text)
  const result = cutToLimit(text, limit)
  const warning = result.cut ? { code: problemCodes.valueCut, value: text } : null
  return { ok: true, value: emptyToNull(result.value), warning }
}

function lookUpCode(
  transform: Extract<FieldTransform, { kind: 'code' }>,
  text: string,
  description: CrmDescription,
): Transformed {
  const table = description.codeTables[transform.table]
  if (table === undefined) return missing(problemCodes.codeTableMissing, text, true)
  const code = codesByDescription(table).get(nameKey(text))
  return code === undefined ? missing(problemCodes.unknownCode, text, true) : found(code)
}

function lookUpName(
  transform: Extract<FieldTransform, { kind: 'listed-name' }>,
  text: string,
  description: CrmDescription,
): Transformed {
  const table = description.codeTables[transform.table]
  const wanted = lookUpValue(transform.values, text) ?? text
  if (table === undefined) return found(wanted)
  const key = nameKey(wanted)
  const listed = table.find((entry) => nameKey(entry.description) === key || nameKey(entry.code) === key)
  return listed === undefined ? missing(problemCodes.unknownCode, text, true) : found(listed.description)
}

/** The mapped value: by exact spelling, else by the same name rule as everything else that people type. */
export function lookUpValue(values: Readonly<Record<string, string>>, text: string): string | null {
  if (Object.hasOwn(values, text)) return values[text] ?? null
  const key = nameKey(text)
  return Object.entries(values).find(([from]) => nameKey(from) === key)?.[1] ?? null
}

// The description of a CRM stays one object for a whole run of thousands of records; its tables are indexed once.
const tableIndexes = new WeakMap<readonly CodeEntry[], ReadonlyMap<string, string>>()

/** Codes by description. Of several codes with one description the first in code order stands for all. */
function codesByDescription(table: readonly CodeEntry[]): ReadonlyMap<string, string> {
  const known = tableIndexes.get(table)
  if (known) return known
  const descending = [...table].sort((a, b) => compareText(b.code, a.code))
  const index = new Map(descending.map((entry) => [nameKey(entry.description), entry.code]))
  tableIndexes.set(table, index)
  return index
}

const DATE = /^\d{4}-\d{2}-\d{2}$/

/** A day of the calendar as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false
  const stamp = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(stamp) && new Date(stamp).toISOString().startsWith(text)
}

function found(value: FieldValue): Transformed {
  return { ok: true, value, warning: null }
}

function missing(code: ProblemCode, value: string, mayResolve: boolean): Transformed {
  return { ok: false, warning: { code, value }, mayResolve }
}
