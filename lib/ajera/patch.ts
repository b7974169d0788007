import type { FieldMap } from '#lib/sync/field-map'
import type { FieldValue, RecordType } from '#lib/sync/records'
import { SYSTEM } from './config.ts'
import { fieldNamed } from './fields.ts'
import { refuse } from './refusal.ts'
import { isReadable, propertiesFor, propertyFor, type WireRow } from './wire.ts'

export type Changes = Readonly<Record<string, FieldValue>>

/** Code points of a project's description (ajera-api §7). */
const DESCRIPTION_LIMIT = 80

function wireValue(kind: string, value: FieldValue, type: RecordType): unknown {
  switch (kind) {
    case 'flag':
      return value === 'Y'
    case 'decimal':
      return value === null ? null : Number(value)
    case 'date':
      return value
    case 'reference':
      if (value === null) return null
      return type === 'project' ? { EmployeeKey: Number(value) } : Number(value)
    default:
      return value ?? ''
  }
}

function kindOf(type: RecordType, field: string, fieldMap: FieldMap): string {
  if (type === 'project' && field === 'SyncToCRM') return 'flag'
  const entry = fieldMap[type].find(({ erp }) => erp === field)
  const known = fieldNamed(type, field)
  // Number and client of a project and every looked-up description belong to the ERP; its API takes no text for them.
  if (!entry || !isReadable(entry) || known?.writable === false) {
    throw refuse('unknown-field', `The field ${field} cannot be changed in ${SYSTEM}.`, field)
  }
  return known?.kind ?? entry.transform.kind
}

/**
 * Our field names and values as properties of `row`, in the spelling this row uses. An emptied field is emptied under
 * each of its spellings, so that no other one shows instead. Throws {@link RemoteFailure} `unknown-field` for what the
 * API cannot take, `too-long` for a project's description over its limit.
 */
export function patchFor(type: RecordType, row: WireRow, changes: Changes, fieldMap: FieldMap): WireRow {
  const patch: WireRow = {}
  for (const [field, value] of Object.entries(changes)) {
    const sent = wireValue(kindOf(type, field, fieldMap), value, type)
    const length = Array.from(value ?? '').length
    if (type === 'project' && field === 'Description' && length > DESCRIPTION_LIMIT) {
      const message = `${SYSTEM} takes at most ${DESCRIPTION_LIMIT} characters for a project’s description, and this one has ${length}. Shorten it.`
      throw refuse('too-long', message, field)
    }
    const properties = value === null ? propertiesFor(row, field) : [propertyFor(row, field)]
    for (const property of properties) patch[property] = sent
  }
  return patch
}
