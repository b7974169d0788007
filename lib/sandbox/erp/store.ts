import { type Database, fold } from '../database.ts'
import { type Doc, storedDoc, textOf } from '../json.ts'

/**
 * Rows of the Ajera side. `doc` holds what the API shows except what is computed on the way out: the key, the
 * modified stamp and the descriptions of referenced records (erp/shapes.ts).
 */
export const ERP_KINDS = [
  'project',
  'client',
  'contact',
  'employee',
  'vendor',
  'template',
  'projectType',
  'clientType',
  'contactType',
  'employeeType',
  'vendorType',
  'company',
  'department',
  'marketingStage',
  'marketingFinalDisposition',
] as const
export type ErpKind = (typeof ERP_KINDS)[number]

export type Origin = 'seed' | 'api' | 'control'

export interface ErpRow {
  readonly kind: ErpKind
  readonly key: number
  /** Milliseconds since 1970 by Ajera's clock. */
  readonly modified: number
  readonly origin: Origin
  readonly doc: Doc
}

function nameOf(kind: ErpKind, doc: Doc): string {
  if (kind === 'vendor') return textOf(doc.Name)
  if (kind !== 'contact' && kind !== 'employee') return textOf(doc.Description)
  const parts = [doc.FirstName, doc.MiddleName, doc.LastName].map(textOf)
  return parts.filter((part) => part !== '').join(' ')
}

const SAVE = `INSERT INTO erp (kind, key, id, name, folded, status, sync, modified, origin, doc)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET id = excluded.id, name = excluded.name,
  folded = excluded.folded, status = excluded.status, sync = excluded.sync, modified = excluded.modified, doc = excluded.doc`

export function saveErp(database: Database, row: ErpRow): void {
  const name = nameOf(row.kind, row.doc)
  database.run(
    SAVE,
    row.kind,
    row.key,
    textOf(row.doc.ID),
    name,
    fold(name),
    textOf(row.doc.Status) || 'Active',
    row.doc.SyncToCRM === true ? 1 : 0,
    row.modified,
    row.origin,
    JSON.stringify(row.doc),
  )
}

export function toErpRow(kind: ErpKind, row: Record<string, unknown>): ErpRow {
  const origin = row.origin === 'api' || row.origin === 'control' ? row.origin : 'seed'
  return { kind, key: Number(row.key), modified: Number(row.modified), origin, doc: storedDoc(String(row.doc)) }
}

export function readErp(database: Database, kind: ErpKind, key: number): ErpRow | null {
  const row = database.get('SELECT key, modified, origin, doc FROM erp WHERE kind = ? AND key = ?', kind, key)
  return row ? toErpRow(kind, row) : null
}

export function deleteErp(database: Database, kind: ErpKind, key: number): boolean {
  if (kind === 'project') database.run('DELETE FROM erp_totals WHERE key = ?', key)
  return database.prepare('DELETE FROM erp WHERE kind = ? AND key = ?').run(kind, key).changes > 0
}

/** Name of a referenced record without reading the whole of it; `null` when there is none. */
export function erpName(database: Database, kind: ErpKind, key: number): string | null {
  const row = database.get('SELECT name FROM erp WHERE kind = ? AND key = ?', kind, key)
  return row ? String(row.name) : null
}

export function nextErpKey(database: Database, kind: ErpKind): number {
  const row = database.get('SELECT max(key) AS top FROM erp WHERE kind = ?', kind)
  return Number(row?.top ?? 0) + 1
}

export function readTotals(database: Database, key: number): Doc | null {
  const row = database.get('SELECT doc FROM erp_totals WHERE key = ?', key)
  return row ? storedDoc(String(row.doc)) : null
}

/** Totals by canonical name (`SpentLabor`…); `null` removes them: Ajera keeps none for overhead. */
export function saveTotals(database: Database, key: number, totals: Doc | null): void {
  if (totals === null) database.run('DELETE FROM erp_totals WHERE key = ?', key)
  else database.run('INSERT OR REPLACE INTO erp_totals (key, doc) VALUES (?, ?)', key, JSON.stringify(totals))
}
