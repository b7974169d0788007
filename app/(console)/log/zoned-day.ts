import { DAY, openCalendar } from '#lib/sync/zoned-calendar'

/**
 * The instant at which a day (`YYYY-MM-DD`) begins in a time zone, `addDays` later, as ISO 8601 UTC. `null` for a day
 * that no calendar has. Where a day begins with a skipped hour, or the zone skipped it whole, what comes next is meant.
 */
export function dayStart(day: string, zone: string, addDays = 0): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return null
  const date = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(date) || new Date(date).toISOString().slice(0, 10) !== day) return null
  const calendar = openCalendar(zone)
  const wanted = date + addDays * DAY
  const moment = calendar.momentOf(wanted, 0) ?? calendar.momentOf(wanted + DAY, 0)
  return moment === null ? null : new Date(moment).toISOString()
}
