import type { RunContext } from '#lib/engine/context'
import { countOpenCreates } from '#lib/store/items'
import { findLastFinishedRun } from '#lib/store/runs'
import { remainingRuns } from '#lib/sync/batch'

/** The step that decides what every project of the run is for; until it is done the backlog is that of the run before. */
export const PROJECTS_PLANNED = 'plan:project'

/** Due projects that are not dealt with yet, counted anew from what is left (sync-rules §6.1). */
export async function countBacklog(context: RunContext): Promise<{ remainingProjects: number; remainingRuns: number }> {
  const { run, counters } = context
  if (!context.isDone(PROJECTS_PLANNED))
    return { remainingProjects: run.remainingProjects, remainingRuns: run.remainingRuns }
  const of = { runId: run.id, type: 'project' } as const
  const open = [
    await countOpenCreates({ ...of, direction: 'to_crm' }),
    await countOpenCreates({ ...of, direction: 'to_erp' }),
  ]
  const remaining = open.reduce((left, creates) => left - creates, counters.project?.notReached ?? 0)
  return { remainingProjects: remaining, remainingRuns: remainingRuns(remaining, run.batchSize) }
}

/**
 * Whether a backlog that an earlier sync left holds creates of projects and the way back (sync-rules §6.2): it does so
 * in a run for chosen records too, which cannot empty it.
 */
export async function isHeldByBacklog(context: RunContext): Promise<boolean> {
  if (context.run.kind !== 'retry') return false
  return ((await findLastFinishedRun(context.run.connectionId))?.remainingProjects ?? 0) > 0
}
