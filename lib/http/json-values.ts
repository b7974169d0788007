import { Decimal } from 'decimal.js'

/** Canonical text of values as remote systems put them into JSON. Everything that holds no value is `null`. */

/** Text as it stands; numbers and booleans in words. Empty text, objects and lists are no value. */
export function plainText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  if (typeof value === 'number') return decimalText(value)
  if (typeof value === 'boolean') return value ? 'Y' : 'N'
  return null
}

/** Plain decimal text without exponent, trailing zeros or the noise of binary fractions (`0.30000000000000004`). */
export function decimalText(value: unknown): string | null {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? new Decimal(value).toSignificantDigits(15).toFixed() : null
  }
  if (typeof value !== 'string') return null
  const text = value.trim()
  return /^[+-]?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text) ? new Decimal(text).toFixed() : null
}

/** `YYYY-MM-DD` from a date or a date-time; business dates have no zone. */
export function dateText(value: unknown): string | null {
  if (typeof value !== 'string') return null
  return /^(\d{4}-\d{2}-\d{2})(?!\d)/.exec(value.trim())?.[1] ?? null
}

/** `Y` or `N` from a boolean or one of its spellings. */
export function flagText(value: unknown): 'Y' | 'N' | null {
  if (value === true || value === 1) return 'Y'
  if (value === false || value === 0) return 'N'
  if (typeof value !== 'string') return null
  const text = value.trim().toLowerCase()
  if (['y', 'yes', 'true', '1'].includes(text)) return 'Y'
  return ['n', 'no', 'false', '0'].includes(text) ? 'N' : null
}

/** A key of another record; zero and blank mean none. */
export function referenceText(value: unknown): string | null {
  if (typeof value === 'number') return value === 0 ? null : String(value)
  if (typeof value !== 'string') return null
  return value.trim() === '' ? null : value.trim()
}

/** Fits a foreign text into a sentence: no markup, control or direction characters, one line, not too long. */
export function quotable(text: string, limit = 240): string {
  const plain = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const points = Array.from(plain)
  return points.length <= limit ? plain : `${points.slice(0, limit).join('')}…`
}
