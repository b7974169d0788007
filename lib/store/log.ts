import { randomUUIDv7 } from 'node:crypto'
import type { ProblemCode } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'

/** A warning or an error is never without a code of the catalogue (sync-rules §11). */
export type LogLine = (
  | { readonly severity: 'info'; readonly code?: null }
  | { readonly severity: 'warning' | 'error'; readonly code: ProblemCode }
) & {
  readonly method: string
  readonly type?: RecordType | null
  readonly erpKey?: string | null
  readonly erpName?: string | null
  readonly crmId?: string | null
  readonly message: string
  readonly details?: unknown
}

/**
 * Appends lines to the Integration Log. Lines of one call are a microsecond apart, so that reading by (at, id) gives
 * the order they were written in.
 */
export async function appendLog(
  tx: Database,
  where: { readonly connectionId: string; readonly runId: string | null },
  lines: readonly LogLine[],
): Promise<void> {
  if (lines.length === 0) return
  const at = new Date()
  await tx.$executeRaw`
    INSERT INTO integration_log_entry
           (id, at, connection_id, run_id, severity, code, method, type, erp_key, erp_name, crm_id, message, details)
    SELECT l.id, ${at}::timestamptz + l.position * interval '1 microsecond', ${where.connectionId}::uuid, ${where.runId}::uuid, l.severity::severity, l.code, l.method,
           l.type::record_type, l.erp_key, l.erp_name, l.crm_id, l.message, l.details::jsonb
      FROM unnest(${lines.map(() => randomUUIDv7())}::uuid[], ${lines.map((l) => l.severity)}::text[],
                  ${lines.map((l) => l.code ?? null)}::text[], ${lines.map((l) => l.method)}::text[],
                  ${lines.map((l) => l.type ?? null)}::text[], ${lines.map((l) => l.erpKey ?? null)}::text[],
                  ${lines.map((l) => l.erpName ?? null)}::text[], ${lines.map((l) => l.crmId ?? null)}::text[],
                  ${lines.map((l) => l.message)}::text[],
                  ${lines.map((l) => (l.details === undefined ? null : JSON.stringify(l.details)))}::text[])
        WITH ORDINALITY AS l(id, severity, code, method, type, erp_key, erp_name, crm_id, message, details, position)`
}

/** Makes the partitions of this month and the next. Cheap when they are there. */
export async function ensureLogPartitions(): Promise<void> {
  const now = new Date()
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
  for (const month of [now, next]) {
    await database().$transaction([
      database().$executeRaw`SELECT pg_advisory_xact_lock(hashtext('crosswalk-log-partitions'))`,
      database().$executeRaw`SELECT ensure_log_partition(${month.toISOString().slice(0, 10)}::date)`,
    ])
  }
}
