/** What Ctrl-C and a polite request to end (SIGTERM) mean to the command that runs now. */
export type StopSignal = 'SIGINT' | 'SIGTERM'
export type StopHandler = (signal: StopSignal) => void

const handlers: StopHandler[] = []
let listening = false

/** One Ctrl-C may arrive twice: from the terminal, and passed on by the `crosswalk` that started this process. */
const SAME_KEYPRESS_MILLISECONDS = 300

/**
 * From now on `handler` decides what a signal means; the one before it does so again when the answer is called.
 * While no handler is there, a signal ends the process as usual.
 */
export function handleStopSignals(handler: StopHandler): () => void {
  if (!listening) {
    listening = true
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      let heardAt = Number.NEGATIVE_INFINITY
      process.on(signal, () => {
        if (performance.now() - heardAt < SAME_KEYPRESS_MILLISECONDS) return
        heardAt = performance.now()
        const latest = handlers.at(-1)
        if (latest) latest(signal)
        else process.exit(signalStatus(signal))
      })
    }
  }
  handlers.push(handler)
  return () => {
    const place = handlers.lastIndexOf(handler)
    if (place >= 0) handlers.splice(place, 1)
  }
}

/** The exit status shells expect of a process that a signal has ended. */
export function signalStatus(signal: StopSignal): number {
  return signal === 'SIGINT' ? 130 : 143
}

/** Resolves at the first signal. */
export function untilStopSignal(): Promise<StopSignal> {
  return new Promise((resolve) => {
    const restore = handleStopSignals((signal) => {
      restore()
      resolve(signal)
    })
  })
}
