import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codePointLength, cutToLimit, foldWhiteSpace, nameKey, projectNameField } from '#lib/sync/name-rule'
import { hardText } from '../support/arbitrary-records.ts'

const whiteSpace = fc.array(fc.constantFrom(' ', '\t', '\u00A0', '\r\n', '\u3000', '\u0085'), {
  minLength: 1,
  maxLength: 4,
})

/** One code point each, also after NFC, that does not join with its neighbours. */
const solid = fc.constantFrom('x', 'Q', '7', '-', 'é', 'e\u0301', 'ß', '🏠', '\u{1D11E}', '建')

describe('names', () => {
  it('folding and keys are stable: doing it twice changes nothing', () => {
    fc.assert(
      fc.property(hardText, (text) => {
        expect(foldWhiteSpace(foldWhiteSpace(text))).toBe(foldWhiteSpace(text))
        expect(nameKey(nameKey(text))).toBe(nameKey(text))
      }),
      { numRuns: 3000 },
    )
  })

  it('white space around and within makes no difference to the key (§4.6)', () => {
    fc.assert(
      fc.property(fc.array(solid, { minLength: 1 }), fc.array(solid, { minLength: 1 }), whiteSpace, (a, b, space) => {
        const spaces = space.join('')
        const [left, right] = [a.join(''), b.join('')]
        expect(nameKey(`${spaces}${left}${spaces}${right}${spaces}`)).toBe(nameKey(`${left} ${right}`))
      }),
    )
  })

  it('composed or not, small or capital, is the same name (§4.6)', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'É', 'ö', 'Ж', 'Σ', 'ω', '1', ' '), { minLength: 1 }), (parts) => {
        const text = parts.join('')
        expect(nameKey(text.normalize('NFD'))).toBe(nameKey(text))
        expect(nameKey(text.toUpperCase())).toBe(nameKey(text))
      }),
    )
  })

  it('the short name up to exactly the limit, the long name from one more, at every limit around 40 (§4.4)', () => {
    fc.assert(
      fc.property(
        fc.array(solid, { minLength: 38, maxLength: 42 }),
        fc.integer({ min: 38, max: 42 }),
        whiteSpace,
        (codePoints, limit, space) => {
          const name = `${space.join('')}${codePoints.join('')}${space.join('')}`
          expect(codePointLength(name)).toBe(codePoints.length)
          expect(projectNameField(name, limit)).toBe(codePoints.length <= limit ? 'short' : 'long')
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('a cut fits, is a beginning of the text, splits no code point and leaves no white space at its end (§13.7)', () => {
    fc.assert(
      fc.property(hardText, fc.nat(30), (text, limit) => {
        const whole = foldWhiteSpace(text)
        const { value, cut } = cutToLimit(whole, limit)
        expect(codePointLength(value)).toBeLessThanOrEqual(limit)
        expect(whole.startsWith(value)).toBe(true)
        expect(value.isWellFormed()).toBe(true)
        expect(foldWhiteSpace(value)).toBe(value)
        expect(cut).toBe([...whole].length > limit)
      }),
      { numRuns: 3000 },
    )
  })
})
