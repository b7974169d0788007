import type { Hub } from '../faults.ts'
import { type Doc, type Json, storedDoc, textOf } from '../json.ts'
import { type Column, type ColumnMap, columnsOf, emptyValue, HUB_INFO } from './columns.ts'
import { type CrmContext, type CrmRow, readAddresses } from './store.ts'

/** Records on the way out: bare objects, every column unless `fieldFilter` names some (vantagepoint-api §3). */

/** "Sometimes `.000`" (L): always on these columns. */
const WITH_MILLISECONDS = new Set(['EstCompletionDate', 'HireDate'])

function personName(context: CrmContext, key: Json | undefined): string {
  if (textOf(key) === '') return ''
  const row = context.database.get("SELECT doc FROM crm WHERE hub = 'employee' AND key = ?", textOf(key))
  if (!row) return ''
  const doc = storedDoc(String(row.doc))
  return `${textOf(doc.LastName)}, ${textOf(doc.FirstName)}`
}

function firmName(context: CrmContext, key: Json | undefined): string {
  if (textOf(key) === '') return ''
  const row = context.database.get("SELECT doc FROM crm WHERE hub = 'firm' AND key = ?", textOf(key))
  return row ? textOf(storedDoc(String(row.doc)).Name) : ''
}

const DENORMALISED: Readonly<Record<string, (context: CrmContext, doc: Doc) => string>> = {
  ProjMgrName: (context, doc) => personName(context, doc.ProjMgr),
  PrincipalName: (context, doc) => personName(context, doc.Principal),
  SupervisorName: (context, doc) => personName(context, doc.Supervisor),
  ClientName: (context, doc) => firmName(context, doc.ClientID),
  BillingClientName: (context, doc) => firmName(context, doc.BillingClientID),
  ParentName: (context, doc) => firmName(context, doc.ParentID),
  Company: (context, doc) => firmName(context, doc.ClientID),
}

const PRIMARY: Readonly<Record<string, string>> = {
  PrimaryAddress1: 'Address1',
  PrimaryAddress2: 'Address2',
  PrimaryCity: 'City',
  PrimaryState: 'State',
  PrimaryZip: 'Zip',
  PrimaryCountry: 'Country',
  PrimaryPhone: 'Phone',
  PrimaryFax: 'FAX',
}

/** The firm's primary address, shown on the firm itself as well. */
function primaryAddress(context: CrmContext, row: CrmRow): Doc {
  const addresses = readAddresses(context.database, row.key)
  return addresses.find((address) => address.doc.PrimaryInd === 'Y')?.doc ?? {}
}

function columnValue(context: CrmContext, row: CrmRow, column: Column, primary: () => Doc): Json {
  const { name } = column
  if (name === 'ModDate') return row.modified
  if (name === HUB_INFO[row.hub].number && Date.now() < row.numberedFrom) return ''
  const denormalised = DENORMALISED[name]
  if (denormalised && column.readOnly) return denormalised(context, row.doc)
  const addressMember = row.hub === 'firm' ? PRIMARY[name] : undefined
  if (addressMember !== undefined) return primary()[addressMember] ?? ''
  const value = row.doc[name] ?? emptyValue(column.type)
  return WITH_MILLISECONDS.has(name) && value !== '' ? `${textOf(value)}.000` : value
}

/** One record with the given columns. */
export function present(context: CrmContext, row: CrmRow, columns: Iterable<Column>): Doc {
  let loaded: Doc | null = null
  const primary = (): Doc => {
    loaded ??= primaryAddress(context, row)
    return loaded
  }
  const record: Doc = {}
  for (const column of columns) record[column.name] = columnValue(context, row, column, primary)
  return record
}

export type Selection =
  | { readonly ok: true; readonly columns: Column[] }
  | { readonly ok: false; readonly unknown: string }

/** The columns `fieldFilter` asks for; all of them without it. */
export function selectColumns(context: CrmContext, hub: Hub, fieldFilter: string | null): Selection {
  const faults = context.faults()
  const known: ColumnMap = columnsOf(hub, faults)
  if (fieldFilter === null || fieldFilter.trim() === '') return { ok: true, columns: [...known.values()] }
  const columns: Column[] = []
  for (const name of fieldFilter.split(',').map((part) => part.trim())) {
    const column = known.get(name.toLowerCase())
    if (column) columns.push(column)
    else if (faults.unknownFieldFilter === 'refuse') return { ok: false, unknown: name }
  }
  return { ok: true, columns }
}
