import { z } from 'zod'
import { dateText, decimalText, flagText, plainText, referenceText } from '#lib/http/json-values'
import type { FieldMap, FieldMapEntry } from '#lib/sync/field-map'
import type { ErpRecord, Fields, FieldValue, RecordType } from '#lib/sync/records'
import { isSensitive } from '#lib/sync/sensitive'
import { METHODS } from './config.ts'
import { CUSTOM_FIELDS, fieldNamed } from './fields.ts'

/** One row of Ajera's JSON. Any property may be missing; missing means empty (ajera-api §6). */
export const wireRow = z.record(z.string(), z.unknown())
export type WireRow = z.infer<typeof wireRow>

/** Ajera spells some address parts in two ways; the first one present counts. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  City: ['City', 'PrimaryAddressCity', 'PrimaryCity'],
  State: ['State', 'PrimaryAddressState', 'PrimaryState'],
  Zip: ['Zip', 'PrimaryAddressZip', 'PrimaryZip'],
  Country: ['Country', 'PrimaryAddressCountry', 'PrimaryCountry'],
  StartDate: ['ActualStartDate', 'EstimatedStartDate'],
}

/** The property of this row that stands for a field: for start dates the actual one, unless it is empty. */
export function propertyFor(row: WireRow, field: string): string {
  const spellings = SPELLINGS[field] ?? [field]
  const [filled] = filledIn(row, spellings)
  return filled ?? spellings.find((name) => name in row) ?? spellings[0] ?? field
}

/** Every property of this row that holds a value for the field; the one that stands for it where none does. */
export function propertiesFor(row: WireRow, field: string): string[] {
  const filled = filledIn(row, SPELLINGS[field] ?? [field])
  return filled.length > 0 ? filled : [propertyFor(row, field)]
}

function filledIn(row: WireRow, names: readonly string[]): string[] {
  return names.filter((name) => plainText(row[name]) !== null)
}

const person = z.object({ EmployeeKey: z.number() })

/** A custom field of a list type is an object with its `Value` (ajera-api §6). */
function rawValue(row: WireRow, field: string): unknown {
  if (!field.startsWith(CUSTOM_FIELDS)) return row[propertyFor(row, field)]
  const value = wireRow.safeParse(row.CustomFields).data?.[field.slice(CUSTOM_FIELDS.length)]
  return wireRow.safeParse(value).data?.Value ?? value
}

/** By what the field is, so that one value has one form whatever a map makes of it; text may hold anything else. */
function fieldValue(type: RecordType, row: WireRow, { erp, transform }: FieldMapEntry): FieldValue {
  const raw = rawValue(row, erp)
  const known = fieldNamed(type, erp)?.kind
  switch (known === undefined || known === 'text' || known === 'memo' ? transform.kind : known) {
    case 'date':
      return dateText(raw)
    case 'decimal':
      return decimalText(raw)
    case 'flag':
      return flagText(raw)
    case 'reference': {
      const employee = person.safeParse(raw)
      return referenceText(employee.success ? employee.data.EmployeeKey : raw)
    }
    default:
      return plainText(raw)
  }
}

/** `2023-09-27 09:57:49.607 GMT-04:00 (Eastern Daylight Time)` as ISO UTC; also without colon, zone or fraction. */
export function modifiedStamp(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = value.replace(/\(.*\)/, '').trim()
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2})(\.\d+)?)?\s*(?:Z|GMT|UTC)?\s*(?:([+-]\d{2}):?(\d{2}))?$/.exec(text)
  if (!match) return null
  const [, day, time = '00:00:00', fraction = '', hours, minutes] = match
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`
  const at = Date.parse(`${day}T${time}${fraction.slice(0, 4)}${zone}`)
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}

/** ISO UTC in the form the modified filters take. */
export function filterStamp(at: number): string {
  return `${new Date(at).toISOString().replace('T', ' ').replace('Z', '')} GMT+0000`
}

/** Is this entry read from the record itself? Totals come from a call of their own; some CRM fields have no source. */
export function isReadable({ erp, role }: FieldMapEntry): boolean {
  return erp !== '' && role !== 'total' && !isSensitive(erp)
}

function fieldsOf(type: RecordType, row: WireRow, fieldMap: FieldMap): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {}
  for (const entry of fieldMap[type]) {
    if (isReadable(entry) && !(entry.erp in fields)) fields[entry.erp] = fieldValue(type, row, entry)
  }
  return fields
}

const PERSON = ['FirstName', 'MiddleName', 'LastName']
const NAME_PARTS: Readonly<Record<RecordType, readonly string[]>> = {
  project: ['Description'],
  client: ['Description'],
  vendor: ['Name'],
  contact: PERSON,
  employee: PERSON,
}

function nameOf(type: RecordType, row: WireRow): string {
  return NAME_PARTS[type]
    .map((part) => plainText(row[part])?.trim() ?? '')
    .filter((part) => part !== '')
    .join(' ')
}

/**
 * Is this row a record of the type? Of the vendors only consultants are: the others sell paper and rent. Where the mark
 * is not told, it is none.
 */
export function isOfType(type: RecordType, row: WireRow): boolean {
  return type !== 'vendor' || flagText(row.VendorTypeIsConsultant) === 'Y'
}

export interface WireContext {
  readonly fieldMap: FieldMap
  /** Today at the other side, `YYYY-MM-DD`. */
  readonly today: string
  /** Projects: client of the first invoice group, by project key. */
  readonly clientOf: ReadonlyMap<string, string>
}

/** An employee whose last day lies in the past counts as terminated, whatever the status says (fields.md, Employee). */
function withTermination(fields: Record<string, FieldValue>, row: WireRow, today: string): Fields {
  const last = dateText(row.DateTerminated)
  return 'Status' in fields && last !== null && last < today ? { ...fields, Status: 'Terminated' } : fields
}

/** One row as our record, or `null` for a row without a usable key. */
export function recordFrom(
  type: RecordType,
  row: WireRow,
  { fieldMap, today, clientOf }: WireContext,
): ErpRecord | null {
  const key = referenceText(row[METHODS[type].key])
  if (key === null) return null
  const fields = fieldsOf(type, row, fieldMap)
  if (type === 'project' && 'ClientKey' in fields) fields.ClientKey = clientOf.get(key) ?? null
  const isProject = type === 'project'
  return {
    type,
    key,
    name: nameOf(type, row),
    fields: type === 'employee' ? withTermination(fields, row, today) : fields,
    modifiedAt: modifiedStamp(row.LastModifiedDate),
    closed: isProject && row.Status === 'Closed',
    syncToCrm: !isProject || flagText(row.SyncToCRM) === 'Y',
    createInCrm: isProject && flagText(row.CreateInCRM) === 'Y',
  }
}

const invoiceGroup = z.object({ ProjectKey: z.number(), InvoiceGroupKey: z.number(), ClientKey: z.number().nullish() })

/** Client of each project's first invoice group (in the order of the answer) that names one. */
export function clientsByProject(groups: readonly unknown[]): Map<string, string> {
  const clients = new Map<string, string>()
  for (const group of groups) {
    const parsed = invoiceGroup.safeParse(group)
    if (!parsed.success) continue
    const project = String(parsed.data.ProjectKey)
    const client = referenceText(parsed.data.ClientKey)
    if (client !== null && !clients.has(project)) clients.set(project, client)
  }
  return clients
}
