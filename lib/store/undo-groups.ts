import { Prisma } from '#generated/client'
import { KEPT_CODES, type UndoGroup, type UndoGroups } from '#lib/sync/undo-groups'
import { database } from './database.ts'

const KEPT = Prisma.sql`coalesce(problem_code = ANY(${[...KEPT_CODES]}::text[]), false)`

/** Which items of an undo stand in a group, as a condition: what `undoGroupOf` of lib/sync says of one. */
export function inUndoGroup(group: UndoGroup): Prisma.Sql {
  switch (group) {
    case 'put-back':
      return Prisma.sql`coalesce(outcome = 'updated' AND NOT ${KEPT}, false)`
    case 'kept':
      return Prisma.sql`(${KEPT} AND outcome IS DISTINCT FROM 'failed')`
    case 'failed':
      return Prisma.sql`coalesce(outcome = 'failed', false)`
  }
}

/** How many records of an undo there are in each group; one that was put back on both sides is one. */
export async function countUndoGroups(runId: string): Promise<UndoGroups> {
  const rows = await database().$queryRaw<UndoGroups[]>`
    WITH record AS (
      SELECT bool_or(${inUndoGroup('failed')}) AS failed, bool_or(${inUndoGroup('kept')}) AS kept,
             bool_or(${inUndoGroup('put-back')}) AS back
        FROM sync_item WHERE run_id = ${runId}::uuid GROUP BY type, erp_key
    )
    SELECT (count(*) FILTER (WHERE failed))::int AS failed,
           (count(*) FILTER (WHERE kept AND NOT failed))::int AS kept,
           (count(*) FILTER (WHERE back AND NOT kept AND NOT failed))::int AS "putBack"
      FROM record`
  return rows[0] ?? { putBack: 0, kept: 0, failed: 0 }
}
