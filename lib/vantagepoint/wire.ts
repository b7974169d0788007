import { z } from 'zod'
import { dateText, decimalText, flagText, plainText, referenceText } from '#lib/http/json-values'
import type { FieldMap, FieldMapEntry } from '#lib/sync/field-map'
import type { CrmRecord, FieldValue, RecordType } from '#lib/sync/records'
import { isSensitive } from '#lib/sync/sensitive'
import { FIRM_ADDRESS_FIELDS, HUBS, isFirm, SYNC_FLAG, type VantagepointConfig } from './config.ts'
import type { HubSchema } from './metadata.ts'

export const wireRow = z.record(z.string(), z.unknown())
export type WireRow = z.infer<typeof wireRow>

/** A list, a list of one or a single object: all three occur (vantagepoint-api §3). `null`: something else. */
export function rowsFrom(json: unknown): WireRow[] | null {
  const list = z.array(wireRow).safeParse(json)
  if (list.success) return list.data
  const single = wireRow.safeParse(json)
  return single.success ? [single.data] : null
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

/** Phases and tasks share the table of projects; only rows without both lower levels are projects. */
export function isTopLevel(row: WireRow): boolean {
  return isBlank(row.WBS2) && isBlank(row.WBS3)
}

/** A consultant's firm: marked as vendor and not as client. One that is both is a client. */
function isVendorFirm(row: WireRow): boolean {
  return flagText(row.VendorInd) === 'Y' && flagText(row.ClientInd) !== 'Y'
}

/**
 * Is this row of the hub a record of this type? Client firms and vendor firms are read apart, so that neither is ever
 * matched or adopted as the other. A firm that does not tell what it is counts as a client.
 */
export function isOfType(type: RecordType, row: WireRow): boolean {
  if (type === 'vendor') return isVendorFirm(row)
  return type !== 'client' || (flagText(row.ClientInd) !== 'N' && !isVendorFirm(row))
}

/** `YYYY-MM-DDTHH:MM:SS`, UTC without saying so, sometimes with fraction or `Z`, as ISO UTC. */
export function stamp(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?Z?$/.exec(value.trim())
  if (!match) return null
  const at = Date.parse(`${match[1]}T${match[2]}${(match[3] ?? '').slice(0, 4)}Z`)
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}

/** A moment in the form ModDate is compared with; whole seconds, rounded down. */
export function filterStamp(iso: string): string {
  return new Date(iso).toISOString().slice(0, 19)
}

function fieldValue(raw: unknown, { transform }: FieldMapEntry): FieldValue {
  switch (transform.kind) {
    case 'date':
      return dateText(raw)
    case 'decimal':
      return decimalText(raw)
    case 'flag':
      return flagText(raw)
    case 'reference':
    case 'code':
    case 'listed-name':
    case 'values':
      return referenceText(plainText(raw))
    default:
      return plainText(raw)
  }
}

/** A canonical value as Vantagepoint takes it; `""` clears. */
export function wireValue(value: FieldValue, { transform }: FieldMapEntry): string | number {
  if (value === null) return ''
  return transform.kind === 'decimal' ? Number(value) : value
}

export function syncFlagField(fieldMap: FieldMap): string {
  return fieldMap.project.find(({ role }) => role === 'sync-flag')?.crm ?? SYNC_FLAG
}

export function isAddressField(type: RecordType, field: string): boolean {
  return isFirm(type) && FIRM_ADDRESS_FIELDS.includes(field)
}

/** Sensitive columns are never asked for, whatever a field map says (sync-rules §3.5). */
function isReadable(type: RecordType) {
  return (field: string) => field !== '' && !isSensitive(field) && !isAddressField(type, field)
}

/** Exactly the columns to ask for: key, names, stamps, flags and mapped fields, as far as this tenant has them. */
export function columnsFor(
  type: RecordType,
  { fieldMap, externalKeyField }: Pick<VantagepointConfig, 'fieldMap' | 'externalKeyField'>,
  schema: HubSchema | null,
): string[] {
  const { key, nameFields, kindFields, hasSyncFlag } = HUBS[type]
  const mapped = fieldMap[type].map(({ crm }) => crm).filter(isReadable(type))
  const certain = [key, ...kindFields, 'ModDate', 'CreateDate']
  const wished = [...nameFields, ...mapped, externalKeyField, ...(hasSyncFlag ? [syncFlagField(fieldMap)] : [])]
  const known = wished.filter((field) => schema === null || schema.has(field))
  return [...new Set([...certain, ...known])]
}

export interface WireContext {
  readonly fieldMap: FieldMap
  readonly externalKeyField: string
  /** Firms: the primary address row, `null` when there is none. */
  readonly address: WireRow | null
}

function nameOf(type: RecordType, row: WireRow): string {
  const parts = type === 'project' ? ['Name'] : HUBS[type].nameFields
  return parts
    .map((part) => plainText(row[part])?.trim() ?? '')
    .filter((part) => part !== '')
    .join(' ')
}

/** One row as our record, or `null` for a row without a key yet (numbers can be filled in late). */
export function recordFrom(
  type: RecordType,
  row: WireRow,
  { fieldMap, externalKeyField, address }: WireContext,
): CrmRecord | null {
  const { key, hasSyncFlag } = HUBS[type]
  const id = referenceText(row[key])
  if (id === null) return null
  const fields: Record<string, FieldValue> = {}
  for (const entry of fieldMap[type]) {
    if (isAddressField(type, entry.crm)) fields[entry.crm] = fieldValue(address?.[entry.crm], entry)
    else if (entry.crm in row && !isSensitive(entry.crm)) fields[entry.crm] = fieldValue(row[entry.crm], entry)
  }
  return {
    type,
    id,
    name: nameOf(type, row),
    longName: type === 'project' ? plainText(row.LongName) : null,
    externalKey: referenceText(row[externalKeyField]),
    syncFlag: hasSyncFlag && flagText(row[syncFlagField(fieldMap)]) === 'Y',
    fields,
    modifiedAt: stamp(row.ModDate),
    createdAt: stamp(row.CreateDate),
  }
}
