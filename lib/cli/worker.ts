import { startWorker } from '#lib/worker'
import { note } from './output.ts'
import { withSession } from './session.ts'
import { untilStopSignal } from './signals.ts'

/** `worker`: takes runs that were started anywhere and moves them to their end, until a signal ends it. */
export function workerCommand(): Promise<number> {
  return withSession(async () => {
    const stopped = untilStopSignal()
    const worker = await startWorker()
    note('The worker takes runs now. Ctrl-C lets it finish its record and ends it.')
    await stopped
    await worker.stop()
    return 0
  })
}
