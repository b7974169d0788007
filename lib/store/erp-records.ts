import { Prisma } from '#generated/client'
import type { AfterRemoval } from '#lib/sync/eligibility'
import type { ErpRecord, Fields, RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'
import { GONE_IN_CRM } from './removal-causes.ts'

/** The ERP side as last read: tables `project`, `client`, `contact`, `employee`. */

export interface HashedErpRecord {
  readonly record: ErpRecord
  readonly contentHash: string
}

const TABLES: Readonly<Record<RecordType, Prisma.Sql>> = {
  project: Prisma.sql`project`,
  client: Prisma.sql`client`,
  vendor: Prisma.sql`vendor`,
  contact: Prisma.sql`contact`,
  employee: Prisma.sql`employee`,
}

export function erpTable(type: RecordType): Prisma.Sql {
  return TABLES[type]
}

/** Stores one page of a read. `seenInRun` marks the records of a complete read. */
export async function upsertErpRecords(
  tx: Database,
  at: { readonly connectionId: string; readonly type: RecordType; readonly seenInRun: string },
  records: readonly HashedErpRecord[],
): Promise<void> {
  if (records.length === 0) return
  const flags = at.type === 'project'
  await tx.$executeRaw`
    INSERT INTO ${erpTable(at.type)}
           (connection_id, key, name, fields, content_hash, modified_at, seen_in_run, read_at
            ${flags ? Prisma.sql`, closed, sync_to_crm, create_in_crm` : Prisma.empty})
    SELECT ${at.connectionId}::uuid, r.key, r.name, r.fields::jsonb, r.content_hash, r.modified_at,
           ${at.seenInRun}::uuid, now()
           ${flags ? Prisma.sql`, r.closed, r.sync_to_crm, r.create_in_crm` : Prisma.empty}
      FROM unnest(${records.map((r) => r.record.key)}::text[], ${records.map((r) => r.record.name)}::text[],
                  ${records.map((r) => JSON.stringify(r.record.fields))}::text[],
                  ${records.map((r) => r.contentHash)}::text[],
                  ${records.map((r) => r.record.modifiedAt)}::timestamptz[],
                  ${records.map((r) => r.record.closed)}::boolean[],
                  ${records.map((r) => r.record.syncToCrm)}::boolean[],
                  ${records.map((r) => r.record.createInCrm)}::boolean[])
        AS r(key, name, fields, content_hash, modified_at, closed, sync_to_crm, create_in_crm)
    ON CONFLICT (connection_id, key) DO UPDATE
       SET name = excluded.name, fields = excluded.fields, content_hash = excluded.content_hash,
           modified_at = excluded.modified_at, seen_in_run = excluded.seen_in_run, read_at = excluded.read_at
           ${
             flags
               ? Prisma.sql`, closed = excluded.closed, sync_to_crm = excluded.sync_to_crm,
                              create_in_crm = excluded.create_in_crm`
               : Prisma.empty
           }`
}

/** After a complete read: forgets records the ERP no longer has, unless a living pair still speaks of them. */
export async function dropUnseenErpRecords(
  tx: Database,
  at: { readonly connectionId: string; readonly type: RecordType; readonly seenInRun: string },
): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM ${erpTable(at.type)} r
     WHERE r.connection_id = ${at.connectionId}::uuid AND r.seen_in_run IS DISTINCT FROM ${at.seenInRun}::uuid
       AND NOT EXISTS (SELECT 1 FROM crm_mapping m
                        WHERE m.connection_id = r.connection_id AND m.type = ${at.type}::record_type
                          AND m.erp_key = r.key AND m.removed_at IS NULL)`
}

/** One ERP record that no living pair speaks of, as matching needs it. */
export interface UnpairedErpRecord {
  readonly key: string
  readonly name: string
  readonly closed: boolean
  readonly syncToCrm: boolean
  readonly createInCrm: boolean
  readonly lastName: string | null
  /** Employees only: the ERP key of the superior. */
  readonly supervisorKey: string | null
  readonly afterRemoval: AfterRemoval
}

export async function findUnpairedErpRecords(
  tx: Database,
  connectionId: string,
  type: RecordType,
): Promise<UnpairedErpRecord[]> {
  const flags =
    type === 'project'
      ? Prisma.sql`r.closed, r.sync_to_crm AS "syncToCrm", r.create_in_crm AS "createInCrm"`
      : Prisma.sql`false AS closed, true AS "syncToCrm", false AS "createInCrm"`
  return tx.$queryRaw<UnpairedErpRecord[]>`
    SELECT r.key, r.name, ${flags}, r.fields->>'LastName' AS "lastName",
           r.fields->>'SupervisorKey' AS "supervisorKey",
           CASE WHEN last.create_again_at IS NOT NULL THEN 'create-again'
                WHEN last.removed_cause = ${GONE_IN_CRM} THEN 'waits' END AS "afterRemoval"
      FROM ${erpTable(type)} r
      LEFT JOIN (SELECT DISTINCT ON (erp_key) erp_key, removed_cause, create_again_at FROM crm_mapping
                  WHERE connection_id = ${connectionId}::uuid AND type = ${type}::record_type AND removed_at IS NOT NULL
                  ORDER BY erp_key, removed_at DESC) last ON last.erp_key = r.key
     WHERE r.connection_id = ${connectionId}::uuid
       AND NOT EXISTS (SELECT 1 FROM crm_mapping m
                        WHERE m.connection_id = r.connection_id AND m.type = ${type}::record_type
                          AND m.erp_key = r.key AND m.removed_at IS NULL)`
}

/**
 * Every ERP record of a type, paired or not, by name and number.
 *
 * @param numberField ERP field of the record's own number; `null`: records of the type have none.
 */
export async function findErpNames(
  connectionId: string,
  type: RecordType,
  numberField: string | null,
): Promise<{ key: string; name: string; number: string | null }[]> {
  return database().$queryRaw`
    SELECT key, name, fields->>${numberField}::text AS number
      FROM ${erpTable(type)} WHERE connection_id = ${connectionId}::uuid
     ORDER BY length(key), key`
}

interface ErpRow {
  key: string
  name: string
  fields: Record<string, string | null>
  modifiedAt: Date | null
  closed: boolean
  syncToCrm: boolean
  createInCrm: boolean
  totals: Record<string, string | null> | null
  totalsHash: string
  hash: string
}

export interface StoredErpRecord {
  /** With the project totals among its fields. */
  readonly record: ErpRecord
  /** Content and totals together. */
  readonly hash: string
  /** The totals alone, which another call answers than the rest; they stay when the rest is read anew. */
  readonly totals: Fields | null
  readonly totalsHash: string
}

export async function findErpRecords(
  connectionId: string,
  type: RecordType,
  keys: readonly string[],
): Promise<Map<string, StoredErpRecord>> {
  const flags =
    type === 'project'
      ? Prisma.sql`closed, sync_to_crm AS "syncToCrm", create_in_crm AS "createInCrm", totals,
                   totals_hash AS "totalsHash", content_hash || totals_hash AS hash`
      : Prisma.sql`false AS closed, true AS "syncToCrm", false AS "createInCrm", NULL::jsonb AS totals,
                   '' AS "totalsHash", content_hash AS hash`
  const rows = await database().$queryRaw<ErpRow[]>`
    SELECT key, name, fields, modified_at AS "modifiedAt", ${flags}
      FROM ${erpTable(type)} WHERE connection_id = ${connectionId}::uuid AND key = ANY(${[...keys]}::text[])`
  return new Map(
    rows.map(({ hash, totals, totalsHash, ...row }) => [
      row.key,
      { record: toErpRecord(type, { ...row, totals }), hash, totals, totalsHash },
    ]),
  )
}

function toErpRecord(type: RecordType, row: Omit<ErpRow, 'hash' | 'totalsHash'>): ErpRecord {
  const fields: Fields = row.totals ? { ...row.fields, ...row.totals } : row.fields
  return {
    type,
    key: row.key,
    name: row.name,
    fields,
    modifiedAt: row.modifiedAt?.toISOString() ?? null,
    closed: row.closed,
    syncToCrm: row.syncToCrm,
    createInCrm: row.createInCrm,
  }
}

/** Stores the totals of several projects. `totals: null`: the ERP keeps none. */
export async function storeTotals(
  tx: Database,
  connectionId: string,
  read: readonly { readonly key: string; readonly totals: Fields | null; readonly hash: string }[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE project p SET totals = t.totals::jsonb, totals_hash = t.hash, totals_read_at = now()
      FROM unnest(${read.map((r) => r.key)}::text[],
                  ${read.map((r) => (r.totals ? JSON.stringify(r.totals) : null))}::text[],
                  ${read.map((r) => r.hash)}::text[]) AS t(key, totals, hash)
     WHERE p.connection_id = ${connectionId}::uuid AND p.key = t.key`
}

