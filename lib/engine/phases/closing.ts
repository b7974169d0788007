import { noteRunEnd } from '#lib/engine/alerts'
import { countBacklog } from '#lib/engine/backlog'
import { firstLines } from '#lib/engine/beginning'
import { LostRun, RunBroken, RunCancelled, type RunContext } from '#lib/engine/context'
import { mayWait } from '#lib/engine/phases/preflight'
import { findConnection } from '#lib/store/connections'
import { database } from '#lib/store/database'
import { findRunDrift } from '#lib/store/drift'
import { countFailedItems, leaveUnsentItems } from '#lib/store/items'
import { appendLog, ensureLogPartitions } from '#lib/store/log'
import { findRun, finishRun, type Run } from '#lib/store/runs'
import { countUndoGroups } from '#lib/store/undo-groups'
import { messageComparisonCompleted } from '#lib/sync/comparison-messages'
import type { LogEntry } from '#lib/sync/log-entry'
import { type ProblemCode, problemCodes } from '#lib/sync/problems'
import { messageRunClosed } from '#lib/sync/run-messages'
import { finalStatus, type RunStatus } from '#lib/sync/run-state'
import { messageUndoClosed } from '#lib/sync/undo-messages'

/** How a run came to its end: by itself, by a person, or because it could not go on. */
export interface Ending {
  readonly cancelled: boolean
  readonly failure: { readonly code: ProblemCode; readonly message: string } | null
}

/** Stores the run's end and its last line (sync-rules §11): the connection is free for the next run. */
export async function closeRun(context: RunContext, ending: Ending): Promise<RunStatus> {
  const { id: runId, epoch, connectionId, batchSize, options } = context.run
  const now = await findRun(runId)
  // What a preview found out is stored already, and its items are the plan.
  const { preview } = options
  const backlog =
    preview && now
      ? { remainingProjects: now.remainingProjects, remainingRuns: now.remainingRuns }
      : await countBacklog(context)
  const { remainingProjects } = backlog
  const failure = ending.failure?.message ?? null
  const recordErrors = await countFailedItems(runId)
  const status = finalStatus({ cancelled: ending.cancelled, failure, preview, remainingProjects, recordErrors })
  const cancelledBy = now?.cancelRequestedBy ?? null
  const failureCode = ending.failure?.code ?? null
  const line = await closingLine(context.run, {
    status,
    remainingProjects,
    batchSize,
    failure,
    failureCode,
    cancelledBy,
  })
  if (ending.cancelled) context.ports.atPoint?.('during-cancel')
  const gotFurther = status !== 'failed' && status !== 'cancelled'
  await context.commit(
    async (tx) => {
      if (!preview) await leaveUnsentItems(tx, runId)
      await appendLog(tx, { connectionId, runId }, [line])
      const end = { status, message: line.message, counters: context.counters }
      const finished = await finishRun(tx, { runId, epoch }, end)
      if (!finished) throw new LostRun('Another process has taken this run.')
      const facts = { failure: ending.failure, recordErrors, remainingProjects, preflightPassed: mayWait(context) }
      await noteRunEnd(tx, context.run, { status, ...facts })
    },
    { ...backlog, gotFurther },
  )
  return status
}

/**
 * Ends a run whose connection cannot even be opened (its access is gone, say), with its first line and that sentence.
 * Where a person has asked for its end, that is how it ends.
 */
export async function closeUnopened(run: Run, opening: Ending): Promise<RunStatus> {
  const { id: runId, epoch, connectionId, remainingProjects, batchSize, cancelRequestedBy: cancelledBy } = run
  const status = cancelledBy === null ? 'failed' : 'cancelled'
  const connection = await findConnection(connectionId)
  const names = { erp: connection?.erpName ?? 'ERP', crm: connection?.crmName ?? 'CRM' }
  const failure = opening.failure?.message ?? null
  const failureCode = opening.failure?.code ?? null
  const line = await closingLine(run, { status, remainingProjects, batchSize, failure, failureCode, cancelledBy })
  await ensureLogPartitions()
  await database().$transaction(async (tx) => {
    await leaveUnsentItems(tx, runId)
    await appendLog(tx, { connectionId, runId }, [...firstLines(run, names), line])
    const end = { status, message: line.message, counters: run.counters } as const
    if (!(await finishRun(tx, { runId, epoch }, end))) return
    const facts = { failure: opening.failure, recordErrors: 0, remainingProjects, preflightPassed: false }
    await noteRunEnd(tx, run, { status, ...facts })
  })
  return status
}

/** The last line, by the kind of run. */
async function closingLine(run: Run, end: Parameters<typeof messageRunClosed>[0]): Promise<LogEntry> {
  if (run.kind === 'reconcile' && end.status === 'previewed') {
    return messageComparisonCompleted(await findRunDrift(database(), run.id))
  }
  if (run.kind !== 'undo') return messageRunClosed(end)
  return messageUndoClosed({ ...end, groups: await countUndoGroups(run.id) })
}

/** What was thrown, as the end of a run. A defect goes to `log`; a person reads that something unexpected happened. */
export function toEnding(error: unknown, log: (error: unknown) => void): Ending {
  if (error instanceof RunCancelled) return { cancelled: true, failure: null }
  if (error instanceof RunBroken) {
    return { cancelled: false, failure: { code: error.problemCode, message: error.message } }
  }
  log(error)
  return {
    cancelled: false,
    failure: {
      code: problemCodes.runBroke,
      message: 'The sync stopped because of an unexpected error. Start it again; nothing is sent twice.',
    },
  }
}
