import { openPorts, prepareConnection } from '#lib/console'
import { advanceRun } from '#lib/engine/advance'
import { logger } from '#lib/ops/logger'
import { closeQueue, workOnQueue } from '#lib/store/queue'
import { findOpenRunIds } from '#lib/store/runs'

/** A worker: takes runs from the queue and moves them to their end. Any number of them, on any number of machines. */
export interface Worker {
  /** Takes nothing new, lets runs in hand finish their record and hands them back. */
  stop(): Promise<void>
}

/** How often runs that nobody works on are looked for: of a killed process, or due again after a wait. */
const SWEEP_EVERY_MILLISECONDS = 15_000
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

  // The lock of a killed process is free at once, so a sweep at the start takes its run over without any wait.
  async function sweep(): Promise<void> {
    for (const runId of await findOpenRunIds()) {
      if (stopping.signal.aborted) return
      await advance(runId, stopping.signal)
    }
  }
  let sweeping: Promise<void> | null = null
  // One at a time: a sweep takes as long as the run it has found.
  function sweepQuietly(): void {
    sweeping ??= sweep()
      .catch((error: unknown) => logger.error({ err: error }, 'sweep failed'))
      .finally(() => {
        sweeping = null
      })
  }

  await workOnQueue(advance)
  sweepQuietly()
  const timer = setInterval(sweepQuietly, SWEEP_EVERY_MILLISECONDS)

  return {
    async stop() {
      clearInterval(timer)
      stopping.abort(new Error('This process is stopping.'))
      await Promise.all([closeQueue(STOP_WITHIN_SECONDS), sweeping])
      delete holder.crosswalkWorker
    },
  }
}