/** Of these projects, the ones whose totals are older than `before`. */
export async function findProjectsWithoutTotals(
  connectionId: string,
  keys: readonly string[],
  before: Date,
): Promise<string[]> {
  const rows = await database().$queryRaw<{ key: string }[]>`
    SELECT key FROM project
     WHERE connection_id = ${connectionId}::uuid AND key = ANY(${[...keys]}::text[])
       AND (totals_read_at IS NULL OR totals_read_at < ${before})
     ORDER BY key`
  return rows.map((row) => row.key)
}

/** Paired projects that are set to sync and whose totals are older than `before`, oldest reading first. */
export async function findProjectsWantingTotals(
  connectionId: string,
  want: { readonly includeClosed: boolean; readonly before: Date },
): Promise<string[]> {
  const rows = await database().$queryRaw<{ key: string }[]>`
    SELECT p.key FROM project p
      JOIN crm_mapping m ON m.connection_id = p.connection_id AND m.type = 'project' AND m.erp_key = p.key
                        AND m.removed_at IS NULL
     WHERE p.connection_id = ${connectionId}::uuid
       AND (CASE WHEN m.overridden_flag = p.sync_to_crm THEN m.sync_override ELSE p.sync_to_crm END)
       AND (NOT p.closed OR ${want.includeClosed})
       AND (p.totals_read_at IS NULL OR p.totals_read_at < ${want.before})
     ORDER BY p.totals_read_at NULLS FIRST, p.key`
  return rows.map((row) => row.key)
}
