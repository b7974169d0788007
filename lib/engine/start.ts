import { appendAudit } from '#lib/store/audit'
import { findConnectionBatchSize } from '#lib/store/connections'
import { database } from '#lib/store/database'
import { sendAdvanceJob } from '#lib/store/queue'
import { findLastFinishedRun, findOpenRun, insertRun, markCancelRequested, type RunTrigger } from '#lib/store/runs'
import type { RunOptions } from '#lib/sync/eligibility'

export type Started =
  | { readonly ok: true; readonly runId: string }
  | { readonly ok: false; readonly reason: 'already-running'; readonly runId: string }

/**
 * Starts a run, or answers with the one that is going (sync-rules §2.1). One transaction inserts the run, the audit
 * line and the job; the CLI works in its own process and needs no job. A run that finds a backlog continues it with
 * the options of the run that left it (§2.3); *Keep going* is what the person asks for now.
 */
export async function startRun(input: {
  readonly connectionId: string
  readonly trigger: RunTrigger
  readonly startedBy: string
  readonly options: RunOptions
}): Promise<Started> {
  if (input.options.preview) throw new Error('A preview writes nothing, and no run can promise that yet.')
  const open = await findOpenRun(input.connectionId)
  if (open) return { ok: false, reason: 'already-running', runId: open.id }
  const batchSize = await findConnectionBatchSize(input.connectionId)
  const runId = await database().$transaction(async (tx) => {
    const last = await findLastFinishedRun(input.connectionId, tx)
    const continues = last && last.remainingProjects > 0 && !input.options.preview ? last : null
    const options = continues
      ? { ...continues.options, allBatches: input.options.allBatches, preview: false }
      : input.options
    const id = await insertRun({ ...input, options, batchSize, continues }, tx)
    if (id === null) return null
    await appendAudit(tx, {
      actor: input.startedBy,
      action: 'run.start',
      subject: id,
      details: { trigger: input.trigger, options },
    })
    if (input.trigger !== 'cli') await sendAdvanceJob(tx, { runId: id, connectionId: input.connectionId })
    return id
  })
  if (runId !== null) return { ok: true, runId }
  const going = await findOpenRun(input.connectionId)
  if (going) return { ok: false, reason: 'already-running', runId: going.id }
  // The run that stood in the way ended between the two statements: there is room now.
  return startRun(input)
}

/** Asks a run to stop at its next record. False when it has ended already. */
export async function requestCancel(runId: string, by: string): Promise<boolean> {
  return markCancelRequested(runId, by)
}
