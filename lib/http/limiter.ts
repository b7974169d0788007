import type { HttpPorts } from './ports.ts'

export interface Limiter {
  /** Runs `task` when a place is free and the rate allows; first come, first served. */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Starts nothing for so long: the other side asked for a pause (`Retry-After`). */
  hold(milliseconds: number): void
}

export interface LimiterOptions {
  /** At most this many tasks at once, at least 1; asked before each start. */
  readonly concurrency: () => number
  /** At most this many starts in any one second as the server sees it; `null`: no limit. */
  readonly rate: number | null
  readonly ports: Pick<HttpPorts, 'monotonic' | 'sleep'>
}

/** Starts are spread over slightly more than a second, so that ordinary jitter on the way does not bunch them. */
const SPREAD_MS = 1080
/** A request that has not been answered yet may have arrived up to this long after its start. */
const ARRIVAL_ALLOWANCE_MS = 200

interface Start {
  readonly at: number
  settledAt: number | null
}

interface Waiter {
  readonly grant: (start: Start) => void
}

/**
 * A concurrency limit and a rate limit in one queue. Two rules hold the rate: starts are evenly spaced, and the n-th
 * request after another starts no sooner than one second after that one can have arrived (its answer, or its start
 * plus an allowance). The second keeps the promise when a request was delayed on the way.
 */
export function createLimiter({ concurrency, rate, ports }: LimiterOptions): Limiter {
  const perSecond = rate === null ? null : Math.max(1, Math.floor(rate))
  const interval = rate === null ? 0 : SPREAD_MS / rate
  const waiting: Waiter[] = []
  const recent: Start[] = []
  let inFlight = 0
  let heldUntil = Number.NEGATIVE_INFINITY
  let draining = false
  let wake = new AbortController()

  function earliestStart(): number {
    const last = recent.at(-1)
    if (perSecond === null || !last) return heldUntil
    const oldest = recent.length >= perSecond ? recent[recent.length - perSecond] : undefined
    const arrival = oldest
      ? Math.min(oldest.settledAt ?? Number.POSITIVE_INFINITY, oldest.at + ARRIVAL_ALLOWANCE_MS)
      : Number.NEGATIVE_INFINITY
    return Math.max(heldUntil, last.at + interval, arrival + 1000)
  }

  function begin(): Start {
    const start: Start = { at: ports.monotonic(), settledAt: null }
    inFlight += 1
    if (perSecond !== null) {
      recent.push(start)
      if (recent.length > perSecond) recent.shift()
    }
    return start
  }

  async function drain(): Promise<void> {
    if (draining) return
    draining = true
    while (waiting.length > 0 && inFlight < Math.max(1, Math.floor(concurrency()))) {
      const pause = earliestStart() - ports.monotonic()
      if (pause > 0) {
        const { signal } = wake
        await ports.sleep(Math.ceil(pause), signal).catch((error: unknown) => {
          if (!signal.aborted) throw error
        })
        continue
      }
      waiting.shift()?.grant(begin())
    }
    draining = false
  }

  function leave(waiter: Waiter): void {
    const index = waiting.indexOf(waiter)
    if (index >= 0) waiting.splice(index, 1)
    if (waiting.length > 0) return
    wake.abort()
    wake = new AbortController()
  }

  function enter(signal?: AbortSignal): Promise<Start> {
    return new Promise((resolve, reject) => {
      const abandon = () => {
        leave(waiter)
        reject(signal?.reason)
      }
      const waiter: Waiter = {
        grant: (started) => {
          signal?.removeEventListener('abort', abandon)
          resolve(started)
        },
      }
      if (signal?.aborted) return reject(signal.reason)
      signal?.addEventListener('abort', abandon, { once: true })
      waiting.push(waiter)
      void drain()
    })
  }

  return {
    async run(task, signal) {
      const started = await enter(signal)
      try {
        return await task()
      } finally {
        started.settledAt = ports.monotonic()
        inFlight -= 1
        void drain()
      }
    },
    hold(milliseconds) {
      heldUntil = Math.max(heldUntil, ports.monotonic() + milliseconds)
    },
  }
}
