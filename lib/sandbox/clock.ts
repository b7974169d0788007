/**
 * The stamps of both systems. Ajera prints local time of its server (taken as New York) in a form that is not ISO
 * (ajera-api §5); Vantagepoint prints UTC without an offset (vantagepoint-api §8, marked I).
 */

const HOUR = 3_600_000

/** Day of month of the n-th Sunday of a month, UTC calendar. */
function sunday(year: number, month: number, nth: number): number {
  const firstWeekday = new Date(Date.UTC(year, month, 1)).getUTCDay()
  return 1 + ((7 - firstWeekday) % 7) + (nth - 1) * 7
}

/** Is New York on daylight time at this instant? Rule since 2007: second Sunday of March to first Sunday of November. */
export function isEasternDaylight(at: number): boolean {
  const year = new Date(at).getUTCFullYear()
  const starts = Date.UTC(year, 2, sunday(year, 2, 2), 7)
  const ends = Date.UTC(year, 10, sunday(year, 10, 1), 6)
  return at >= starts && at < ends
}

/** `2023-09-27 09:57:49.607 GMT-04:00 (Eastern Daylight Time)`. */
export function ajeraStamp(at: number): string {
  const daylight = isEasternDaylight(at)
  const local = new Date(at - (daylight ? 4 : 5) * HOUR).toISOString()
  const zone = daylight ? 'GMT-04:00 (Eastern Daylight Time)' : 'GMT-05:00 (Eastern Standard Time)'
  return `${local.slice(0, 10)} ${local.slice(11, 23)} ${zone}`
}

/** ISO with offset and seven fraction digits, as CreateAPISession answers its expiry. */
export function ajeraExpiry(at: number): string {
  const daylight = isEasternDaylight(at)
  const local = new Date(at - (daylight ? 4 : 5) * HOUR).toISOString()
  return `${local.slice(0, 23)}0000${daylight ? '-04:00' : '-05:00'}`
}

const FILTER_STAMP =
  /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?)(?:\s*GMT([+-]\d{2}):?(\d{2})(?:\s*\([^)]*\))?)?)?$/

/** A modified-date filter of Ajera (ajera-api §5) as milliseconds; `null` when it is malformed. A bare date is local midnight. */
export function parseAjeraFilter(text: string): number | null {
  const match = FILTER_STAMP.exec(text.trim())
  if (!match) return null
  const [, day = '', time = '00:00:00', hours, minutes] = match
  const utc = Date.parse(`${day}T${time.slice(0, 12)}Z`)
  if (Number.isNaN(utc)) return null
  if (hours === undefined) return utc + (isEasternDaylight(utc + 5 * HOUR) ? 4 : 5) * HOUR
  const sign = hours.startsWith('-') ? -1 : 1
  return utc - sign * (Math.abs(Number(hours)) * HOUR + Number(minutes) * 60_000)
}

/** `YYYY-MM-DDTHH:MM:SS`, UTC, whole seconds. */
export function crmStamp(at: number): string {
  return new Date(at).toISOString().slice(0, 19)
}

/** A date as Vantagepoint accepts it (day or ISO date-time) in the form it is read back; `null` when malformed. */
export function parseCrmDate(text: string): string | null {
  const trimmed = text.trim().replace(' ', 'T')
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(trimmed)) return null
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(trimmed) && trimmed.includes('T')
  const at = Date.parse(trimmed.includes('T') ? (zoned ? trimmed : `${trimmed}Z`) : `${trimmed}T00:00:00Z`)
  return Number.isNaN(at) ? null : crmStamp(at)
}
