import { describe, expect, it } from 'vitest'
import { apiBudget, secondsLeft } from '#lib/sync/budget'

const going = { calls: 300, settled: 100, left: 50, secondsGoing: 20 }

describe('the API budget', () => {
  it('says what the run that is going still needs, by what its records have taken so far', () => {
    expect(apiBudget(900, 1000, going)).toEqual({ usedToday: 900, limit: 1000, runNeeds: 150, isShort: true })
    expect(apiBudget(850, 1000, going)).toEqual({ usedToday: 850, limit: 1000, runNeeds: 150, isShort: false })
  })

  it('without a limit nothing is short, and without a run nothing is needed', () => {
    expect(apiBudget(5_000_000, null, going)).toMatchObject({ limit: null, isShort: false })
    expect(apiBudget(1001, 1000, null)).toEqual({ usedToday: 1001, limit: 1000, runNeeds: null, isShort: true })
  })

  it('the first few records say nothing about the rest', () => {
    const begun = { ...going, settled: 19 }
    expect(apiBudget(10, 1000, begun).runNeeds).toBeNull()
    expect(secondsLeft(begun)).toBeNull()
    expect(secondsLeft(going)).toBe(10)
  })
})
