import { openPorts, prepareConnection } from '#lib/console'
import { advanceRun } from '#lib/engine/advance'
import { fireDue } from '#lib/engine/schedule'
import { startNotifier } from '#lib/notifier'
import { logger } from '#lib/ops/logger'
import { closeQueue, workOnQueue } from '#lib/store/queue'
import { findDueRunIds } from '#lib/store/runs'

/** A worker: takes runs from the queue and moves them to their end. Any number of them, on any number of machines. */
export interface Worker {
  /** Takes nothing new, lets runs in hand finish their record and hands them back. */
  stop(): Promise<void>
}

/** How often runs that nobody works on are looked for: of a killed process, or due again after a wait. */
const SWEEP_EVERY_MILLISECONDS = 5_000
/** How often schedules are looked at: a start is late by so much at most. */
const FIRE_EVERY_MILLISECONDS = 10_000
const STOP_WITHIN_SECONDS = 20

const holder = globalThis as { crosswalkWorker?: Promise<Worker> }

/** Starts this process's one worker; a second call answers the same. */
export function startWorker(): Promise<Worker> {
  holder.crosswalkWorker ??= start().catch((error: unknown) => {
    // The next call tries again: a database that was not up yet must not keep this process idle for good.
    delete holder.crosswalkWorker
    throw error
  })
  return holder.crosswalkWorker
}

async function start(): Promise<Worker> {
  const stopping = new AbortController()
  await prepareConnection()

  async function advance(runId: string, signal: AbortSignal): Promise<void> {
    const both = AbortSignal.any([signal, stopping.signal])
    const result = await advanceRun(runId, openPorts, both, (error) =>
      logger.error({ err: error, runId }, 'run defect'),
    )
    logger.info({ runId, ...result }, 'run advanced')
  }

  // The lock of a killed process is free at once, so a sweep at the start takes its run over without any wait. Runs go
  // side by side: a slow pair of systems does not keep another one waiting.
  const sweeping = new Map<string, Promise<void>>()
  async function sweep(): Promise<void> {
    for (const runId of await findDueRunIds()) {
      if (stopping.signal.aborted) return
      if (sweeping.has(runId)) continue
      const advancing = advance(runId, stopping.signal)
        .catch((error: unknown) => logger.error({ err: error, runId }, 'run not advanced'))
        .finally(() => sweeping.delete(runId))
      sweeping.set(runId, advancing)
    }
  }
  function sweepQuietly(): void {
    sweep().catch((error: unknown) => logger.error({ err: error }, 'sweep failed'))
  }

  async function fire(): Promise<void> {
    for (const fired of await fireDue()) logger.info(fired, 'schedule fired')
  }
  function fireQuietly(): void {
    fire().catch((error: unknown) => logger.error({ err: error }, 'schedules not looked at'))
  }

  await workOnQueue(advance)
  sweepQuietly()
  fireQuietly()
  const timers = [
    setInterval(sweepQuietly, SWEEP_EVERY_MILLISECONDS),
    setInterval(fireQuietly, FIRE_EVERY_MILLISECONDS),
  ]
  const notifier = startNotifier()

  return {
    async stop() {
      for (const timer of timers) clearInterval(timer)
      stopping.abort(new Error('This process is stopping.'))
      await Promise.all([closeQueue(STOP_WITHIN_SECONDS), notifier.stop(), ...sweeping.values()])
      delete holder.crosswalkWorker
    },
  }
}
