import type { Cadence } from '#lib/sync/cadence'
import type { QuietHours } from '#lib/sync/quiet'

/** The words in which the screens speak of schedules. Free of the store, so that the browser may hold it too. */

export const DAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
/** A week as people read it, by the numbers of its days. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0] as const

/** The sets of days that a line of quiet hours can name; any other set takes several lines. */
export const DAY_SETS: Readonly<Record<string, { readonly label: string; readonly days: readonly number[] }>> = {
  every: { label: 'Every day', days: [] },
  weekdays: { label: 'Monday to Friday', days: [1, 2, 3, 4, 5] },
  weekend: { label: 'Saturday and Sunday', days: [0, 6] },
  ...Object.fromEntries(WEEK.map((day) => [`day${day}`, { label: DAY_NAMES[day], days: [day] }])),
}

/** The name of a set of days, for the list it is chosen from. */
export function daySetOf({ days }: Pick<QuietHours, 'days'>): string {
  const same = (set: readonly number[]) => set.length === days.length && set.every((day) => days.includes(day))
  return Object.entries(DAY_SETS).find(([, set]) => same(set.days))?.[0] ?? 'every'
}

/** `Every 15 minutes`, `Every day at 06:30`. */
export function cadenceWords(cadence: Cadence): string {
  switch (cadence.every) {
    case 'minutes':
      return `Every ${cadence.minutes} minutes`
    case 'hour':
      return `Every hour, ${cadence.minute} min past`
    case 'day':
      return `Every day at ${cadence.time}`
    case 'weekday':
      return `Monday to Friday at ${cadence.time}`
    case 'chosen-days': {
      const days = WEEK.filter((day) => cadence.days.includes(day)).map((day) => DAY_NAMES[day].slice(0, 3))
      return `${days.join(', ')} at ${cadence.time}`
    }
    case 'cron':
      return `Cron ${cadence.expression}`
  }
}

/** A moment on the wall clock of a schedule's zone, `Fri, Nov 27, 06:30 EST`: the same for every reader. */
export function zonedWords(moment: Date, timeZone: string): string {
  return moment.toLocaleString('en-US', {
    timeZone,
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
}
