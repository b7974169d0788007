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

/** So many boundary failures in a row, each after all its own retries, are an outage. */
const OUTAGE_AFTER = 5

export type Guarded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: RemoteFailure }

/**
 * Turns one record's remote failure into a value, and an outage into {@link RunBroken}: one record's failure is one
 * line of the log, only a broken boundary ends a run (guide/style.md rule 5).
 */
export function boundaryGuard(context: RunContext): <T>(call: () => Promise<T>) => Promise<Guarded<T>> {
  let inARow = 0
  return async (call) => {
    try {
      const value = await call()
      inARow = 0
      return { ok: true, value }
    } catch (error) {
      if (context.signal.aborted) context.stopIfAsked()
      if (!(error instanceof RemoteFailure)) throw error
      if (FATAL.has(error.reason)) throw broken(error)
      inARow = BOUNDARY.has(error.reason) ? inARow + 1 : 0
      if (inARow >= OUTAGE_AFTER) throw broken(error)
      return { ok: false, failure: error }
    }
  }
}

/** The end of a run that could not read or write at all, with its reason. */
export function broken(failure: RemoteFailure): RunBroken {
  return new RunBroken(problemOfFailure(failure.reason, 'read'), failure.message)
}
