import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLimiter } from '#lib/http/limiter'
import { realPorts } from '#lib/http/ports'
import { fakePorts } from '../support/fake-ports.ts'

describe('rate', () => {
  it('no second, wherever it begins, sees more starts than the rate', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 8 }), async (rate, concurrency) => {
        const ports = fakePorts()
        const limiter = createLimiter({ concurrency: () => concurrency, rate, ports })
        const starts: number[] = []
        await Promise.all(
          Array.from({ length: rate * 3 }, () => limiter.run(async () => void starts.push(ports.monotonic()))),
        )
        for (const from of starts) {
          expect(starts.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(rate)
        }
        expect(starts.length).toBe(rate * 3)
      }),
      { numRuns: 40 },
    )
  })

  it('starts are spread evenly instead of coming in bursts', async () => {
    const ports = fakePorts()
    const limiter = createLimiter({ concurrency: () => 8, rate: 9, ports })
    const starts = await Promise.all(Array.from({ length: 20 }, () => limiter.run(async () => ports.monotonic())))
    for (const [index, at] of starts.entries()) expect(at - (starts[index - 1] ?? -120)).toBeGreaterThanOrEqual(120)
  })

  it('a request that was long on its way still counts when it may have arrived late', async () => {
    const ports = fakePorts()
    const limiter = createLimiter({ concurrency: () => 4, rate: 2, ports })
    await limiter.run(() => ports.sleep(190))
    await limiter.run(async () => {})
    const third = await limiter.run(async () => ports.monotonic())
    expect(third).toBeGreaterThanOrEqual(1190)
  })

  it('without a rate nothing waits', async () => {
    const ports = fakePorts()
    const limiter = createLimiter({ concurrency: () => 1, rate: null, ports })
    for (let i = 0; i < 50; i += 1) await limiter.run(async () => {})
    expect(ports.waits).toEqual([])
  })
})

describe('concurrency', () => {
  it('never more at once than allowed, in the order they came, and a failure frees its place', async () => {
    const limiter = createLimiter({ concurrency: () => 3, rate: null, ports: realPorts })
    let running = 0
    let most = 0
    const order: number[] = []
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        limiter.run(async () => {
          running += 1
          most = Math.max(most, running)
          order.push(index)
          await new Promise(setImmediate)
          running -= 1
          if (index % 4 === 0) throw new Error('broken')
        }),
      ),
    )
    expect(most).toBe(3)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(results.filter((result) => result.status === 'rejected').length).toBe(5)
  })
})

describe('waiting', () => {
  it('a waiter that is aborted leaves the queue with its own reason, the next one is served', async () => {
    const limiter = createLimiter({ concurrency: () => 1, rate: null, ports: realPorts })
    const first = Promise.withResolvers<void>()
    const running = limiter.run(() => first.promise)
    const controller = new AbortController()
    const second = limiter.run(async () => 'second', controller.signal)
    const third = limiter.run(async () => 'third')
    controller.abort(new Error('cancelled'))
    await expect(second).rejects.toThrow('cancelled')
    first.resolve()
    await running
    expect(await third).toBe('third')
  })

  it('an aborted wait for the rate does not keep the process waiting', async () => {
    const limiter = createLimiter({ concurrency: () => 1, rate: null, ports: realPorts })
    limiter.hold(3_600_000)
    const controller = new AbortController()
    const held = limiter.run(async () => 'never', controller.signal)
    controller.abort(new Error('cancelled'))
    await expect(held).rejects.toThrow('cancelled')
  })

  it('a hold lets nothing start before it is over', async () => {
    const ports = fakePorts()
    const limiter = createLimiter({ concurrency: () => 2, rate: null, ports })
    limiter.hold(4000)
    expect(await limiter.run(async () => ports.monotonic())).toBe(4000)
  })
})
