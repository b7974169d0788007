import { type Database, fold, type Row } from '../database.ts'
import type { CrmFaults, Hub } from '../faults.ts'
import { type Doc, storedDoc, textOf } from '../json.ts'

/** Rows of the Vantagepoint side. `doc` holds filled columns only; empty ones are added on the way out. */
export interface CrmRow {
  readonly hub: Hub
  /** `WBS1`, or `WBS1|WBS2|WBS3` below a project (I); ClientID, ContactID, Employee elsewhere. */
  readonly key: string
  /** ModDate, UTC without offset. */
  readonly modified: string
  /** Lists show the row from this time on (search lag), milliseconds by this machine's clock. */
  readonly listedFrom: number
  /** Reads show its number from this time on (late numbering), likewise. */
  readonly numberedFrom: number
  readonly origin: 'seed' | 'api' | 'control'
  readonly doc: Doc
}

/** What the server sees while it works: the state, the live switches and Vantagepoint's own clock (milliseconds). */
export interface CrmContext {
  readonly database: Database
  readonly faults: () => CrmFaults
  readonly now: () => number
}

function levelOf(hub: Hub, doc: Doc): number {
  if (hub !== 'project' || textOf(doc.WBS2).trim() === '') return 1
  return textOf(doc.WBS3).trim() === '' ? 2 : 3
}

/** Key of a row of the project table. */
export function wbsKey(doc: Doc): string {
  const parts = [doc.WBS1, doc.WBS2, doc.WBS3].map((part) => textOf(part).trim())
  while (parts.length > 1 && parts.at(-1) === '') parts.pop()
  return parts.join('|')
}

const SAVE = `INSERT INTO crm (hub, key, wbs1, folded, level, external, modified, listed_from, numbered_from, origin, doc)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hub, key) DO UPDATE SET folded = excluded.folded,
  external = excluded.external, modified = excluded.modified, doc = excluded.doc`

export function saveCrm(database: Database, row: CrmRow, externalKeyField: string | null): void {
  const { hub, doc } = row
  const name = hub === 'project' || hub === 'firm' ? doc.Name : doc.LastName
  const external = externalKeyField === null ? '' : textOf(doc[externalKeyField])
  database.run(
    SAVE,
    hub,
    row.key,
    hub === 'project' ? textOf(doc.WBS1) : '',
    fold(textOf(name)),
    levelOf(hub, doc),
    fold(external),
    row.modified,
    row.listedFrom,
    row.numberedFrom,
    row.origin,
    JSON.stringify(doc),
  )
}

/** Puts the ERP keys of this column into the index; used when the switch renames the column. */
export function indexExternalKeys(database: Database, column: string | null): void {
  if (column === null) database.run("UPDATE crm SET external = ''")
  else database.run("UPDATE crm SET external = fold(coalesce(json_extract(doc, ?), ''))", `$.${column}`)
}

export const CRM_FIELDS = 'key, modified, listed_from, numbered_from, origin, doc'

export function toCrmRow(hub: Hub, row: Row): CrmRow {
  return {
    hub,
    key: String(row.key),
    modified: String(row.modified),
    listedFrom: Number(row.listed_from),
    numberedFrom: Number(row.numbered_from),
    origin: row.origin === 'api' || row.origin === 'control' ? row.origin : 'seed',
    doc: storedDoc(String(row.doc)),
  }
}

export function readCrm(database: Database, hub: Hub, key: string): CrmRow | null {
  const row = database.get(`SELECT ${CRM_FIELDS} FROM crm WHERE hub = ? AND key = ?`, hub, key.trim())
  return row ? toCrmRow(hub, row) : null
}

export function crmExists(database: Database, hub: Hub, key: string): boolean {
  return database.get('SELECT 1 AS found FROM crm WHERE hub = ? AND key = ?', hub, key.trim()) !== undefined
}

/** Deletes a record with what hangs below it: a project's phases and tasks, a firm's addresses. */
export function deleteCrm(database: Database, hub: Hub, key: string): boolean {
  return database.transaction(() => {
    if (hub === 'firm') database.run('DELETE FROM crm_address WHERE client = ?', key)
    if (hub === 'project' && !key.includes('|')) {
      database.run("DELETE FROM crm WHERE hub = 'project' AND wbs1 = ? AND level > 1", key)
    }
    return database.prepare('DELETE FROM crm WHERE hub = ? AND key = ?').run(hub, key).changes > 0
  })
}

export interface AddressRow {
  readonly client: string
  readonly id: string
  readonly origin: 'seed' | 'api' | 'control'
  readonly doc: Doc
}

export function readAddresses(database: Database, client: string): AddressRow[] {
  const rows = database.all('SELECT client, id, origin, doc FROM crm_address WHERE client = ? ORDER BY rowid', client)
  return rows.map((row) => ({
    client: String(row.client),
    id: String(row.id),
    origin: row.origin === 'api' || row.origin === 'control' ? row.origin : 'seed',
    doc: storedDoc(String(row.doc)),
  }))
}

export function saveAddress(database: Database, row: AddressRow): void {
  database.run(
    `INSERT INTO crm_address (client, id, code, main, origin, doc) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (client, id) DO UPDATE SET code = excluded.code, main = excluded.main, doc = excluded.doc`,
    row.client,
    row.id,
    textOf(row.doc.Address),
    row.doc.PrimaryInd === 'Y' ? 1 : 0,
    row.origin,
    JSON.stringify(row.doc),
  )
}
