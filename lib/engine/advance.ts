import { logBeginning } from '#lib/engine/beginning'
import {
  LostRun,
  type OpenPorts,
  openContext,
  type Ports,
  type RunContext,
  RunPaused,
  RunYielded,
} from '#lib/engine/context'
import { broken } from '#lib/engine/failures'
import { closeRun, closeUnopened, toEnding } from '#lib/engine/phases/closing'
import { preflight } from '#lib/engine/phases/preflight'
import { afterWaiting, logWaitOver, mayPark, parkRun, pauseRun } from '#lib/engine/waiting'
import { typesOf, walk } from '#lib/engine/walk'
import { isDatabaseOutage } from '#lib/store/database'
import { ensureLogPartitions } from '#lib/store/log'
import { secondsSinceHeartbeat } from '#lib/store/run-holds'
import { type RunLock, tryRunLock } from '#lib/store/run-lock'
import { isOpenRun, type TakenRun, takeRun } from '#lib/store/runs'
import { type CrmDescription, RemoteFailure } from '#lib/sync/ports'
import type { RunStatus } from '#lib/sync/run-state'

const HEARTBEAT_MILLISECONDS = 2_000
/** A process that gave no sign of life for so long has lost its run, even where it still holds the lock. */
const STALE_AFTER_SECONDS = 30

export type Advanced =
  | { readonly ended: true; readonly status: RunStatus }
  /**
   * `busy`: another living process works on it. `lost`: taken over. `yielded`: this process stops. `waiting`: paused by
   * a person, or until a system answers again.
   */
  | { readonly ended: false; readonly reason: 'busy' | 'lost' | 'yielded' | 'waiting' | 'finished' }

/**
 * Takes an open run and moves it to its end, from wherever an earlier process left it. Safe to call at any time and
 * from any number of processes: the lock spares work, the epoch guards every commit.
 *
 * Throws when the database is away: the run stays open, and whoever calls next goes on with it.
 *
 * @param log receives what a person cannot help: defects with their stack, never shown on a page.
 */
export async function advanceRun(
  runId: string,
  openPorts: OpenPorts,
  signal: AbortSignal,
  log: (error: unknown) => void,
): Promise<Advanced> {
  const lock = (await tryRunLock(runId)) ?? (await takeFromDead(runId))
  if (!lock) return { ended: false, reason: 'busy' }
  try {
    const run = await takeRun(runId)
    if (!run) return { ended: false, reason: (await isOpenRun(runId)) ? 'waiting' : 'finished' }
    let ports: Ports
    try {
      ports = await openPorts(run.connectionId)
    } catch (error) {
      if (isDatabaseOutage(error)) throw error
      return { ended: true, status: await closeUnopened(run, toEnding(error, log)) }
    }
    return await work(run, ports, signal, log)
  } finally {
    await lock.release()
  }
}

/** The lock of a process that was stopped, or whose machine is gone without closing its connections. */
async function takeFromDead(runId: string): Promise<RunLock | null> {
  const seconds = await secondsSinceHeartbeat(runId)
  return seconds !== null && seconds > STALE_AFTER_SECONDS ? tryRunLock(runId, { breakStale: true }) : null
}

async function work(
  run: TakenRun,
  ports: Ports,
  signal: AbortSignal,
  log: (error: unknown) => void,
): Promise<Advanced> {
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  let description: CrmDescription | null = null
  const context = openContext({
    run,
    ports,
    types: await typesOf(run),
    signal: both,
    description: () => {
      if (!description) throw new Error('The preflight has not run.')
      return description
    },
  })
  const heartbeat = setInterval(() => {
    context.beat().catch((error: unknown) => (error instanceof LostRun ? stop.abort(error) : log(error)))
  }, HEARTBEAT_MILLISECONDS)
  try {
    await ensureLogPartitions()
    await logBeginning(context, run)
    await walk(context, async () => {
      description = await preflight(context)
      await logWaitOver(context)
    })
    return { ended: true, status: await closeRun(context, { cancelled: false, failure: null }) }
  } catch (error) {
    return await endEarly(context, error, log)
  } finally {
    clearInterval(heartbeat)
    await ports.close()
    // Counts the last calls, those of signing out among them; the run itself may have ended by now.
    await context.beat().catch(() => undefined)
  }
}

async function endEarly(context: RunContext, error: unknown, log: (error: unknown) => void): Promise<Advanced> {
  if (error instanceof LostRun || context.signal.reason instanceof LostRun) return { ended: false, reason: 'lost' }
  if (error instanceof RunYielded || context.signal.aborted) return { ended: false, reason: 'yielded' }
  // The run stays open and is taken up again when the database answers (guide/reliability.md, invariant 16).
  if (!(error instanceof RemoteFailure) && isDatabaseOutage(error)) throw error
  try {
    const cause = error instanceof RemoteFailure ? broken(error) : error
    if (cause instanceof RunPaused) await pauseRun(context)
    else if (mayPark(context, cause)) await parkRun(context, cause)
    else return { ended: true, status: await closeRun(context, toEnding(afterWaiting(context, cause), log)) }
    return { ended: false, reason: 'waiting' }
  } catch (late) {
    if (late instanceof LostRun) return { ended: false, reason: 'lost' }
    throw late
  }
}
