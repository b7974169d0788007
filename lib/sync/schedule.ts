import { type Cadence, LONGEST_WAIT, type StartsOfDate, startsOf } from './cadence.ts'
import { afterSilence, beforeSilence, type Maintenance, type QuietHours, type Silence } from './quiet.ts'
import { DAY, openCalendar, type ZonedCalendar } from './zoned-calendar.ts'

/** When a connection syncs by itself (sync-rules §2.3); without any problem of its parts. */
export interface ScheduleRule {
  readonly cadence: Cadence
  /** IANA name; all times of day are meant there. */
  readonly timeZone: string
  readonly quietHours: readonly QuietHours[]
  readonly maintenance: readonly Maintenance[]
}

/**
 * The next `count` starts after a moment, in their order. One that falls into quiet hours or maintenance is moved to
 * their end, several such become one. Fewer, where the windows leave no room or the cadence has no such date.
 */
export function nextStarts(rule: ScheduleRule, after: Date, count: number): Date[] {
  const calendar = openCalendar(rule.timeZone)
  const from = after.getTime()
  // What fell into the windows that are going on starts at their end, which is still to come.
  const begin = beforeSilence(from, rule, calendar)
  const starts: number[] = []
  for (const wanted of wantedStarts(startsOf(rule.cadence, calendar), calendar, begin)) {
    // One that the start before it already stands for.
    const before = starts.at(-1)
    if (before !== undefined && wanted <= before) continue
    const start = afterSilence(wanted, rule, calendar)
    if (start === null) break
    if (start > from) starts.push(start)
    if (starts.length === count) break
  }
  return starts.map((start) => new Date(start))
}

/** Starts from a moment on, that moment included. */
function* wantedStarts(startsOfDate: StartsOfDate, calendar: ZonedCalendar, begin: number): Generator<number> {
  const first = calendar.dateAt(begin)
  for (let date = first; date < first + LONGEST_WAIT; date += DAY) {
    for (const start of startsOfDate(date)) if (start >= begin) yield start
  }
}

/** The end of the quiet hours or maintenance that a moment lies in; the moment itself outside of them; `null`: no end. */
export function mayStartAt(rule: Silence & { readonly timeZone: string }, moment: Date): Date | null {
  const free = afterSilence(moment.getTime(), rule, openCalendar(rule.timeZone))
  return free === null ? null : new Date(free)
}

/**
 * Since when a connection is overdue: nothing has run for twice the interval, that is, two starts have passed since
 * something last ran. `null`: it is not. Counted in starts, so that a quiet weekend is no reason for alarm.
 *
 * @param lastRanAt when a sync last ran, or the schedule was last changed.
 */
export function overdueSince(rule: ScheduleRule, lastRanAt: Date, now: Date): Date | null {
  const second = nextStarts(rule, lastRanAt, 2)[1]
  return second && second <= now ? second : null
}
