import type { HttpPorts } from '#lib/http/ports'

export interface FakePorts extends HttpPorts {
  /** Every wait that was asked for, in milliseconds. */
  readonly waits: number[]
}

/** Time that passes only by sleeping: nothing is waited for, everything is recorded. */
export function fakePorts(
  options: { onSleep?: (milliseconds: number) => Promise<void>; random?: () => number } = {},
): FakePorts {
  let elapsed = 0
  const waits: number[] = []
  return {
    waits,
    clock: () => Date.parse('2026-03-01T12:00:00Z') + elapsed,
    monotonic: () => elapsed,
    random: options.random ?? (() => 0.5),
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted()
      waits.push(milliseconds)
      // Whatever is ready to go on does so before time passes.
      await new Promise(setImmediate)
      elapsed += milliseconds
      await options.onSleep?.(milliseconds)
    },
  }
}
