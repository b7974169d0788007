import { createHash } from 'node:crypto'
import type { CrmRecord, ErpRecord, Fields } from '#lib/sync/records'

/**
 * What makes two readings of a record "the same": SHA-256 over its content in canonical order, without stamps. An
 * unchanged record is recognised by it although its modified date moved (sync-rules §3.2).
 */
export function erpContentHash(record: ErpRecord): string {
  return hash([record.name, record.closed, record.syncToCrm, record.createInCrm, sorted(record.fields)])
}

export function crmContentHash(record: CrmRecord): string {
  return hash([record.name, record.longName, record.externalKey, record.syncFlag, sorted(record.fields)])
}

/** The empty text for a project without totals, so that content and totals can be joined into one hash. */
export function totalsHash(totals: Fields | null): string {
  return totals === null ? '' : hash(sorted(totals))
}

function sorted(fields: Fields): [string, string | null][] {
  return Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
}

function hash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)
}
