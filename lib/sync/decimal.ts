/**
 * Exact arithmetic on decimal text: amounts never become floating-point numbers (fields.md, sync-rules §13.11).
 */

const DECIMAL = /^([+-]?)(\d+\.?\d*|\.\d+)$/

interface Digits {
  readonly negative: boolean
  readonly whole: string
  readonly fraction: string
}

/** The shortest text of the same amount: no plus sign, no padding zeros, no `-0`. `null` if it is no plain decimal. */
export function normaliseDecimal(text: string): string | null {
  const digits = parse(text)
  return digits === null ? null : print(digits)
}

/** The amount rounded half away from zero to `places` (0 or more), in its shortest text; `null` if it is no decimal. */
export function roundDecimal(text: string, places: number): string | null {
  const digits = parse(text)
  if (digits === null) return null
  const { negative, whole, fraction } = digits
  if (fraction.length <= places) return print(digits)
  const kept = BigInt(`${whole}${fraction.slice(0, places)}`)
  const rounded = (fraction.charAt(places) >= '5' ? kept + 1n : kept).toString().padStart(places + 1, '0')
  const point = rounded.length - places
  return print({ negative, whole: rounded.slice(0, point), fraction: rounded.slice(point) })
}

/** Whether two texts are the same amount: `1.50` and `1.5` are. Texts that are no decimals equal nothing. */
export function equalDecimals(a: string, b: string): boolean {
  const x = normaliseDecimal(a)
  return x !== null && x === normaliseDecimal(b)
}

function parse(text: string): Digits | null {
  const found = DECIMAL.exec(text.trim())
  if (found === null) return null
  const [whole = '', fraction = ''] = (found[2] ?? '').split('.')
  return { negative: found[1] === '-', whole, fraction }
}

function print(digits: Digits): string {
  const whole = digits.whole.replace(/^0+/, '') || '0'
  const fraction = trimEndZeros(digits.fraction)
  const amount = fraction === '' ? whole : `${whole}.${fraction}`
  return digits.negative && amount !== '0' ? `-${amount}` : amount
}

function trimEndZeros(fraction: string): string {
  let end = fraction.length
  while (end > 0 && fraction.charAt(end - 1) === '0') end -= 1
  return fraction.slice(0, end)
}
