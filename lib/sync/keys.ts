/**
 * Deterministic order of keys, independent of locale.
 */

const DIGITS = /^\d+$/

/** By code units. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** ERP keys are integers of any size as text: numeric order, and anything else after them by code units. */
export function compareErpKeys(a: string, b: string): number {
  const aIsNumber = DIGITS.test(a)
  const bIsNumber = DIGITS.test(b)
  if (!aIsNumber || !bIsNumber) return aIsNumber ? -1 : bIsNumber ? 1 : compareText(a, b)
  const x = a.replace(/^0+(?=\d)/, '')
  const y = b.replace(/^0+(?=\d)/, '')
  return x.length - y.length || compareText(x, y) || compareText(a, b)
}
