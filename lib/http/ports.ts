import { setTimeout as timer } from 'node:timers/promises'

/** Time and chance as ports, so that tests neither sleep nor depend on luck. */
export interface HttpPorts {
  /** Wall clock, milliseconds since 1970 UTC. For comparing with another machine's clock and for expiries. */
  clock(): number
  /** Milliseconds that only grow. For spacing requests: a corrected wall clock must not stall or flood them. */
  monotonic(): number
  /** Waits until `monotonic` has advanced so far; rejects with the signal's own reason when it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** 0 ≤ x < 1. */
  random(): number
}

async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  try {
    await timer(milliseconds, undefined, { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

export const realPorts: HttpPorts = {
  clock: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
  random: () => Math.random(),
}
