import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchOf, batchSentence, remainingRuns } from '#lib/sync/batch'
import { equalDecimals, normaliseDecimal, roundDecimal } from '#lib/sync/decimal'
import { compareDue } from '#lib/sync/due'
import { addsUp, countOutcome, emptyCounts, OUTCOMES } from '#lib/sync/outcome'

/** Counts by doing it: batch after batch until nothing is left. */
function runsByDraining(remaining: number, size: number): number {
  let runs = 0
  for (let left = remaining; left > 0; left -= size) runs += 1
  return runs
}

const whole = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
const places = fc.integer({ min: 0, max: 6 })

/** An amount as text from its count of units of 10^-places. */
function amountText(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0')
  const point = digits.length - decimals
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${decimals === 0 ? '' : `.${digits.slice(point)}`}`
}

describe('the batch sentence (§6.1)', () => {
  it.each([1, 7, 25, 500, 501, 5000])(
    'has the right number for every count from 0 to 5,000 at batch size %i',
    (size) => {
      const wrong: (string | null)[] = []
      for (let remaining = 0; remaining <= 5000; remaining += 1) {
        const runs = runsByDraining(remaining, size)
        const times = `${runs} more time${runs === 1 ? '' : 's'}`
        const expected =
          runs === 0
            ? null
            : `The sync contained more than ${size} projects. Please re-run the manual or auto sync ${times} to sync all remaining projects.`
        const sentence = batchSentence(remaining, size)
        if (sentence !== expected) wrong.push(sentence)
      }
      expect(wrong).toEqual([])
    },
  )

  it('every project is in one batch, and batches are full but the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 700 }), (due, size) => {
        const sizes = new Map<number, number>()
        for (let position = 1; position <= due; position += 1) {
          const batch = batchOf(position, size)
          sizes.set(batch, (sizes.get(batch) ?? 0) + 1)
        }
        expect([...sizes.keys()]).toEqual(Array.from({ length: remainingRuns(due, size) }, (_, index) => index + 1))
        expect([...sizes.values()].slice(0, -1).every((count) => count === size)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})

describe('amounts (§13.11)', () => {
  it('the same amount in any spelling is equal, and a different one is not', () => {
    fc.assert(
      fc.property(whole, places, fc.nat(5), whole, (units, decimals, padding, others) => {
        const text = amountText(units, decimals)
        const padded = decimals === 0 ? `${text}.${'0'.repeat(padding)}` : `${text}${'0'.repeat(padding)}`
        expect(equalDecimals(text, padded)).toBe(true)
        expect(equalDecimals(text, amountText(others, decimals))).toBe(units === others)
      }),
      { numRuns: 2000 },
    )
  })

  it('rounding goes half away from zero, by whole-number arithmetic', () => {
    fc.assert(
      fc.property(whole, places, places, (units, decimals, keep) => {
        const step = 10n ** BigInt(Math.max(0, decimals - keep))
        const size = units < 0n ? -units : units
        const kept = (size * 2n + step) / (step * 2n)
        const expected = amountText(units < 0n ? -kept : kept, Math.min(keep, decimals))
        expect(roundDecimal(amountText(units, decimals), keep)).toBe(normaliseDecimal(expected))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('counters and order', () => {
  it('counters add up after any outcomes in any order (§7.8)', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...OUTCOMES)), (outcomes) => {
        const counts = outcomes.reduce(countOutcome, emptyCounts())
        expect(addsUp(counts)).toBe(true)
        expect(counts.considered).toBe(outcomes.length)
        expect(addsUp({ ...counts, considered: counts.considered + 1 })).toBe(false)
      }),
    )
  })

  it('the order of sending is the same from any order of reading (§5.3)', () => {
    const due = fc.record({
      modifiedAt: fc.option(fc.date({ noInvalidDate: true }).map((date) => date.toISOString())),
      erpKey: fc.nat(50).map(String),
    })
    fc.assert(
      fc.property(fc.uniqueArray(due, { selector: (one) => one.erpKey }), (records) => {
        expect([...records].reverse().sort(compareDue)).toEqual([...records].sort(compareDue))
      }),
    )
  })
})
