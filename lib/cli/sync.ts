import { setTimeout as sleep } from 'node:timers/promises'
import { openPorts } from '#lib/console'
import { advanceRun } from '#lib/engine/advance'
import { runDocument } from '#lib/engine/run-document'
import { requestCancel, type Started, startRun } from '#lib/engine/start'
import type { ConnectionView } from '#lib/store/connections'
import { isDatabaseOutage } from '#lib/store/database'
import { runProgress } from '#lib/store/views-runs'
import type { RunOptions } from '#lib/sync/eligibility'
import { logDefect } from './defect.ts'
import { note, print, printJson } from './output.ts'
import { openProgress } from './progress.ts'
import { runExitStatus, runSummary } from './run-text.ts'
import { existingRun } from './runs.ts'
import { type Session, withConnection } from './session.ts'
import { handleStopSignals, type StopSignal, signalStatus } from './signals.ts'

export interface SyncFlags {
  readonly mapUnsynced?: boolean
  readonly whenNoMatch?: 'leave' | 'create'
  readonly includeClosed?: boolean
  readonly allBatches?: boolean
  readonly historicalConsultants?: boolean
  readonly preview?: boolean
  readonly json?: boolean
}

/** `sync`: one run in this process, or the one that is going already (sync-rules §13.9). */
export async function syncCommand(flags: SyncFlags): Promise<number> {
  return withConnection(async (connection, session) => {
    const started = await startRun({
      connectionId: connection.id,
      trigger: 'cli',
      startedBy: 'cli',
      options: toOptions(flags, connection),
    })
    await tellStart(started, flags)
    const stopped = await workOn(started.runId, { isOwn: started.ok, session })
    if (stopped) return signalStatus(stopped)
    const run = runDocument(await existingRun(started.runId))
    await (flags.json ? printJson(run) : print(runSummary(run)))
    return runExitStatus(run.status)
  })
}

function toOptions(flags: SyncFlags, connection: ConnectionView): RunOptions {
  return {
    mapUnsynced: flags.mapUnsynced === true,
    whenNoMatch: flags.whenNoMatch ?? connection.settings.noMatchPolicy,
    includeClosed: flags.includeClosed === true,
    allBatches: flags.allBatches === true,
    ...(flags.historicalConsultants ? { historicalConsultants: true } : {}),
    preview: flags.preview === true,
  }
}

async function tellStart(started: Started, flags: SyncFlags): Promise<void> {
  const run = await existingRun(started.runId)
  if (!started.ok) {
    note(`A sync is going already, started by ${run.startedBy}: following run ${run.id}.`)
    return
  }
  note(`Run ${run.id} started.`)
  if (flags.whenNoMatch && !flags.mapUnsynced) note('--when-no-match has an effect only together with --map-unsynced.')
  if (run.continuesRunId === null) return
  const { mapUnsynced, includeClosed } = run.options
  const isAsGiven = mapUnsynced === (flags.mapUnsynced === true) && includeClosed === (flags.includeClosed === true)
  note(`It continues the backlog of the run before it${isAsGiven ? '.' : ', with the options of that run.'}`)
}

const LOOK_EVERY_MILLISECONDS = 400
const TRY_EVERY_MILLISECONDS = 2_000

/**
 * Moves a run to its end in this process; where another living process has it, watches, and tries again every two
 * seconds: the lock of a process that died is free. Answers the signal that ended the watching, if one did.
 */
async function workOn(runId: string, how: { isOwn: boolean; session: Session }): Promise<StopSignal | null> {
  const stopping = new AbortController()
  let stoppedBy: StopSignal | null = null
  let isOurs = how.isOwn
  const restore = handleStopSignals((signal) => {
    if (stoppedBy !== null) {
      how.session.close().finally(() => process.exit(signalStatus(signal)))
      return
    }
    stoppedBy = signal
    if (signal === 'SIGINT' && isOurs) cancelOwn(runId)
    else stopping.abort(new Error('This process is stopping.'))
  })
  // Ports are opened once the run's lock is held: from then on it is this process that works on it.
  const openOurs: typeof openPorts = (connectionId) => {
    isOurs = true
    return openPorts(connectionId)
  }
  const stopWatching = watch(runId)
  try {
    for (;;) {
      const advanced = await advanceRun(runId, openOurs, stopping.signal, tellDefect)
      if (advanced.ended || advanced.reason === 'finished') return null
      isOurs = false
      await sleep(TRY_EVERY_MILLISECONDS, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (!stopping.signal.aborted) continue
      tellLeft(runId, advanced.reason)
      return stoppedBy
    }
  } finally {
    await stopWatching()
    restore()
  }
}

function cancelOwn(runId: string): void {
  note('Cancelling at the next record. Ctrl-C again ends this process at once; crosswalk sync then continues the run.')
  requestCancel(runId, 'cli').catch(tellDefect)
}

function tellDefect(error: unknown): void {
  // A database that is gone ends the command, with a sentence of its own.
  if (isDatabaseOutage(error)) return
  const file = logDefect(error)
  if (file) note(`The details of an unexpected error are in ${file}.`)
}

function tellLeft(runId: string, reason: 'busy' | 'lost' | 'yielded'): void {
  const next = reason === 'yielded' ? 'crosswalk sync continues it' : 'it goes on in another process'
  note(`Run ${runId} was left: ${next}, and crosswalk runs cancel ${runId} ends it.`)
}

/** Shows what the run row says until the answer is called. */
function watch(runId: string): () => Promise<void> {
  const display = openProgress()
  let looking: Promise<void> | null = null
  async function look(): Promise<void> {
    const run = await runProgress(runId)
    if (run?.progress) display.show(run.progress)
  }
  const timer = setInterval(() => {
    // The run itself tells when the database is gone; a look that fails shows nothing new.
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = null
      })
  }, LOOK_EVERY_MILLISECONDS)
  return async () => {
    clearInterval(timer)
    await looking
    display.stop()
  }
}
