import { startRun } from '#lib/engine/start'
import type { Transaction } from '#lib/store/database'
import type { RunTrigger, UndoChoices } from '#lib/store/runs'
import { findUndoFacts, hasCompletedUndo } from '#lib/store/undo-facts'
import type { RunOptions } from '#lib/sync/eligibility'
import { refuseUndo, type UndoRefusal } from '#lib/sync/undo-rule'

export type UndoStarted =
  | { readonly ok: true; readonly runId: string }
  | { readonly ok: false; readonly reason: 'no-such-run'; readonly message: string }
  | { readonly ok: false; readonly reason: UndoRefusal['reason']; readonly message: string }

/** An undo takes no options of a sync: it reads and pairs nothing. */
const NO_OPTIONS: RunOptions = {
  mapUnsynced: false,
  whenNoMatch: 'leave',
  includeClosed: false,
  allBatches: false,
  preview: false,
}

/**
 * Starts the undo of a run (sync-rules §12), or says why there is none to start. The undo is a run of its own: queued
 * here, done by whoever advances it.
 */
export async function startUndo(
  sourceRunId: string,
  how: { readonly trigger: RunTrigger; readonly startedBy: string; readonly choices: UndoChoices },
): Promise<UndoStarted> {
  const facts = await findUndoFacts(sourceRunId)
  if (!facts) return { ok: false, reason: 'no-such-run', message: 'There is no such run.' }
  const refusal = refuseUndo(facts)
  if (refusal) return { ok: false, ...refusal }
  const { trigger, startedBy, choices } = how
  const { connectionId } = facts
  try {
    const started = await startRun(
      { connectionId, trigger, startedBy, options: NO_OPTIONS, purpose: { kind: 'undo', sourceRunId, choices } },
      (tx) => refuseSecond(tx, sourceRunId),
    )
    if (started.ok) return started
  } catch (error) {
    if (!(error instanceof UndoneMeanwhile)) throw error
  }
  // Somebody was faster: what has become of it is asked for anew.
  const now = refuseUndo({ ...facts, ...(await findUndoFacts(sourceRunId)) })
  return now ? { ok: false, ...now } : startUndo(sourceRunId, how)
}

class UndoneMeanwhile extends Error {}

/** Asked when this run holds the connection: from here on no other undo of the run can begin or end. */
async function refuseSecond(tx: Transaction, sourceRunId: string): Promise<void> {
  if (await hasCompletedUndo(tx, sourceRunId)) throw new UndoneMeanwhile()
}
