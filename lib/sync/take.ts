import { isYes, sameValue } from './canonical.ts'
import type { FieldMapEntry } from './field-map.ts'
import { nameKey } from './name-rule.ts'
import type { ErpField } from './ports.ts'
import { type ProblemCode, problemCodes } from './problems.ts'
import type { FieldValue, RecordType } from './records.ts'
import { type Lookups, lookUpValue, transformValue } from './transform.ts'

/** A CRM value in its ERP form, or why it has none; `value` is the CRM's. */
export type Taken =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly code: ProblemCode; readonly value: string }

/**
 * Whether the ERP has a field that a value of the CRM can go to (sync-rules §9).
 *
 * @param erpFields what the ERP says of its fields; a field that it does not name is assumed to take a value.
 */
export function isTakeable(entry: FieldMapEntry, erpFields: readonly ErpField[] = []): boolean {
  const fixed = entry.role === 'number' || entry.role === 'total' || entry.role === 'template'
  if (entry.erp === '' || entry.constant !== undefined || entry.role === 'read-only' || fixed) return false
  return isErpWritable(entry.erp, erpFields)
}

export function isErpWritable(name: string, erpFields: readonly ErpField[]): boolean {
  const field = erpFields.find((one) => (one.isOpen ? name.startsWith(one.name) : one.name === name))
  return field?.writable !== false
}

/**
 * The ERP's form of a value in CRM form: the transform of the field map, backwards (sync-rules §7.2, §9). Where several
 * ERP values mean the same in the CRM, the one the ERP holds already stays, else the first in the value map is taken.
 * A form that would not come back as the same value is none: the two sides would never agree on it.
 */
export function takeValue(
  entry: FieldMapEntry,
  type: RecordType,
  sides: { readonly value: FieldValue; readonly held: FieldValue },
  lookups: Lookups,
): Taken {
  const form = formOf(entry, sides.value, sides.held, lookups)
  // A link is one to one by itself; its two spellings need not be the same.
  if (!form.ok || form.value === null || ['flag', 'reference'].includes(entry.transform.kind)) return form
  const back = transformValue(entry, type, form.value, lookups)
  if (!back.ok) return missing(back.warning.code, sides.value ?? '')
  return sameValue(entry.transform, back.value, sides.value)
    ? form
    : missing(problemCodes.unknownCode, sides.value ?? '')
}

function formOf(entry: FieldMapEntry, value: FieldValue, held: FieldValue, lookups: Lookups): Taken {
  const { transform } = entry
  if (transform.kind === 'flag') return taken(isYes(value) ? 'Y' : 'N')
  if (value === null) return taken(null)
  switch (transform.kind) {
    case 'values': {
      if (held !== null && lookUpValue(transform.values, held) === value) return taken(held)
      const first = Object.entries(transform.values).find(([, crm]) => crm === value)?.[0]
      return first === undefined ? missing(problemCodes.unknownCode, value) : taken(first)
    }
    case 'code': {
      const table = lookups.description.codeTables[transform.table]
      if (table === undefined) return missing(problemCodes.codeTableMissing, value)
      const found = table.find((one) => one.code === value)
      return found === undefined ? missing(problemCodes.unknownCode, value) : taken(found.description)
    }
    case 'listed-name': {
      if (held !== null && nameKey(lookUpValue(transform.values, held) ?? held) === nameKey(value)) return taken(held)
      const first = Object.entries(transform.values).find(([, crm]) => nameKey(crm) === nameKey(value))?.[0]
      return taken(first ?? value)
    }
    case 'reference': {
      const key = lookups.referenceBack(transform.type, value)
      return key === null ? missing(problemCodes.unmappedReference, value) : taken(key)
    }
    default:
      return taken(value)
  }
}

function taken(value: FieldValue): Taken {
  return { ok: true, value }
}

function missing(code: ProblemCode, value: string): Taken {
  return { ok: false, code, value }
}
