import { database } from './database.ts'

/** What the options of the sync form would include, by the records as last read. */
export interface SyncCounts {
  /** False before the first read of projects: then every other number is 0 and says nothing. */
  readonly hasRead: boolean
  readonly projects: number
  /** Mapped, *Sync to CRM* on, not closed. */
  readonly mappedOn: number
  /** The same, but closed: sent only with *Sync closed projects* (sync-rules §5.2). */
  readonly mappedClosed: number
  /** Not mapped and not set to sync: what *Map unsynced* would match by name (sync-rules §4.3). */
  readonly unmappedOff: number
  /** Not mapped but set to sync: matched by name in any run (sync-rules §4.2). */
  readonly unmappedOn: number
}

/**
 * Counts over the projects as last read and the living pairs. A pair's own switch turns a project on for as long
 * as Ajera's flag is the one it overrides (sync-rules §4.3).
 */
export async function countForSyncForm(connectionId: string): Promise<SyncCounts> {
  const rows = await database().$queryRaw<Omit<SyncCounts, 'hasRead'>[]>`
    SELECT count(*)::int AS projects,
           (count(*) FILTER (WHERE mapped AND sync_on AND NOT closed))::int AS "mappedOn",
           (count(*) FILTER (WHERE mapped AND sync_on AND closed))::int AS "mappedClosed",
           (count(*) FILTER (WHERE NOT mapped AND NOT sync_on))::int AS "unmappedOff",
           (count(*) FILTER (WHERE NOT mapped AND sync_on))::int AS "unmappedOn"
      FROM (
        SELECT m.id IS NOT NULL AS mapped, p.closed,
               CASE WHEN m.overridden_flag = p.sync_to_crm THEN m.sync_override ELSE p.sync_to_crm END AS sync_on
          FROM project p
          LEFT JOIN crm_mapping m ON m.connection_id = p.connection_id AND m.type = 'project'
                                 AND m.erp_key = p.key AND m.removed_at IS NULL
         WHERE p.connection_id = ${connectionId}::uuid
      ) AS project_with_switch`
  const counts = rows[0] ?? { projects: 0, mappedOn: 0, mappedClosed: 0, unmappedOff: 0, unmappedOn: 0 }
  return { hasRead: counts.projects > 0, ...counts }
}
