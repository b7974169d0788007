import { afterEach, describe, expect, it, vi } from 'vitest'
import { HttpFailure } from '#lib/http/failure'
import { createPace } from '#lib/http/pace'
import { createWeather } from '#lib/http/weather'

const failure = (kind: HttpFailure['kind'], status: number | null = null) =>
  new HttpFailure({ kind, failureClass: 'unknown', retryable: true, detail: 'It failed.', status })

afterEach(() => {
  vi.useRealTimers()
})

describe('an API that fails', () => {
  async function fail(weather: ReturnType<typeof createWeather>, how: HttpFailure, times: number): Promise<number> {
    let called = 0
    for (let call = 0; call < times; call += 1) {
      await weather
        .call(() => {
          called += 1
          return Promise.reject(how)
        })
        .catch(() => undefined)
    }
    return called
  }

  it('is left alone after ten calls, and then tried with one call each thirty seconds', async () => {
    vi.useFakeTimers()
    const weather = createWeather()
    expect(await fail(weather, failure('server-error', 502), 40)).toBe(10)
    for (let minute = 0; minute < 10; minute += 1) {
      vi.advanceTimersByTime(29_000)
      expect(await fail(weather, failure('timeout'), 20)).toBe(0)
      vi.advanceTimersByTime(1_001)
      expect(await fail(weather, failure('timeout'), 20)).toBe(1)
    }
    vi.advanceTimersByTime(30_001)
    expect(await weather.call(async () => 'well')).toBe('well')
    expect(await weather.call(async () => 'well again')).toBe('well again')
  })

  it('says certainly that nothing was done while it is left alone, and when it is tried again', async () => {
    vi.useFakeTimers()
    const weather = createWeather()
    await fail(weather, failure('unreachable'), 12)
    vi.advanceTimersByTime(10_000)
    const refused = await weather.call(async () => 'never').catch((error: unknown) => error)
    expect(refused).toMatchObject({ failureClass: 'not-executed', retryable: false, retryAfterSeconds: 20 })
  })

  it.each([
    ['a refusal of the content is no illness', failure('broken-answer', 400), 40],
    ['a rate limit is no illness', failure('throttled', 429), 40],
    ['a 503 with a time to wait is one', failure('throttled', 503), 10],
  ])('%s', async (_, how, called) => {
    vi.useFakeTimers()
    expect(await fail(createWeather(), how, 40)).toBe(called)
  })
})

it('at most one call in ten is a repetition, but for the first few', async () => {
  const weather = createWeather()
  let repeated = 0
  for (let call = 0; call < 1000; call += 1) {
    await weather.call(async () => undefined)
    if (weather.mayRepeat()) repeated += 1
  }
  expect(repeated).toBeGreaterThan(100)
  expect(repeated).toBeLessThanOrEqual(1000 / 10 + 10)
})

describe('the pace', () => {
  const calm = { operation: 'GET /project', milliseconds: 50, failure: null }

  it('begins with four calls at once and grows while it is calm, up to what is allowed and never beyond sixteen', () => {
    const pace = createPace()
    expect(pace.places(16)).toBe(4)
    const seen = new Set<number>()
    for (let call = 0; call < 2000; call += 1) {
      pace.note(calm)
      seen.add(pace.places(100))
    }
    expect([...seen]).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
    expect(pace.places(3)).toBe(3)
    expect(pace.places(0)).toBe(1)
  })

  it.each([
    ['a rate limit', { ...calm, failure: failure('throttled', 429) }],
    ['a timeout', { ...calm, failure: failure('timeout') }],
    ['a call of twice its usual time', { ...calm, milliseconds: 900 }],
  ])('slows down by three tenths after %s, once for all calls that were under way', (_, trouble) => {
    const pace = createPace()
    for (let call = 0; call < 2000; call += 1) pace.note({ ...calm, milliseconds: 410 })
    expect(pace.places(10)).toBe(10)
    for (let call = 0; call < 10; call += 1) pace.note(trouble)
    expect(pace.places(10)).toBe(7)
  })

  it('calls of another kind that take longer are no trouble', () => {
    const pace = createPace()
    for (let call = 0; call < 400; call += 1) {
      pace.note(calm)
      pace.note({ operation: 'GetProjects', milliseconds: 5000, failure: null })
    }
    expect(pace.places(16)).toBe(16)
  })
})
