import { HUBS, type Hub } from '../faults.ts'
import type { Doc } from '../json.ts'
import { ADDRESS_COLUMNS, type Column, columnsOf, HUB_INFO } from './columns.ts'
import type { CrmContext } from './store.ts'

/** Metadata in the shape a live client decodes: `{PR: {Fields: [...]}}` (vantagepoint-api §6.7). */
const TYPES: Readonly<Record<Column['type'], string>> = {
  text: 'string',
  memo: 'memo',
  date: 'datetime',
  decimal: 'decimal',
  int: 'integer',
  flag: 'flag',
}

/** Tokens that a client has to replace by itself. */
const TOKENS: Readonly<Record<string, string>> = {
  EmployeeCompany: '[CURRENTCOMPANY]',
  HomeCompany: '[CURRENTCOMPANY]',
  ClientID: '[GUID]',
  ContactID: '[GUID]',
  CLAddressID: '[GUID]',
  HireDate: '[TODAY]',
}

function field(context: CrmContext, column: Column, required: boolean): Doc {
  const shape: Doc = {
    FieldName: column.name,
    FieldType: TYPES[column.type],
    DefaultValue: column.reference === null ? (TOKENS[column.name] ?? column.initial) : column.initial,
    Required: required,
    Updateable: !column.readOnly,
  }
  if (context.faults().metadataLengths && column.length !== null) shape.MaxLength = column.length
  return shape
}

/** The number is required exactly where the tenant does not auto-number. */
function isRequired(context: CrmContext, hub: Hub, column: Column): boolean {
  const faults = context.faults()
  const { number, key } = HUB_INFO[hub]
  if (column.name === number) return number === key && faults.autoNumber[hub] === 'off'
  return column.required || faults.requiredFields[hub].some((name) => name.toLowerCase() === column.name.toLowerCase())
}

export function metadata(context: CrmContext, name: string): Doc | null {
  const hub = HUBS.find((one) => one === name.toLowerCase())
  if (!hub) return null
  const columns = [...columnsOf(hub, context.faults()).values()]
  const result: Doc = {
    [HUB_INFO[hub].table]: {
      Fields: columns.map((column) => field(context, column, isRequired(context, hub, column))),
    },
  }
  if (hub === 'firm') result.CLAddress = { Fields: ADDRESS_COLUMNS.map((column) => field(context, column, false)) }
  return result
}
