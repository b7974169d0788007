/** Whether the runtime knows this time zone, e.g. `Europe/Berlin`. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/**
 * The instant at which a day (`YYYY-MM-DD`) begins in a time zone, `addDays` later, as ISO 8601 UTC. `null` for a day
 * that no calendar has. Where a day begins with a skipped hour, its first existing instant is meant.
 */
export function dayStart(day: string, zone: string, addDays = 0): string | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day)
  if (match === null) return null
  const asIfUtc = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  if (new Date(asIfUtc).toISOString().slice(0, 10) !== day) return null
  const midnight = asIfUtc + addDays * 86_400_000
  // The offset is taken near the answer: the first guess may lie on the other side of a clock change.
  const guess = midnight - offsetMilliseconds(midnight, zone)
  const exact = midnight - offsetMilliseconds(guess, zone)
  const existing = [exact, guess].find((instant) => instant + offsetMilliseconds(instant, zone) === midnight)
  return new Date(existing ?? Math.max(guess, exact)).toISOString()
}

/** How far the zone's clock is ahead of UTC at an instant. */
function offsetMilliseconds(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant)
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value)
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return wall - Math.floor(instant / 1000) * 1000
}
