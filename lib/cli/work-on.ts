import { setTimeout as sleep } from 'node:timers/promises'
import { openPorts } from '#lib/console'
import { advanceRun } from '#lib/engine/advance'
import { requestCancel } from '#lib/engine/start'
import { isDatabaseOutage } from '#lib/store/database'
import { findRun, type Run } from '#lib/store/runs'
import { runProgress } from '#lib/store/views-runs'
import { logDefect } from './defect.ts'
import { note } from './output.ts'
import { openProgress } from './progress.ts'
import type { Session } from './session.ts'
import { handleStopSignals, type StopSignal, signalStatus } from './signals.ts'

const LOOK_EVERY_MILLISECONDS = 400
const TRY_EVERY_MILLISECONDS = 2_000

interface Work {
  /** This command started the run: Ctrl-C cancels it. */
  readonly isOwn: boolean
  readonly session: Session
  /** The command that goes on with the run when this process leaves it. */
  readonly command: string
}

/**
 * Moves a run to its end in this process; where another living process has it, watches, and tries again every two
 * seconds: the lock of a process that died is free. Answers the signal that ended the watching, if one did.
 */
export async function workOn(runId: string, how: Work): Promise<StopSignal | null> {
  const stopping = new AbortController()
  let stoppedBy: StopSignal | null = null
  let isOurs = how.isOwn
  const restore = handleStopSignals((signal) => {
    if (stoppedBy !== null) {
      how.session.close().finally(() => process.exit(signalStatus(signal)))
      return
    }
    stoppedBy = signal
    if (signal === 'SIGINT' && isOurs) cancelOwn(runId, how.command)
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
      if (advanced.reason === 'waiting') tellWaiting(await findRun(runId), how.command)
      await sleep(TRY_EVERY_MILLISECONDS, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (!stopping.signal.aborted) continue
      tellLeft(runId, advanced.reason, how.command)
      return stoppedBy
    }
  } finally {
    await stopWatching()
    restore()
  }
}

function cancelOwn(runId: string, command: string): void {
  note(`Cancelling at the next record. Ctrl-C again ends this process at once; ${command} then continues the run.`)
  requestCancel(runId, 'cli').catch(tellDefect)
}

let toldWaiting = ''

/** Once for each wait: why nothing happens, and what ends it. */
function tellWaiting(run: Run | null, command: string): void {
  const sentence =
    run?.pauseRequestedBy != null
      ? `Paused by ${run.pauseRequestedBy}: crosswalk runs resume ${run.id} goes on.`
      : `${run?.parkReason ?? 'A system is away.'} ${command} waits and goes on by itself.`
  if (sentence !== toldWaiting) note(sentence)
  toldWaiting = sentence
}

function tellDefect(error: unknown): void {
  // A database that is gone ends the command, with a sentence of its own.
  if (isDatabaseOutage(error)) return
  const file = logDefect(error)
  if (file) note(`The details of an unexpected error are in ${file}.`)
}

function tellLeft(runId: string, reason: 'busy' | 'lost' | 'yielded' | 'waiting', command: string): void {
  const next = reason === 'yielded' ? `${command} continues it` : 'it goes on in another process'
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
