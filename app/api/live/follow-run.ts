import type { RunProgressView } from '#lib/store/views-runs'

const POLL_MILLISECONDS = 500
const HEARTBEAT_MILLISECONDS = 15_000
const RECHECK_MILLISECONDS = 15_000
/** How long the browser waits before it connects anew. */
const RETRY_MILLISECONDS = 2_000
/** So many reads in a row that the database did not answer, half a minute or more, end the stream. */
const MOST_FAILURES = 60

export interface Follow {
  /** Sent at once, so that the page shows life within a second of the press. */
  readonly first: RunProgressView
  read(): Promise<RunProgressView | null>
  /** Whether the session still stands; asked again while the stream is open. */
  isStillAllowed(): Promise<boolean>
  /** The client went away. */
  readonly gone: AbortSignal
}

/**
 * The events of a run as server-sent-event text: `progress` at once and at most twice a second when something changed, a
 * comment every 15 seconds so that nothing between us and the browser gives up, and the end when the run has ended, the
 * session has, or the client is gone. A database that restarts is waited for: a browser takes a refusal as final.
 */
export function followRun(follow: Follow): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false
  let onGone: (() => void) | undefined

  function release(): void {
    ended = true
    clearTimeout(timer)
    if (onGone) follow.gone.removeEventListener('abort', onGone)
  }

  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text))
      const end = () => {
        if (ended) return
        release()
        controller.close()
      }
      let sent = ''
      let spokenAt = 0
      let checkedAt = Date.now()
      let failures = 0

      function report(run: RunProgressView): void {
        const facts = JSON.stringify(run)
        const now = Date.now()
        if (facts !== sent) {
          send(`event: progress\ndata: ${JSON.stringify({ run, now: new Date(now).toISOString() })}\n\n`)
          sent = facts
          spokenAt = now
        } else if (now - spokenAt >= HEARTBEAT_MILLISECONDS) {
          send(': still here\n\n')
          spokenAt = now
        }
        if (run.finishedAt !== null) end()
      }

      async function look(): Promise<void> {
        if (Date.now() - checkedAt >= RECHECK_MILLISECONDS) {
          checkedAt = Date.now()
          if (!(await follow.isStillAllowed())) return end()
        }
        const run = await follow.read()
        failures = 0
        if (ended) return
        if (!run) return end()
        report(run)
      }

      function again(): void {
        if (ended) return
        timer = setTimeout(() => look().then(again, afterFailure), POLL_MILLISECONDS)
      }

      function afterFailure(): void {
        failures += 1
        if (failures < MOST_FAILURES) again()
        else end()
      }

      onGone = end
      follow.gone.addEventListener('abort', onGone)
      if (follow.gone.aborted) return end()
      send(`retry: ${RETRY_MILLISECONDS}\n\n`)
      report(follow.first)
      again()
    },
    cancel: release,
  })
}
