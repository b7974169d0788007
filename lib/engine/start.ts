import { noteAutomaticStart } from '#lib/engine/alerts'
import { appendAudit } from '#lib/store/audit'
import { findConnectionBatchSize } from '#lib/store/connections'
import { database, type Transaction } from '#lib/store/database'
import { sendAdvanceJob } from '#lib/store/queue'
import { clearPause, clearWait, markPauseRequested } from '#lib/store/run-holds'
import {
  findLastFinishedRun,
  findOpenRun,
  insertRun,
  markCancelRequested,
  type RunKind,
  type RunScope,
  type RunTrigger,
  type UndoChoices,
} from '#lib/store/runs'
import type { RunOptions } from '#lib/sync/eligibility'

export type Started =
  | { readonly ok: true; readonly runId: string }
  | { readonly ok: false; readonly reason: 'already-running'; readonly runId: string }

/** What a run is for, where it is no ordinary sync; a preview is one with the option `preview`. */
export type RunPurpose =
  | { readonly kind: 'apply'; readonly planId: string }
  /** Sends these records and no others. `sourceRunId`: the run in which they failed; `null`: a person chose them. */
  | { readonly kind: 'retry'; readonly sourceRunId: string | null; readonly scope: RunScope }
  | { readonly kind: 'undo'; readonly sourceRunId: string; readonly choices: UndoChoices }
  /** Compares both sides completely and writes nothing. */
  | { readonly kind: 'reconcile' }

export interface StartInput {
  readonly connectionId: string
  readonly trigger: RunTrigger
  readonly startedBy: string
  readonly options: RunOptions
  readonly purpose?: RunPurpose
  /** Why this one run may remove more mappings than the brake allows (sync-rules §8 step 4). */
  readonly brakeReason?: string
}

/**
 * Starts a run, or answers with the one that is going (sync-rules §2.1). One transaction inserts the run, the audit
 * line and the job; the CLI works in its own process and needs no job. A sync that finds a backlog continues it with
 * the options of the run that left it (§2.3); *Keep going* is what the person asks for now.
 *
 * @param within stored in the same transaction as the run, e.g. that a plan is being applied by it.
 */
export async function startRun(
  input: StartInput,
  within: (tx: Transaction, runId: string) => Promise<void> = async () => undefined,
): Promise<Started> {
  const open = await findOpenRun(input.connectionId)
  if (open) return { ok: false, reason: 'already-running', runId: open.id }
  // Asked for outside of the transaction: many starts at once must not wait for connections that they hold themselves.
  const batchSize = await findConnectionBatchSize(input.connectionId)
  const runId = await database().$transaction(async (tx) => {
    const id = await insertNewRun(tx, input, batchSize)
    if (id !== null) await within(tx, id)
    return id
  })
  if (runId !== null) return { ok: true, runId }
  const going = await findOpenRun(input.connectionId)
  if (going) return { ok: false, reason: 'already-running', runId: going.id }
  // The run that stood in the way ended between the two statements: there is room now.
  return startRun(input, within)
}

async function insertNewRun(tx: Transaction, input: StartInput, batchSize: number): Promise<string | null> {
  const { connectionId, trigger, startedBy, purpose } = input
  const kind: RunKind = purpose?.kind ?? (input.options.preview ? 'preview' : 'sync')
  const last = kind === 'sync' || kind === 'preview' ? await findLastFinishedRun(connectionId, tx) : null
  const continues = last && last.remainingProjects > 0 ? last : null
  const options = continues
    ? { ...continues.options, allBatches: input.options.allBatches, preview: input.options.preview }
    : input.options
  const id = await insertRun(
    {
      connectionId,
      trigger,
      startedBy,
      options,
      continues,
      kind,
      batchSize,
      sourceRunId: purpose && 'sourceRunId' in purpose ? purpose.sourceRunId : null,
      planId: purpose?.kind === 'apply' ? purpose.planId : null,
      scope: purpose?.kind === 'retry' ? purpose.scope : null,
      brakeReason: input.brakeReason ?? null,
      undo: purpose?.kind === 'undo' ? purpose.choices : null,
    },
    tx,
  )
  if (id === null) return null
  const details = {
    trigger,
    kind,
    options,
    ...(input.brakeReason ? { brakeReason: input.brakeReason } : {}),
    ...(purpose?.kind === 'undo' ? { undoes: purpose.sourceRunId, ...purpose.choices } : {}),
  }
  await appendAudit(tx, { actor: startedBy, action: 'run.start', subject: id, details })
  // A nightly comparison may start while syncs do not.
  if (trigger === 'automatic' && kind === 'sync') await noteAutomaticStart(tx, connectionId, id)
  if (trigger !== 'cli') await sendAdvanceJob(tx, { runId: id, connectionId })
  return id
}

/** Asks a run to stop at its next record. False when it has ended already. */
export async function requestCancel(runId: string, by: string): Promise<boolean> {
  return markCancelRequested(runId, by)
}

/** Asks a run to wait from its next record on. False when it has ended, is paused already, or is to end. */
export async function requestPause(runId: string, by: string): Promise<boolean> {
  return markPauseRequested(runId, by)
}

/**
 * Lets a paused run go on where it is, or one that waits for a system try again at once. False when it does neither.
 *
 * @param inProcess the caller goes on with it itself and needs no job.
 */
export async function resumeRun(runId: string, { inProcess = false } = {}): Promise<boolean> {
  return database().$transaction(async (tx) => {
    const paused = await clearPause(runId, tx)
    const waiting = await clearWait(runId, tx)
    const connectionId = paused ?? waiting
    if (connectionId !== null && !inProcess) await sendAdvanceJob(tx, { runId, connectionId })
    return connectionId !== null
  })
}
