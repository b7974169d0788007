import { setTimeout as timer } from 'node:timers/promises'
import { enqueueDueDigests } from '#lib/engine/alerts'
import { logger } from '#lib/ops/logger'
import { sendDueMessages } from '#lib/ops/notify'

const EVERY_MILLISECONDS = 5_000
/** A message that is under way gets so long to arrive when the process stops. */
const STOP_WITHIN_MILLISECONDS = 15_000

/** Brings due messages and digests to people for as long as a worker lives. Any number of them send each once. */
export interface Notifier {
  stop(): Promise<void>
}

export function startNotifier(): Notifier {
  let sending: Promise<void> | null = null
  let isStopping = false

  async function send(): Promise<void> {
    await enqueueDueDigests(new Date())
    // What was tried is due again in a minute at the earliest, so this comes to an end.
    while (!isStopping && (await sendDueMessages((err) => logger.error({ err }, 'notification defect'))) > 0);
  }

  function tick(): void {
    sending ??= send()
      .catch((error: unknown) => logger.error({ err: error }, 'notifications not sent'))
      .finally(() => {
        sending = null
      })
  }
  tick()
  const interval = setInterval(tick, EVERY_MILLISECONDS)
  return {
    async stop() {
      isStopping = true
      clearInterval(interval)
      await Promise.race([sending, timer(STOP_WITHIN_MILLISECONDS, undefined, { ref: false })])
    },
  }
}
