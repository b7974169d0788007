import { RunBroken, type RunContext } from '#lib/engine/context'
import { type FailureReason, RemoteFailure } from '#lib/sync/ports'
import { problemOfFailure } from '#lib/sync/problems'

/** Failures that say something about a system and not about one record. */
const BOUNDARY: ReadonlySet<FailureReason> = new Set([
  'unreachable',
  'timeout',
  'broken-answer',
  'server-error',
  'throttled',
])

/** Failures after which no further call can succeed. */
const FATAL: ReadonlySet<FailureReason> = new Set(['sign-in-refused', 'session-lost', 'address-refused'])

/** The system itself is away, or asks for a pause: a later attempt may find it well. */
const AWAY: ReadonlySet<FailureReason> = new Set(['unreachable', 'timeout', 'server-error', 'throttled'])

/** So many boundary failures in a row, although the system answers, say that this kind of call does not work. */
const BROKEN_AFTER = 5

export type Guarded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: RemoteFailure }

/**
 * Turns one record's remote failure into a value, and an outage into {@link RunBroken}: one record's failure is one
 * line of the log, only a broken boundary ends a run (guide/style.md rule 5). Which of the two it is, one call tells
 * that has nothing to do with the record: while the system is away, no record is called failed.
 */
export function boundaryGuard(context: RunContext): <T>(call: () => Promise<T>) => Promise<Guarded<T>> {
  let inARow = 0
  return async (call) => {
    await context.assertHeld()
    try {
      const calling = call()
      context.ports.atPoint?.('during-send')
      const value = await calling
      context.ports.atPoint?.('after-send-before-commit')
      inARow = 0
      return { ok: true, value }
    } catch (error) {
      if (context.signal.aborted) context.stopIfAsked()
      if (!(error instanceof RemoteFailure)) throw error
      if (FATAL.has(error.reason)) throw broken(error)
      if (isAway(error.reason) && !(await answers(context, error))) throw broken(error)
      inARow = BOUNDARY.has(error.reason) ? inARow + 1 : 0
      if (inARow >= BROKEN_AFTER) throw broken(error)
      return { ok: false, failure: error }
    }
  }
}

/** Whether a failure of this kind says that the system is away, and not that something is wrong with the call. */
export function isAway(reason: FailureReason): boolean {
  return AWAY.has(reason)
}

/** A system that asked for a pause is not asked again before that. */
async function answers(context: RunContext, { side, reason }: RemoteFailure): Promise<boolean> {
  if (reason === 'throttled') return false
  try {
    await context.ports[side].ping({ signal: context.signal })
    return true
  } catch (error) {
    if (context.signal.aborted) context.stopIfAsked()
    if (!(error instanceof RemoteFailure)) throw error
    return !isAway(error.reason)
  }
}

/** The end of a run that could not read or write at all, with its reason. */
export function broken(failure: RemoteFailure): RunBroken {
  const { side, retryAfterSeconds } = failure
  const outage = isAway(failure.reason) ? { side, retryAfterSeconds } : null
  return new RunBroken(problemOfFailure(failure.reason, 'read'), failure.message, outage)
}
