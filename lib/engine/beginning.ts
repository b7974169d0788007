import type { RunContext } from '#lib/engine/context'
import { appendLog } from '#lib/store/log'
import type { Run, TakenRun } from '#lib/store/runs'
import { messageComparisonStarted } from '#lib/sync/comparison-messages'
import type { SideNames } from '#lib/sync/messages'
import { messageRunResumed, messageRunStarted, messageRunUnpaused } from '#lib/sync/run-messages'
import { messageUndoStarted } from '#lib/sync/undo-messages'

/** Checkpoint: the first line is on the log. */
const BEGUN = 'begun'

/** The first line (sync-rules §11), unless an earlier process has written it. */
export function firstLines(run: Run, names: SideNames) {
  if (run.checkpoint.done.includes(BEGUN)) return []
  const { kind, sourceRunId } = run
  if (kind === 'undo' && sourceRunId !== null) {
    return [messageUndoStarted({ ...run, sourceRunId, reason: run.undoReason, pins: run.undoPins })]
  }
  const startedBy = run.trigger === 'automatic' ? null : run.startedBy
  if (kind === 'reconcile') return [messageComparisonStarted(startedBy, names)]
  return [messageRunStarted({ ...run, startedBy, continuesBacklogOf: run.continuesRunId }, names)]
}

/** Who started it and how, or that it was taken up again. A process that died before its first line left none. */
export async function logBeginning(context: RunContext, { wasInterrupted }: TakenRun): Promise<void> {
  const { run, names } = context
  const lines = firstLines(run, names)
  if (lines.length === 0) {
    if (wasInterrupted) await context.log([messageRunResumed(run.phase, run.kind === 'undo' ? 'undo' : 'sync')])
    // One that waited for a system tells when that answers, and one that is taken only to be ended does not go on.
    else if (run.parkedSince === null && run.cancelRequestedBy === null) await context.log([messageRunUnpaused()])
    return
  }
  const where = { connectionId: run.connectionId, runId: run.id }
  await context.commit((tx) => appendLog(tx, where, lines), { ...context.withDone(BEGUN), gotFurther: false })
}
