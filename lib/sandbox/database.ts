import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

/**
 * The state of both systems in one SQLite file, or in memory. A commit is on the operating system's side before the
 * answer leaves, so `kill -9` of the sandbox loses nothing that was answered (a power cut may: synchronous=NORMAL).
 */
export interface Database {
  prepare(sql: string): StatementSync
  all(sql: string, ...values: SQLInputValue[]): Row[]
  get(sql: string, ...values: SQLInputValue[]): Row | undefined
  run(sql: string, ...values: SQLInputValue[]): void
  transaction<T>(work: () => T): T
  /** Stores very many rows at once, in one transaction: the indexes are built afterwards. */
  bulk(work: () => void): void
  close(): void
}

export type Row = Record<string, string | number | bigint | null | Uint8Array>

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS erp (
    kind TEXT NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
    status TEXT NOT NULL, sync INTEGER NOT NULL, modified INTEGER NOT NULL, origin TEXT NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (kind, key));
  CREATE TABLE IF NOT EXISTS erp_totals (key INTEGER PRIMARY KEY, doc TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS crm (
    hub TEXT NOT NULL, key TEXT NOT NULL COLLATE NOCASE, wbs1 TEXT NOT NULL COLLATE NOCASE, folded TEXT NOT NULL, level INTEGER NOT NULL,
    external TEXT NOT NULL, modified TEXT NOT NULL, listed_from INTEGER NOT NULL, numbered_from INTEGER NOT NULL,
    origin TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (hub, key));
  CREATE TABLE IF NOT EXISTS crm_address (
    client TEXT NOT NULL COLLATE NOCASE, id TEXT NOT NULL COLLATE NOCASE, code TEXT NOT NULL COLLATE NOCASE,
    main INTEGER NOT NULL, origin TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (client, id));
`

const INDEXES: Readonly<Record<string, string>> = {
  erp_modified: 'erp (kind, modified)',
  erp_folded: 'erp (kind, folded)',
  crm_folded: 'crm (hub, folded)',
  crm_modified: 'crm (hub, modified)',
  crm_external: 'crm (hub, external)',
  crm_wbs1: 'crm (hub, wbs1)',
  crm_level: 'crm (hub, level, wbs1, listed_from)',
}

/** Letter case and trailing blanks do not count in comparisons, as in SQL Server's usual collation. */
export function fold(text: string): string {
  return text.trimEnd().toLowerCase()
}

function createIndexes(connection: DatabaseSync): void {
  for (const [name, on] of Object.entries(INDEXES)) connection.exec(`CREATE INDEX IF NOT EXISTS ${name} ON ${on}`)
}

export function openDatabase(file: string | null): Database {
  const connection = new DatabaseSync(file ?? ':memory:')
  if (file !== null)
    connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -64000;')
  connection.exec(SCHEMA)
  createIndexes(connection)
  connection.function('fold', { deterministic: true }, (value) => (typeof value === 'string' ? fold(value) : value))

  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known) return known
    const statement = connection.prepare(sql)
    if (statements.size > 500) statements.clear()
    statements.set(sql, statement)
    return statement
  }
  let depth = 0
  return {
    prepare,
    all: (sql, ...values) => prepare(sql).all(...values),
    get: (sql, ...values) => prepare(sql).get(...values),
    run: (sql, ...values) => void prepare(sql).run(...values),
    transaction(work) {
      if (depth > 0) return work()
      connection.exec('BEGIN IMMEDIATE')
      depth++
      try {
        const result = work()
        connection.exec('COMMIT')
        return result
      } catch (error) {
        connection.exec('ROLLBACK')
        throw error
      } finally {
        depth--
      }
    },
    bulk(work) {
      this.transaction(() => {
        for (const name of Object.keys(INDEXES)) connection.exec(`DROP INDEX IF EXISTS ${name}`)
        work()
        createIndexes(connection)
      })
    },
    close: () => connection.close(),
  }
}

export function readMeta(database: Database, name: string): string | null {
  const row = database.get('SELECT value FROM meta WHERE name = ?', name)
  return row ? String(row.value) : null
}

export function writeMeta(database: Database, name: string, value: string): void {
  database.run(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    name,
    value,
  )
}
