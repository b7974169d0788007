import type { Fields } from '#lib/sync/records'
import { type Database, database } from './database.ts'

/** *Sync to CRM* of project pairs: the ERP's own flag, or the switch that a pair carries in its place (sync-rules §4.3). */

/** Projects whose sync switch was turned on here and still waits to be written to the ERP (sync-rules §4.3). */
export async function findWaitingFlags(
  connectionId: string,
): Promise<{ erpKey: string; erpName: string; crmId: string }[]> {
  return database().$queryRaw`
    SELECT m.erp_key AS "erpKey", m.erp_name AS "erpName", m.crm_id AS "crmId"
      FROM crm_mapping m
      JOIN project p ON p.connection_id = m.connection_id AND p.key = m.erp_key
     WHERE m.connection_id = ${connectionId}::uuid AND m.type = 'project' AND m.removed_at IS NULL
       AND m.sync_override AND m.matched_by = 'name' AND NOT p.sync_to_crm AND m.overridden_flag = p.sync_to_crm
     ORDER BY m.erp_key`
}

/** The ERP's own flag is on now: the pair need not carry the switch any longer. */
export async function clearSyncOverride(tx: Database, connectionId: string, erpKey: string): Promise<void> {
  await tx.crmMapping.updateMany({
    where: { connectionId, type: 'project', erpKey, removedAt: null },
    data: { syncOverride: null, overriddenFlag: null },
  })
}

/** A pair that only its switch concerns, because it is off: what both sides agree on about the switch. */
export interface SettledSwitch {
  readonly erpKey: string
  /** Of the switch alone; empty: nothing was agreed. */
  readonly base: Fields
  readonly erpHash: string
  readonly crmHash: string
}

/** Remembers that pairs whose switch is off have been looked at as they stand; nothing else of them is touched. */
export async function settleSwitchedOff(
  tx: Database,
  connectionId: string,
  pairs: readonly SettledSwitch[],
): Promise<void> {
  if (pairs.length === 0) return
  await tx.$executeRaw`
    UPDATE crm_mapping m
       SET base = CASE WHEN s.base = '{}'::jsonb THEN m.base ELSE coalesce(m.base, '{}'::jsonb) || s.base END,
           settled_erp_hash = s.erp_hash, settled_crm_hash = s.crm_hash
      FROM unnest(${pairs.map((p) => p.erpKey)}::text[], ${pairs.map((p) => JSON.stringify(p.base))}::text[]::jsonb[],
                  ${pairs.map((p) => p.erpHash)}::text[], ${pairs.map((p) => p.crmHash)}::text[])
        AS s(erp_key, base, erp_hash, crm_hash)
     WHERE m.connection_id = ${connectionId}::uuid AND m.type = 'project' AND m.erp_key = s.erp_key
       AND m.removed_at IS NULL`
}

/** The pair carries the switch, since the ERP's own flag cannot be written, until that flag changes (§4.3). */
export async function carrySwitch(
  tx: Database,
  connectionId: string,
  pair: { readonly erpKey: string; readonly on: boolean; readonly erpFlag: boolean },
): Promise<void> {
  await tx.crmMapping.updateMany({
    where: { connectionId, type: 'project', erpKey: pair.erpKey, removedAt: null },
    data: { syncOverride: pair.on, overriddenFlag: pair.erpFlag },
  })
}
