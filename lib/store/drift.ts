import type { RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'

/** What one comparison of both sides found of one type. */
export interface DriftPoint {
  readonly runId: string
  readonly type: RecordType
  readonly at: Date
  /** Pairs that were compared. */
  readonly compared: number
  /** Those of them whose two records differ in a field that the sync keeps in step. */
  readonly differing: number
  /** Records that should have a partner on the other side and have none, or have lost it. */
  readonly missing: number
}

/** Counts what the plan of a comparison would do, by type: its items are the list of differences. */
export async function insertDriftPoints(
  tx: Database,
  of: { readonly connectionId: string; readonly runId: string },
  types: readonly RecordType[],
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO drift_point (run_id, connection_id, type, at, compared, differing, missing)
    SELECT ${of.runId}::uuid, ${of.connectionId}::uuid, type, now(),
           (SELECT count(*) FROM crm_mapping m
             WHERE m.connection_id = ${of.connectionId}::uuid AND m.type = kinds.type AND m.removed_at IS NULL),
           (SELECT count(DISTINCT i.erp_key) FROM sync_item i
             WHERE i.run_id = ${of.runId}::uuid AND i.type = kinds.type AND i.action = 'update'),
           (SELECT count(*) FROM sync_item i
             WHERE i.run_id = ${of.runId}::uuid AND i.type = kinds.type
               AND (i.action IN ('create', 'unmap') OR (i.action = 'map' AND i.direction = 'to_crm')))
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
