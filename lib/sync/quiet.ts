import { DAY, minutesOf, weekdayOf, type ZonedCalendar } from './zoned-calendar.ts'

/** Times of day in which nothing starts, on the wall clock of the schedule's zone. */
export interface QuietHours {
  /** Days on which they begin, 0 is Sunday; none: every day. */
  readonly days: readonly number[]
  /** `HH:MM`. At or after `to`: they end on the next day. */
  readonly from: string
  readonly to: string
}

/** A dated window in which nothing starts. */
export interface Maintenance {
  /** ISO 8601 UTC, the end excluded. */
  readonly from: string
  readonly to: string
  readonly reason: string
}

export interface Silence {
  readonly quietHours: readonly QuietHours[]
  readonly maintenance: readonly Maintenance[]
}

interface Span {
  readonly from: number
  readonly to: number
}

export function quietHoursProblem({ from, to }: QuietHours): string | null {
  if (minutesOf(from) === null || minutesOf(to) === null) return 'Enter both times, such as 22:00 and 06:00.'
  return from === to ? 'They would begin and end at the same time. Enter two different times.' : null
}

export function maintenanceProblem({ from, to, reason }: Maintenance): string | null {
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  if (Number.isNaN(begin) || Number.isNaN(end)) return 'Enter both dates with their times.'
  if (end <= begin) return 'The window ends before it begins. Enter a later end.'
  if (end - begin > 366 * DAY) return 'Enter a window of at most one year; switch the schedule off for longer.'
  return reason.trim() === '' ? 'Say why, so that others know when they look at the schedule.' : null
}

/** How many windows may follow upon one another before it is said that nothing ever starts. */
const MOST_WINDOWS = 1000

/** The first moment from `moment` on at which something may start; `null`: none for a very long time. */
export function afterSilence(moment: number, silence: Silence, calendar: ZonedCalendar): number | null {
  let free = moment
  for (let n = 0; n < MOST_WINDOWS; n += 1) {
    const span = spanAt(free, silence, calendar)
    if (!span) return free
    free = span.to
  }
  return null
}

/** Where the windows that hold a moment begin, one upon another; the moment itself where none does. */
export function beforeSilence(moment: number, silence: Silence, calendar: ZonedCalendar): number {
  let begin = moment
  for (let n = 0; n < MOST_WINDOWS; n += 1) {
    const span = spanAt(n === 0 ? begin : begin - 1, silence, calendar)
    if (!span) return begin
    begin = span.from
  }
  return begin
}

function spanAt(moment: number, silence: Silence, calendar: ZonedCalendar): Span | undefined {
  const holds = ({ from, to }: Span) => from <= moment && moment < to
  const dated = silence.maintenance.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })).find(holds)
  if (dated || silence.quietHours.length === 0) return dated
  const date = calendar.dateAt(moment)
  // Those of the evening before may still go on.
  return silence.quietHours.flatMap((quiet) => spansFrom(quiet, [date - DAY, date], calendar)).find(holds)
}

function spansFrom(quiet: QuietHours, dates: readonly number[], calendar: ZonedCalendar): Span[] {
  const [begin, end] = [minutesOf(quiet.from) ?? 0, minutesOf(quiet.to) ?? 0]
  return dates.flatMap((date) => {
    if (quiet.days.length > 0 && !quiet.days.includes(weekdayOf(date))) return []
    const from = calendar.momentOf(date, begin)
    // An end that exists twice is the second one: the clock still shows a quiet time until then.
    const to = calendar.momentOf(end <= begin ? date + DAY : date, end, 'last')
    return from === null || to === null ? [] : [{ from, to }]
  })
}
