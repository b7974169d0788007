import { logBeginning } from '#lib/engine/beginning'
import { LostRun, type OpenPorts, openContext, type Ports, type RunContext, RunYielded } from '#lib/engine/context'
import { closeRun, closeUnopened, toEnding } from '#lib/engine/phases/closing'
import { preflight } from '#lib/engine/phases/preflight'
import { typesOf, walk } from '#lib/engine/walk'
import { database, isDatabaseOutage } from '#lib/store/database'
import { ensureLogPartitions } from '#lib/store/log'
import { tryRunLock } from '#lib/store/run-lock'
import { type Run, takeRun, touchRun } from '#lib/store/runs'
import { type CrmDescription, RemoteFailure } from '#lib/sync/ports'
import type { RunStatus } from '#lib/sync/run-state'

const HEARTBEAT_MILLISECONDS = 5_000

export type Advanced =
  | { readonly ended: true; readonly status: RunStatus }
  /** `busy`: another living process works on it. `lost`: taken over. `yielded`: this process stops. */
  | { readonly ended: false; readonly reason: 'busy' | 'lost' | 'yielded' | 'finished' }

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
  const lock = await tryRunLock(runId)
  if (!lock) return { ended: false, reason: 'busy' }
  try {
    const run = await takeRun(runId)
    if (!run) return { ended: false, reason: 'finished' }
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

async function work(run: Run, ports: Ports, signal: AbortSignal, log: (error: unknown) => void): Promise<Advanced> {
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
    touchRun(database(), { runId: run.id, epoch: run.epoch }, {}).then(
      (touched) => touched.held || stop.abort(new LostRun('Another process has taken this run.')),
      log,
    )
  }, HEARTBEAT_MILLISECONDS)
  try {
    await ensureLogPartitions()
    await logBeginning(context)
    await walk(context, async () => {
      description = await preflight(context)
    })
    return { ended: true, status: await closeRun(context, { cancelled: false, failure: null }) }
  } catch (error) {
    return await endEarly(context, error, log)
  } finally {
    clearInterval(heartbeat)
    await ports.close()
  }
}

async function endEarly(context: RunContext, error: unknown, log: (error: unknown) => void): Promise<Advanced> {
  if (error instanceof LostRun || context.signal.reason instanceof LostRun) return { ended: false, reason: 'lost' }
  if (error instanceof RunYielded || context.signal.aborted) return { ended: false, reason: 'yielded' }
  // The run stays open and is taken up again when the database answers (guide/reliability.md, invariant 16).
  if (!(error instanceof RemoteFailure) && isDatabaseOutage(error)) throw error
  try {
    return { ended: true, status: await closeRun(context, toEnding(error, log)) }
  } catch (late) {
    if (late instanceof LostRun) return { ended: false, reason: 'lost' }
    throw late
  }
}
