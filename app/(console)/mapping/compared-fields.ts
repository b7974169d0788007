import { displayText } from '#lib/sync/display-text'
import type { FieldMap, FieldMapEntry } from '#lib/sync/field-map'
import type { Fields, RecordType } from '#lib/sync/records'

/** What tells namesakes apart, by CRM field name. */
const TELLING: Readonly<Record<RecordType, readonly string[]>> = {
  project: ['WBS1', 'StartDate', 'EstCompletionDate', 'Fee'],
  client: ['Address1', 'City', 'Phone', 'PrimaryEmail', 'WebSite'],
  vendor: ['Address1', 'City', 'Phone', 'PrimaryEmail', 'WebSite'],
  contact: ['Title', 'Email', 'Phone', 'City'],
  employee: ['Title', 'EMail', 'WorkPhone', 'HireDate'],
}

export interface ComparedField {
  readonly label: string
  readonly erp: string | null
  /** One value per candidate, in their order. */
  readonly crm: readonly { readonly value: string | null; readonly isSame: boolean }[]
}

/**
 * The telling fields of an ERP record beside those of its candidates, as far as the connection's field map has them;
 * fields that are empty everywhere are left out.
 */
export function comparedFields(
  fieldMap: FieldMap,
  type: RecordType,
  erp: Fields,
  candidates: readonly { readonly crmId: string; readonly fields: Fields }[],
): ComparedField[] {
  const entries = TELLING[type].flatMap((crm) => fieldMap[type].find((entry) => entry.crm === crm) ?? [])
  return entries
    .map((entry) => {
      const own = erp[entry.erp] ?? null
      const crm = candidates.map(({ crmId, fields }) => {
        const value = entry.role === 'number' ? crmId : (fields[entry.crm] ?? null)
        return { value: shown(entry, value), isSame: value !== null && shown(entry, own) === shown(entry, value) }
      })
      return { label: entry.label, erp: shown(entry, own), crm }
    })
    .filter((field) => field.erp !== null || field.crm.some(({ value }) => value !== null))
}

function shown(entry: FieldMapEntry, value: string | null): string | null {
  if (value === null || value.trim() === '') return null
  const number = Number(value)
  if (entry.transform.kind === 'decimal' && Number.isFinite(number)) {
    return number.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  }
  return displayText(value, 80)
}
