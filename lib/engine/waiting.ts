import { noteRunParked } from '#lib/engine/alerts'
import type { Outage, RunContext } from '#lib/engine/context'
import { LostRun, RunBroken } from '#lib/engine/context'
import { mayWait } from '#lib/engine/phases/preflight'
import { appendLog } from '#lib/store/log'
import { handBackRun } from '#lib/store/run-holds'
import { findRun } from '#lib/store/runs'
import { problemCodes } from '#lib/sync/problems'
import { messageRunPaused, messageRunWaiting, messageWaitOver } from '#lib/sync/run-messages'

/** A run whose system has stayed away so long ends as failed, and the connection is free again. */
const LONGEST_OUTAGE_MILLISECONDS = 24 * 60 * 60 * 1000

/** Whether a run that was broken off by this may wait: it had begun, and its system has not been away for a day. */
export function mayPark(context: RunContext, failure: unknown): failure is RunBroken & { outage: Outage } {
  return failure instanceof RunBroken && failure.outage !== null && mayWait(context) && !hasWaitedTooLong(context)
}

function hasWaitedTooLong({ run }: RunContext): boolean {
  return run.parkedSince !== null && Date.now() - run.parkedSince.getTime() >= LONGEST_OUTAGE_MILLISECONDS
}

/**
 * Hands the run back until its system may be well again: twice as long each time, and never sooner than the system
 * asked for.
 */
export async function parkRun(context: RunContext, failure: RunBroken & { outage: Outage }): Promise<void> {
  const { id: runId, epoch, connectionId, parkings } = context.run
  const { first, longest } = context.ports.waitSeconds
  const own = Math.min(longest, first * 2 ** parkings)
  const resumeInSeconds = Math.max(own, failure.outage.retryAfterSeconds ?? 0)
  await context.commit(
    async (tx) => {
      if (parkings === 0) await appendLog(tx, { connectionId, runId }, [messageRunWaiting(failure.message)])
      const held = await handBackRun(tx, { runId, epoch }, { resumeInSeconds, reason: failure.message })
      if (!held) throw new LostRun('Another process has taken this run.')
      await noteRunParked(tx, context.run, failure.message)
    },
    { gotFurther: false },
  )
}

/** After the preflight of a run that had waited: both systems answer. */
export async function logWaitOver(context: RunContext): Promise<void> {
  const { parkedSince } = context.run
  if (parkedSince !== null) await context.log([messageWaitOver((Date.now() - parkedSince.getTime()) / 1000)])
}

/** Hands the run back until a person resumes it. */
export async function pauseRun(context: RunContext): Promise<void> {
  const { id: runId, epoch, connectionId } = context.run
  const by = (await findRun(runId))?.pauseRequestedBy ?? null
  await context.commit(
    async (tx) => {
      await appendLog(tx, { connectionId, runId }, [messageRunPaused(by)])
      const held = await handBackRun(tx, { runId, epoch }, null)
      if (!held) throw new LostRun('Another process has taken this run.')
    },
    { gotFurther: false },
  )
}

/** What ends a run that could not be parked: after a day of waiting, that too. */
export function afterWaiting(context: RunContext, failure: unknown): unknown {
  if (!(failure instanceof RunBroken) || failure.outage === null || !hasWaitedTooLong(context)) return failure
  return new RunBroken(problemCodes.waitedTooLong, `${failure.message} It stayed away for a day, so the sync stopped.`)
}
