import type { RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'

/** What one comparison of both sides found of one type. */
export interface DriftPoint {
  readonly runId: string
  readonly type: RecordType
  readonly at: Date
  /** Pairs that were compared: those that the sync keeps in step. */
  readonly compared: number
  /** Those of them whose two records differ in a field that the sync keeps in step. */
  readonly differing: number
  /** Records that should have a partner on the other side and have none, or have lost it. */
  readonly missing: number
}

/**
 * Counts what the plan of a comparison would do, by type: its items are the list of differences. Pairs that the sync
 * leaves alone (closed, or switched off) are not compared; were they counted, the drift of all others would look small.
 */
export async function insertDriftPoints(
  tx: Database,
  of: { readonly connectionId: string; readonly runId: string; readonly includeClosed: boolean },
  types: readonly RecordType[],
): Promise<void> {
  await tx.$executeRaw`
    WITH pair AS (
      SELECT m.type, m.erp_key,
             coalesce(CASE WHEN m.overridden_flag = p.sync_to_crm THEN m.sync_override ELSE p.sync_to_crm END
                      AND (NOT p.closed OR ${of.includeClosed}), true) AS in_step
        FROM crm_mapping m
        LEFT JOIN project p ON m.type = 'project' AND p.connection_id = m.connection_id AND p.key = m.erp_key
       WHERE m.connection_id = ${of.connectionId}::uuid AND m.removed_at IS NULL
    ), item AS (
      SELECT i.type, i.erp_key, i.action, i.direction,
             (i.type, i.erp_key) IN (SELECT type, erp_key FROM pair) AS is_paired
        FROM sync_item i WHERE i.run_id = ${of.runId}::uuid
    )
    INSERT INTO drift_point (run_id, connection_id, type, at, compared, differing, missing)
    SELECT ${of.runId}::uuid, ${of.connectionId}::uuid, type, now(),
           (SELECT count(*) FROM pair
             WHERE pair.type = kinds.type
               AND (in_step OR (type, erp_key) IN (SELECT type, erp_key FROM item WHERE action = 'update'))),
           (SELECT count(DISTINCT erp_key) FROM item WHERE item.type = kinds.type AND action = 'update' AND is_paired),
           (SELECT count(*) FROM item
             WHERE item.type = kinds.type
               AND (action IN ('create', 'unmap')
                    OR (NOT is_paired AND direction = 'to_crm' AND action IN ('map', 'update'))))
      FROM unnest(${[...types]}::text[]::record_type[]) AS kinds(type)`
}

/** The comparisons of a connection since a moment, oldest first; of each run one point per type. */
export async function findDriftPoints(connectionId: string, since: Date): Promise<DriftPoint[]> {
  return database().driftPoint.findMany({
    where: { connectionId, at: { gte: since } },
    orderBy: [{ at: 'asc' }, { type: 'asc' }],
    omit: { connectionId: true },
  })
}

/** What one comparison found, by type. */
export async function findRunDrift(
  tx: Database,
  runId: string,
): Promise<Pick<DriftPoint, 'type' | 'compared' | 'differing' | 'missing'>[]> {
  const select = { type: true, compared: true, differing: true, missing: true }
  return tx.driftPoint.findMany({ where: { runId }, select })
}

/** From how much drift on a comparison is worth an alert, in percent. */
export async function findDriftPercent(connectionId: string): Promise<number> {
  const where = { id: connectionId }
  return (await database().connection.findUniqueOrThrow({ where, select: { driftPercent: true } })).driftPercent
}

export async function saveDriftPercent(connectionId: string, driftPercent: number, tx: Database): Promise<void> {
  await tx.connection.update({ where: { id: connectionId }, data: { driftPercent } })
}
