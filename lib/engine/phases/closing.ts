import { countBacklog } from '#lib/engine/backlog'
import type { RunContext } from '#lib/engine/context'
import { LostRun } from '#lib/engine/context'
import { countFailedItems, leaveUnsentItems } from '#lib/store/items'
import { appendLog } from '#lib/store/log'
import { findRun, finishRun } from '#lib/store/runs'
import type { ProblemCode } from '#lib/sync/problems'
import { messageRunClosed } from '#lib/sync/run-messages'
import { finalStatus, type RunStatus } from '#lib/sync/run-state'

/** How a run came to its end: by itself, by a person, or because it could not go on. */
export interface Ending {
  readonly cancelled: boolean
  readonly failure: { readonly code: ProblemCode; readonly message: string } | null
}

/** Stores the run's end and its last line (sync-rules §11): the connection is free for the next run. */
export async function closeRun(context: RunContext, ending: Ending): Promise<RunStatus> {
  const { id: runId, epoch, connectionId, batchSize, options } = context.run
  const now = await findRun(runId)
  const backlog = await countBacklog(context)
  const { remainingProjects } = backlog
  const failure = ending.failure?.message ?? null
  const status = finalStatus({
    cancelled: ending.cancelled,
    failure,
    preview: options.preview,
    remainingProjects,
    recordErrors: await countFailedItems(runId),
  })
  const cancelledBy = now?.cancelRequestedBy ?? null
  const failureCode = ending.failure?.code ?? null
  const line = messageRunClosed({ status, remainingProjects, batchSize, failure, failureCode, cancelledBy })
  await context.commit(async (tx) => {
    await leaveUnsentItems(tx, runId)
    await appendLog(tx, { connectionId, runId }, [line])
    const finished = await finishRun(
      tx,
      { runId, epoch },
      {
        status,
        message: line.message,
        counters: context.counters,
      },
    )
    if (!finished) throw new LostRun('Another process has taken this run.')
  }, backlog)
  return status
}
