import { randomUUIDv7 } from 'node:crypto'
import { Prisma } from '#generated/client'
import type { Fields, RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'
import { erpTable } from './erp-records.ts'

/** The CRM mapping table: "this ERP record is that CRM record". A living pair has no `removed_at`. */

/** Why a pair is removed that the undo of a run ended (sync-rules §12). */
export const UNDONE_CAUSE = 'The run that had added it was undone.'

export interface NewPair {
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string
  readonly crmName: string
  /** sync-rules §4.3: the pair carries the sync switch until the ERP's own flag is on. */
  readonly turnSyncOn: boolean
}

/** Adds pairs found by name. A pair whose ERP or CRM record is paired meanwhile is left out; answers those added. */
export async function insertPairs(
  tx: Database,
  at: { readonly connectionId: string; readonly type: RecordType; readonly runId: string },
  pairs: readonly NewPair[],
): Promise<Set<string>> {
  if (pairs.length === 0) return new Set()
  const rows = await tx.$queryRaw<{ erp_key: string }[]>`
    INSERT INTO crm_mapping (id, connection_id, type, erp_key, erp_name, crm_id, crm_name, matched_by, created_by,
                             created_in_run, sync_override, overridden_flag)
    SELECT p.id, ${at.connectionId}::uuid, ${at.type}::record_type, p.erp_key, p.erp_name, p.crm_id, p.crm_name,
           'name', 'sync', ${at.runId}::uuid, CASE WHEN p.sync_on THEN true END, CASE WHEN p.sync_on THEN false END
      FROM unnest(${pairs.map(() => randomUUIDv7())}::uuid[], ${pairs.map((p) => p.erpKey)}::text[],
                  ${pairs.map((p) => p.erpName)}::text[], ${pairs.map((p) => p.crmId)}::text[],
                  ${pairs.map((p) => p.crmName)}::text[], ${pairs.map((p) => p.turnSyncOn)}::boolean[])
        AS p(id, erp_key, erp_name, crm_id, crm_name, sync_on)
    ON CONFLICT DO NOTHING
    RETURNING erp_key`
  return new Set(rows.map((row) => row.erp_key))
}

/**
 * Has this type ever had a pair, living or removed? (sync-rules §4.1) A pair whose run was undone is as if it had never
 * been.
 */
export async function hasAnyMapping(tx: Database, connectionId: string, type: RecordType): Promise<boolean> {
  const where = { connectionId, type, OR: [{ removedCause: null }, { removedCause: { not: UNDONE_CAUSE } }] }
  return (await tx.crmMapping.findFirst({ where, select: { id: true } })) !== null
}

/** One living pair as planning needs it, without the fields of either side. */
export interface PairState {
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string
  readonly modifiedAt: Date | null
  readonly closed: boolean
  /** The ERP's flag, or the switch that the pair carries while that flag has not changed. */
  readonly syncOn: boolean
  /** False when both sides' contents are those last found or made equal. */
  readonly differs: boolean
  readonly createdInRun: string | null
  readonly failedInDrain: string | null
}

export async function findPairStates(tx: Database, connectionId: string, type: RecordType): Promise<PairState[]> {
  const project = type === 'project'
  return tx.$queryRaw<PairState[]>`
    SELECT m.erp_key AS "erpKey", e.name AS "erpName", m.crm_id AS "crmId", e.modified_at AS "modifiedAt",
           ${project ? Prisma.sql`e.closed` : Prisma.sql`false`} AS closed,
           ${
             project
               ? Prisma.sql`(CASE WHEN m.overridden_flag = e.sync_to_crm THEN m.sync_override ELSE e.sync_to_crm END)`
               : Prisma.sql`true`
           } AS "syncOn",
           (m.settled_erp_hash IS DISTINCT FROM ${project ? Prisma.sql`e.content_hash || e.totals_hash` : Prisma.sql`e.content_hash`}
             OR m.settled_crm_hash IS DISTINCT FROM c.content_hash) AS differs,
           m.created_in_run AS "createdInRun", m.failed_in_drain AS "failedInDrain"
      FROM crm_mapping m
      JOIN ${erpTable(type)} e ON e.connection_id = m.connection_id AND e.key = m.erp_key
      LEFT JOIN crm_record c ON c.connection_id = m.connection_id AND c.type = m.type AND c.id = m.crm_id
     WHERE m.connection_id = ${connectionId}::uuid AND m.type = ${type}::record_type AND m.removed_at IS NULL`
}

/** What a living pair remembers of the last agreement. */
export interface PairBase {
  readonly erpKey: string
  readonly crmId: string
  readonly base: Fields | null
  readonly pins: readonly string[]
  readonly externalKeySent: boolean
  /** Warnings already on the log, by field (sync-rules §13.13). */
  readonly warned: Readonly<Record<string, string>>
  /** The switch that the pair carries, and the ERP's flag it stands in for until that changes (sync-rules §4.3). */
  readonly syncOverride: boolean | null
  readonly overriddenFlag: boolean | null
}

export async function findPairBases(
  connectionId: string,
  type: RecordType,
  erpKeys: readonly string[],
): Promise<Map<string, PairBase>> {
  const rows = await database().crmMapping.findMany({
    where: { connectionId, type, erpKey: { in: [...erpKeys] }, removedAt: null },
    select: {
      erpKey: true,
      crmId: true,
      base: true,
      pins: true,
      externalKeySent: true,
      warned: true,
      syncOverride: true,
      overriddenFlag: true,
    },
  })
  return new Map(
    rows.map((row) => [
      row.erpKey,
      {
        ...row,
        base: row.base as Record<string, string | null> | null,
        warned: row.warned as Record<string, string>,
      },
    ]),
  )
}

/** ERP key → CRM id of every living pair of a type: what a reference is resolved through (sync-rules §7.5). */
export async function findPairIds(connectionId: string, type: RecordType): Promise<Map<string, string>> {
  const rows = await database().$queryRaw<{ erp_key: string; crm_id: string }[]>`
    SELECT erp_key, crm_id FROM crm_mapping
     WHERE connection_id = ${connectionId}::uuid AND type = ${type}::record_type AND removed_at IS NULL`
  return new Map(rows.map((row) => [row.erp_key, row.crm_id]))
}

export interface SettledPair {
  readonly erpKey: string
  readonly erpName: string
  readonly base: Fields
  /** `null` where the pair must be compared again although nothing changed (an unresolved reference, say). */
  readonly erpHash: string | null
  readonly crmHash: string | null
  readonly crmName: string
  readonly externalKeySent: boolean
  /** True when something was written to the CRM. */
  readonly written: boolean
  readonly warned: Readonly<Record<string, string>>
  /** The other direction failed for the pair in this run: that stays on record. */
  readonly stillFailed?: boolean
}

/** Stores what both sides agree on now. Base, hashes and counters of failure in one statement. */
export async function settlePairs(
  tx: Database,
  at: { readonly connectionId: string; readonly type: RecordType },
  pairs: readonly SettledPair[],
): Promise<void> {
  if (pairs.length === 0) return
  await tx.$executeRaw`
    UPDATE crm_mapping m
       SET base = s.base::jsonb, erp_name = s.erp_name, settled_erp_hash = s.erp_hash, settled_crm_hash = s.crm_hash, crm_name = s.crm_name,
           external_key_sent = m.external_key_sent OR s.external_key_sent,
           last_synced_at = CASE WHEN s.written THEN now() ELSE coalesce(m.last_synced_at, now()) END,
           warned = s.warned::jsonb, attempts = CASE WHEN s.still_failed THEN m.attempts ELSE 0 END,
           last_problem = CASE WHEN s.still_failed THEN m.last_problem END,
           failed_in_drain = CASE WHEN s.still_failed THEN m.failed_in_drain END
      FROM unnest(${pairs.map((p) => p.erpKey)}::text[], ${pairs.map((p) => p.erpName)}::text[],
                  ${pairs.map((p) => JSON.stringify(p.base))}::text[],
                  ${pairs.map((p) => p.erpHash)}::text[], ${pairs.map((p) => p.crmHash)}::text[],
                  ${pairs.map((p) => p.crmName)}::text[], ${pairs.map((p) => p.externalKeySent)}::boolean[],
                  ${pairs.map((p) => p.written)}::boolean[],
                  ${pairs.map((p) => JSON.stringify(p.warned))}::text[],
                  ${pairs.map((p) => p.stillFailed === true)}::boolean[])
        AS s(erp_key, erp_name, base, erp_hash, crm_hash, crm_name, external_key_sent, written, warned, still_failed)
     WHERE m.connection_id = ${at.connectionId}::uuid AND m.type = ${at.type}::record_type
       AND m.erp_key = s.erp_key AND m.removed_at IS NULL`
}

/** `drainId`: the drain in which the project is dealt with for now (sync-rules §6.5); `null` leaves that as it is. */
export async function markPairFailed(
  tx: Database,
  at: { readonly connectionId: string; readonly type: RecordType; readonly erpKey: string },
  failure: { readonly problem: string; readonly drainId: string | null },
): Promise<void> {
  await tx.crmMapping.updateMany({
    where: { ...at, removedAt: null },
    data: {
      attempts: { increment: 1 },
      lastProblem: failure.problem,
      ...(failure.drainId === null ? {} : { failedInDrain: failure.drainId }),
      settledErpHash: null,
    },
  })
}

export interface CreatedPair {
  readonly connectionId: string
  readonly type: RecordType
  readonly runId: string
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string
  readonly crmName: string
  readonly adopted: boolean
  /** `null`: a fresh pair, to be compared like one found by name. */
  readonly base: Fields | null
  readonly erpHash: string | null
  readonly crmHash: string | null
  readonly externalKeySent: boolean
  readonly warned: Readonly<Record<string, string>>
  /** sync-rules §13.14: a project created in the CRM is set to sync whatever its flag says. */
  readonly turnSyncOn: boolean
  readonly erpFlag: boolean
}

/** Adds the pair of a record that was created or adopted. False when either side is paired already. */
export async function insertCreatedPair(tx: Database, pair: CreatedPair): Promise<boolean> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO crm_mapping (id, connection_id, type, erp_key, erp_name, crm_id, crm_name, matched_by, created_by,
                             created_in_run, base, settled_erp_hash, settled_crm_hash, external_key_sent,
                             warned, last_synced_at, sync_override, overridden_flag)
    VALUES (${randomUUIDv7()}::uuid, ${pair.connectionId}::uuid, ${pair.type}::record_type, ${pair.erpKey},
            ${pair.erpName}, ${pair.crmId}, ${pair.crmName}, ${pair.adopted ? 'adopted' : 'created'}::matched_by,
            'sync', ${pair.runId}::uuid, ${pair.base ? JSON.stringify(pair.base) : null}::jsonb, ${pair.erpHash}, ${pair.crmHash},
            ${pair.externalKeySent}, ${JSON.stringify(pair.warned)}::jsonb, now(), ${pair.turnSyncOn ? true : null}, ${pair.turnSyncOn ? pair.erpFlag : null})
    ON CONFLICT DO NOTHING
    RETURNING id`
  return rows.length > 0
}
