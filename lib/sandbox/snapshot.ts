import { createHash } from 'node:crypto'
import { columnsOf, HUB_INFO } from './crm/columns.ts'
import { CRM_FIELDS, type CrmContext, type CrmRow, toCrmRow } from './crm/store.ts'
import type { Database } from './database.ts'
import { ERP_KINDS, toErpRow } from './erp/store.ts'
import { HUBS, type Hub } from './faults.ts'
import { canonicalJson, type Doc, type Json, storedDoc, textOf } from './json.ts'

/**
 * The whole content of one side in a form that two runs can be compared by: stamps and ids that differ between twins
 * are left out or replaced by what the record is, empty and missing are the same, order does not count.
 */
export interface Snapshot {
  readonly hash: string
  /** Records by type and by who made them. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** CRM: ERP keys that more than one record carries, as `hub:key`. Empty unless something was created twice. */
  readonly duplicates: readonly string[]
  /** One text line per record, sorted; the hash is over these. */
  readonly records: readonly string[]
}

const VOLATILE = new Set(['CreateUser', 'CreateDate', 'ModUser', 'ModDate', 'LastModifiedDate'])

function isEmpty(value: Json): boolean {
  return value === null || value === 0 || value === 'N' || (typeof value === 'string' && value.trim() === '')
}

function plain(doc: Doc, replace: (name: string, value: Json) => Json): Doc {
  const result: Doc = {}
  for (const [name, value] of Object.entries(doc)) {
    if (!VOLATILE.has(name) && !isEmpty(value)) result[name] = replace(name, value)
  }
  return result
}

function crmRows(database: Database, hub: Hub): CrmRow[] {
  return database.all(`SELECT ${CRM_FIELDS} FROM crm WHERE hub = ? ORDER BY key`, hub).map((row) => toCrmRow(hub, row))
}

/** Labels of created records whose key says nothing: chosen by a server, or by a client of one installation. */
function labelsOf(context: CrmContext, rows: ReadonlyMap<Hub, readonly CrmRow[]>): Map<string, string> {
  const { externalKeyField, autoNumber } = context.faults()
  const labels = new Map<string, string>()
  for (const [hub, list] of rows) {
    const keepsKey = (hub === 'project' || hub === 'employee') && autoNumber[hub] === 'off'
    for (const row of list) {
      if (row.origin === 'seed' || keepsKey) continue
      const external = externalKeyField === null ? '' : textOf(row.doc[externalKeyField])
      labels.set(`${hub}:${row.key.toLowerCase()}`, `new ${external || textOf(row.doc.Name ?? row.doc.LastName)}`)
    }
  }
  return labels
}

function addressLines(database: Database): Map<string, Json[]> {
  const result = new Map<string, Json[]>()
  for (const row of database.all('SELECT client, doc FROM crm_address ORDER BY client, code')) {
    const list = result.get(String(row.client)) ?? []
    list.push(plain(storedDoc(String(row.doc)), (_name, value) => value))
    result.set(String(row.client), list)
  }
  return result
}

function tally(rows: Iterable<{ readonly origin: string }>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { origin } of rows) counts[origin] = (counts[origin] ?? 0) + 1
  return counts
}

function finish(lines: string[], counts: Snapshot['counts'], duplicates: readonly string[]): Snapshot {
  lines.sort()
  const hash = createHash('sha256').update(lines.join('\n')).digest('hex')
  return { hash, counts, duplicates, records: lines }
}

export function crmSnapshot(context: CrmContext): Snapshot {
  const { database } = context
  const rows = new Map(HUBS.map((hub) => [hub, crmRows(database, hub)] as const))
  const labels = labelsOf(context, rows)
  const addresses = addressLines(database)
  const counts: Record<string, Record<string, number>> = {}
  const lines: string[] = []
  for (const [hub, list] of rows) {
    counts[hub] = tally(list)
    const columns = columnsOf(hub, context.faults())
    const { key, number } = HUB_INFO[hub]
    for (const row of list) {
      const label = labels.get(`${hub}:${row.key.toLowerCase()}`)
      const doc = plain(row.doc, (name, value) => {
        const reference = columns.get(name.toLowerCase())?.reference
        return (reference && labels.get(`${reference}:${textOf(value).toLowerCase()}`)) || value
      })
      if (label !== undefined) {
        doc[key] = label
        if (number !== null) doc[number] = label
      }
      const own = addresses.get(row.key)
      if (hub === 'firm' && own) doc.addresses = own
      lines.push(`${hub} ${label ?? row.key} ${canonicalJson(doc)}`)
    }
  }
  return finish(lines, counts, duplicateKeys(database))
}

function duplicateKeys(database: Database): string[] {
  // A client and a vendor may have the same key: their firms are no duplicates of one another.
  const isVendor = `coalesce(doc ->> 'VendorInd', 'N') = 'Y' AND coalesce(doc ->> 'ClientInd', 'N') <> 'Y'`
  const sql = `SELECT hub, external FROM crm WHERE external <> '' GROUP BY hub, external, ${isVendor} HAVING count(*) > 1`
  return database.all(sql).map((row) => `${row.hub}:${row.external}`)
}

export function erpSnapshot(database: Database): Snapshot {
  const counts: Record<string, Record<string, number>> = {}
  const lines: string[] = []
  for (const kind of ERP_KINDS) {
    const rows = database.all('SELECT key, modified, origin, doc FROM erp WHERE kind = ? ORDER BY key', kind)
    const list = rows.map((row) => toErpRow(kind, row))
    counts[kind] = tally(list)
    for (const row of list) {
      const name = textOf(row.doc.Description ?? row.doc.Name ?? row.doc.LastName)
      const label = row.origin === 'seed' ? String(row.key) : `new ${name}`
      lines.push(`${kind} ${label} ${canonicalJson(plain(row.doc, (_name, value) => value))}`)
    }
  }
  for (const row of database.all('SELECT key, doc FROM erp_totals ORDER BY key')) {
    lines.push(`totals ${row.key} ${canonicalJson(storedDoc(String(row.doc)))}`)
  }
  return finish(lines, counts, [])
}
