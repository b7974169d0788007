import { Prisma } from '#generated/client'
import { problemCodes } from '#lib/sync/problems'
import type { UndoGroups } from '#lib/sync/undo-messages'
import { database } from './database.ts'

/** The three groups of an undo (sync-rules §12), as its last line counts them and its page lists them. */
export const UNDO_GROUPS = ['put-back', 'kept', 'failed'] as const
export type UndoGroup = (typeof UNDO_GROUPS)[number]

const KEPT = Prisma.sql`coalesce(problem_code IN (${problemCodes.undoKept}, ${problemCodes.undoCreatedStays}), false)`

/** Which items of an undo stand in a group, as a condition. */
export function inUndoGroup(group: UndoGroup): Prisma.Sql {
  switch (group) {
    case 'put-back':
      return Prisma.sql`(outcome = 'updated' AND problem_code IS NULL)`
    case 'kept':
      return Prisma.sql`(state = 'done' AND ${KEPT})`
    case 'failed':
      return Prisma.sql`outcome = 'failed'`
  }
}

/** How many records of an undo there are in each group; one that was put back on both sides is one. */
export async function countUndoGroups(runId: string): Promise<UndoGroups> {
  const rows = await database().$queryRaw<UndoGroups[]>`
    WITH record AS (
      SELECT bool_or(${inUndoGroup('failed')}) AS failed, bool_or(${inUndoGroup('kept')}) AS kept,
             bool_or(${inUndoGroup('put-back')}) AS back
        FROM sync_item WHERE run_id = ${runId}::uuid AND outcome IS NOT NULL GROUP BY type, erp_key
    )
    SELECT (count(*) FILTER (WHERE failed))::int AS failed,
           (count(*) FILTER (WHERE kept AND NOT failed))::int AS kept,
           (count(*) FILTER (WHERE back AND NOT kept AND NOT failed))::int AS "putBack"
      FROM record`
  return rows[0] ?? { putBack: 0, kept: 0, failed: 0 }
}
