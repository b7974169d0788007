import { logBeginning } from '#lib/engine/beginning'
import {
  LostRun,
  type OpenPorts,
  openContext,
  type Ports,
  RunBroken,
  type RunContext,
  RunYielded,
} from '#lib/engine/context'
import { closeRun, closeUnopened, toEnding } from '#lib/engine/phases/closing'
import { writeFlags } from '#lib/engine/phases/flags'
import { matchAll } from '#lib/engine/phases/match'
import { preflight, preflightDone } from '#lib/engine/phases/preflight'
import { readSide } from '#lib/engine/phases/read'
import { createProjects, sendPeople, sendProjects } from '#lib/engine/phases/send'
import { readTotals } from '#lib/engine/phases/totals'
import { resolveEarlierRuns } from '#lib/engine/resolve'
import { database, isDatabaseOutage } from '#lib/store/database'
import { ensureLogPartitions } from '#lib/store/log'
import { hasAnyMapping } from '#lib/store/mappings'
import { tryRunLock } from '#lib/store/run-lock'
import { type Run, takeRun, touchRun } from '#lib/store/runs'
import { type CrmDescription, RemoteFailure } from '#lib/sync/ports'
import { problemCodes } from '#lib/sync/problems'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import type { Phase, RunStatus } from '#lib/sync/run-state'

const HEARTBEAT_MILLISECONDS = 5_000

/**
 * A run that makes no new checkpoint in so many attempts ends as failed, and the connection is free again. Not sooner
 * than after this time: a process killed a few times within seconds of its start says nothing about the run (§10.4).
 */
const MOST_ATTEMPTS = 5
const STUCK_AFTER_MILLISECONDS = 60_000

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

/** Consultant vendors take part when the run asks for them, and from then on as long as one of them is mapped. */
async function typesOf(run: Run): Promise<readonly RecordType[]> {
  const vendors =
    run.options.historicalConsultants === true || (await hasAnyMapping(database(), run.connectionId, 'vendor'))
  return RECORD_TYPES.filter((type) => type !== 'vendor' || vendors)
}

/** The order of a run (sync-rules §8). Every step knows by its checkpoints what an earlier attempt has done. */
async function walk(context: RunContext, runPreflight: () => Promise<void>): Promise<void> {
  const steps: [Phase, () => Promise<void>][] = [
    [
      'preflight',
      async () => {
        await runPreflight()
        await preflightDone(context)
        await countAttempt(context)
      },
    ],
    ['read-erp', () => readSide(context, 'erp')],
    ['read-crm', () => readSide(context, 'crm')],
    [
      'match',
      async () => {
        await resolveEarlierRuns(context)
        await matchAll(context)
        await writeFlags(context)
      },
    ],
    ['send-people', () => sendPeople(context)],
    ['totals', () => readTotals(context)],
    ['send-projects', () => sendProjects(context)],
    ['create-projects', () => createProjects(context)],
  ]
  for (const [phase, step] of steps) {
    await context.commit(async () => undefined, { phase, gotFurther: false })
    context.stopIfAsked()
    await step()
  }
}

/** Counted once both systems have answered: a process that never got that far says nothing about the run. */
async function countAttempt(context: RunContext): Promise<void> {
  const { attempts, heartbeatAt, gotFurtherAt } = context.run
  const stuckMilliseconds = (heartbeatAt?.getTime() ?? 0) - gotFurtherAt.getTime()
  if (attempts >= MOST_ATTEMPTS && stuckMilliseconds >= STUCK_AFTER_MILLISECONDS) {
    const message = `The sync was taken up ${attempts} times without getting any further.`
    throw new RunBroken(problemCodes.noProgress, message)
  }
  await context.commit(async () => undefined, { attempt: true, gotFurther: false })
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
