/**
 * Wall-clock time of a time zone, daylight-saving changes included: which moments a local date has, and which moment a
 * local time means. Zones are IANA names; dates are `YYYY-MM-DD`, times of day minutes since midnight.
 */

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Moments `from`–`to` (ms, end excluded) in which the zone keeps one distance from UTC. */
interface Stretch {
  readonly from: number
  readonly to: number
  readonly offset: number
}

export interface ZonedCalendar {
  readonly timeZone: string
  /** The local date at a moment, as the UTC midnight of the same date. */
  dateAt(moment: number): number
  /** What the clock on the wall shows, as if it were UTC. */
  wallTimeAt(moment: number): number
  /** The stretches of one local date in their order: one, or two where the clocks change. None: the zone skipped it. */
  stretchesOf(date: number): readonly Stretch[]
  /** The moment of a local time. One that does not exist is the next moment, one that exists twice the first of them. */
  momentOf(date: number, minutes: number, which?: 'first' | 'last'): number | null
}

/** False for a name that this runtime does not know. */
export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name)
    return name !== ''
  } catch {
    return false
  }
}

// Making a formatter costs a hundred times what using it does.
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(timeZone, made)
  return made
}

/** What is found out is remembered for as long as the calendar is held; ask for a new one for each question. */
export function openCalendar(timeZone: string): ZonedCalendar {
  const formatter = formatterOf(timeZone)
  const dates = new Map<number, readonly Stretch[]>()

  function wallTimeAt(moment: number): number {
    const parts: Record<string, number> = {}
    for (const { type, value } of formatter.formatToParts(moment)) parts[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    const milliseconds = ((moment % 1000) + 1000) % 1000
    return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds)
  }
  const offsetAt = (moment: number) => wallTimeAt(moment) - moment

  /** The first moment after `from` with another offset; there is one before `to`. */
  function changeBetween(from: number, to: number): number {
    const before = offsetAt(from)
    let [low, high] = [from, to]
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000
      if (offsetAt(middle) === before) low = middle
      else high = middle
    }
    return high
  }

  function stretchesOf(date: number): readonly Stretch[] {
    const known = dates.get(date)
    if (known) return known
    // Zones lie between 14 hours before and 12 hours after UTC.
    const [from, to] = [date - 14 * HOUR, date + DAY + 12 * HOUR]
    const [before, after] = [offsetAt(from), offsetAt(to)]
    const change = before === after ? to : changeBetween(from, to)
    const stretches = [
      { from, to: change, offset: before },
      { from: change, to, offset: after },
    ]
      .map(({ offset, ...span }) => ({
        from: Math.max(span.from, date - offset),
        to: Math.min(span.to, date + DAY - offset),
        offset,
      }))
      .filter((one) => one.from < one.to)
    dates.set(date, stretches)
    return stretches
  }

  function momentOf(date: number, minutes: number, which: 'first' | 'last' = 'first'): number | null {
    const stretches = stretchesOf(date)
    const wall = date + minutes * MINUTE
    const holds = ({ from, to, offset }: Stretch) => from <= wall - offset && wall - offset < to
    const holding = which === 'first' ? stretches.find(holds) : stretches.findLast(holds)
    if (holding) return wall - holding.offset
    // The clocks jump over it: what comes next on this date, or the end of the date.
    const next = stretches.find(({ from, offset }) => from + offset > wall)
    return next?.from ?? stretches.at(-1)?.to ?? null
  }

  return {
    timeZone,
    wallTimeAt,
    dateAt: (moment) => Math.floor(wallTimeAt(moment) / DAY) * DAY,
    stretchesOf,
    momentOf,
  }
}

/** 0 is Sunday. */
export function weekdayOf(date: number): number {
  return new Date(date).getUTCDay()
}

/** Minutes since midnight of `HH:MM`; `null` for anything else. */
export function minutesOf(time: string): number | null {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time)
  return found ? Number(found[1]) * 60 + Number(found[2]) : null
}

/** The moment of `YYYY-MM-DDTHH:MM` on the wall clock of a zone; `null` where the text is none. */
export function momentOfWallTime(timeZone: string, text: string): number | null {
  const [day = '', time = ''] = text.split('T')
  const minutes = minutesOf(time)
  const date = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  if (minutes === null || Number.isNaN(date) || new Date(date).toISOString().slice(0, 10) !== day) return null
  return openCalendar(timeZone).momentOf(date, minutes)
}

/** `YYYY-MM-DDTHH:MM` on the wall clock of a zone. */
export function wallTimeText(timeZone: string, moment: number): string {
  return new Date(openCalendar(timeZone).wallTimeAt(moment)).toISOString().slice(0, 16)
}
