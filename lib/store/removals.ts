import type { KnownKey } from '#lib/sync/key-list'
import type { RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'
import { GONE_IN_CRM } from './removal-causes.ts'

/** What a complete list of keys is compared with, and what it takes away (sync-rules §8 step 4). */

export interface TypeOf {
  readonly connectionId: string
  readonly type: RecordType
}

/** Every CRM record of a type that was ever read. `delivered`: by a read of this run. */
export async function findKnownKeys(at: TypeOf, runId: string): Promise<KnownKey[]> {
  return database().$queryRaw<KnownKey[]>`
    SELECT id, gone_at IS NOT NULL AS gone, seen_in_run IS NOT DISTINCT FROM ${runId}::uuid AS delivered
      FROM crm_record WHERE connection_id = ${at.connectionId}::uuid AND type = ${at.type}::record_type
     ORDER BY id`
}

export interface RemovedPair {
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string
  readonly crmName: string
}

/** Ends the living pairs of CRM records that are gone; the rows stay, with cause and time. Answers what was ended. */
export async function removeGonePairs(
  tx: Database,
  at: TypeOf,
  crmIds: readonly string[],
): Promise<readonly RemovedPair[]> {
  if (crmIds.length === 0) return []
  return tx.$queryRaw<RemovedPair[]>`
    UPDATE crm_mapping SET removed_at = now(), removed_by = 'sync', removed_cause = ${GONE_IN_CRM}
     WHERE connection_id = ${at.connectionId}::uuid AND type = ${at.type}::record_type
       AND crm_id = ANY(${[...crmIds]}::text[]) AND removed_at IS NULL
     RETURNING erp_key AS "erpKey", erp_name AS "erpName", crm_id AS "crmId", crm_name AS "crmName"`
}

/** Gone records are no candidates of any pairing, and no namesakes. Letter case of an id is no difference. */
export async function markCrmRecordsGone(tx: Database, at: TypeOf, crmIds: readonly string[]): Promise<void> {
  if (crmIds.length === 0) return
  await tx.$executeRaw`
    UPDATE crm_record SET gone_at = now()
     WHERE connection_id = ${at.connectionId}::uuid AND type = ${at.type}::record_type AND gone_at IS NULL
       AND upper(trim(id)) IN (SELECT upper(trim(gone)) FROM unnest(${[...crmIds]}::text[]) gone)`
}

/**
 * Records that are there again. What an earlier read left of them is current: had they been changed since, the read of
 * this run would have delivered them.
 */
export async function markCrmRecordsBack(tx: Database, at: TypeOf, crmIds: readonly string[]): Promise<void> {
  await tx.crmRecord.updateMany({ where: { ...at, id: { in: [...crmIds] } }, data: { goneAt: null } })
}

/**
 * CRM records whose last pair ended because the CRM had lost them, and whose ERP record has no other meanwhile: back
 * again, they are not new, but wait for a person (docs/decisions/0010).
 */
export async function findReturnedCrmIds(at: TypeOf): Promise<Set<string>> {
  const rows = await database().$queryRaw<{ id: string }[]>`
    SELECT last.crm_id AS id
      FROM (SELECT DISTINCT ON (crm_id) crm_id, erp_key, removed_cause FROM crm_mapping
             WHERE connection_id = ${at.connectionId}::uuid AND type = ${at.type}::record_type
             ORDER BY crm_id, removed_at DESC NULLS FIRST) last
     WHERE last.removed_cause = ${GONE_IN_CRM}
       AND NOT EXISTS (SELECT 1 FROM crm_mapping m
                        WHERE m.connection_id = ${at.connectionId}::uuid AND m.type = ${at.type}::record_type
                          AND m.erp_key = last.erp_key AND m.removed_at IS NULL)`
  return new Set(rows.map((row) => row.id))
}
