import { CronExpressionParser } from 'cron-parser'
import { DAY, MINUTE, minutesOf, weekdayOf, type ZonedCalendar } from './zoned-calendar.ts'

/** How often a connection syncs by itself. Times are `HH:MM` on the wall clock of the schedule's zone. */
export type Cadence =
  /** Counted anew from each midnight, so that the starts stand at the same times every day. */
  | { readonly every: 'minutes'; readonly minutes: number }
  | { readonly every: 'hour'; readonly minute: number }
  | { readonly every: 'day'; readonly time: string }
  /** Monday to Friday. */
  | { readonly every: 'weekday'; readonly time: string }
  /** 0 is Sunday. */
  | { readonly every: 'chosen-days'; readonly days: readonly number[]; readonly time: string }
  /** Minute, hour, day of month, month, day of week. */
  | { readonly every: 'cron'; readonly expression: string }

const LEAST_MINUTES = 5
const MOST_MINUTES = 1440
const WEEKDAYS = [1, 2, 3, 4, 5]

/** Why a cadence cannot be used, as a sentence for the person who entered it; `null`: it can. */
export function cadenceProblem(cadence: Cadence): string | null {
  if (cadence.every === 'minutes') {
    const { minutes } = cadence
    const fits = Number.isInteger(minutes) && minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES
    return fits ? null : `Enter a whole number of minutes from ${LEAST_MINUTES} to 1,440 (one day).`
  }
  if (cadence.every === 'hour') {
    const { minute } = cadence
    return Number.isInteger(minute) && minute >= 0 && minute <= 59 ? null : 'Enter a minute from 0 to 59.'
  }
  if (cadence.every === 'cron') return cronProblem(cadence.expression)
  if (minutesOf(cadence.time) === null) return 'Enter a time such as 06:30.'
  if (cadence.every !== 'chosen-days') return null
  const fits = cadence.days.length > 0 && cadence.days.every((day) => Number.isInteger(day) && day >= 0 && day <= 6)
  return fits ? null : 'Choose at least one day.'
}

const CRON_FIELD = /^[\d*,/-]+$/
const CRON_NAMES = /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)\b/gi

function cronProblem(expression: string): string | null {
  const fields = expression.trim().split(/\s+/)
  if (fields.length !== 5)
    return 'Enter five parts: minute, hour, day of month, month and day of week, such as 30 6 * * 1-5.'
  const odd = fields.find((field) => !CRON_FIELD.test(field.replace(CRON_NAMES, '0')))
  if (odd !== undefined) return `“${odd}” cannot be read: use numbers, names of days and months, and * , - /.`
  try {
    const { minutes, hours } = readCron(expression)
    const next = minutes.slice(1).concat(hours.length > 1 ? [(minutes[0] ?? 0) + 60] : [])
    const isTooOften = next.some((minute, index) => minute - (minutes[index] ?? 0) < LEAST_MINUTES)
    return isTooOften ? `This starts too often: leave at least ${LEAST_MINUTES} minutes between starts.` : null
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    return `This cron expression cannot be read${reason === '' ? '' : ` (${reason})`}.`
  }
}

interface Cron {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  /** Whether every hour is meant: then an hour that exists twice has its starts twice. */
  readonly eachHour: boolean
  isOn(date: number): boolean
}

/** The parser reads the expression; which moments it means is decided here, by the same rules as every other cadence. */
function readCron(expression: string): Cron {
  const { fields } = CronExpressionParser.parse(expression, { currentDate: new Date(0), tz: 'UTC' })
  const [, hour = '', dayOfMonth = '', , dayOfWeek = ''] = expression.trim().split(/\s+/)
  const numbers = (values: readonly unknown[]) => new Set(values.map(Number))
  const [days, months] = [numbers(fields.dayOfMonth.values), numbers(fields.month.values)]
  const weekdays = new Set([...numbers(fields.dayOfWeek.values)].map((day) => day % 7))
  // Where both are restricted either is enough, as cron has it.
  const either = !dayOfMonth.startsWith('*') && !dayOfWeek.startsWith('*')
  return {
    minutes: [...numbers(fields.minute.values)],
    hours: [...numbers(fields.hour.values)],
    eachHour: hour === '*',
    isOn(date) {
      const day = new Date(date)
      if (!months.has(day.getUTCMonth() + 1)) return false
      const [inMonth, inWeek] = [days.has(day.getUTCDate()), weekdays.has(day.getUTCDay())]
      return either ? inMonth || inWeek : inMonth && inWeek
    },
  }
}

/** Answers the starts of a local date, in ms and in their order. */
export type StartsOfDate = (date: number) => number[]

/** The starts a cadence means, quiet hours not heeded. It has no {@link cadenceProblem}. */
export function startsOf(cadence: Cadence, calendar: ZonedCalendar): StartsOfDate {
  switch (cadence.every) {
    case 'minutes':
      return (date) => everyMinutes(calendar, date, cadence.minutes)
    case 'hour':
      return (date) => eachHour(calendar, date, [cadence.minute])
    case 'day':
      return (date) => atTimes(calendar, date, [minutesOf(cadence.time) ?? 0])
    case 'weekday':
      return (date) => onDays(calendar, date, WEEKDAYS, cadence.time)
    case 'chosen-days':
      return (date) => onDays(calendar, date, cadence.days, cadence.time)
    case 'cron':
      return cronStarts(readCron(cadence.expression), calendar)
  }
}

function cronStarts(cron: Cron, calendar: ZonedCalendar): StartsOfDate {
  const times = cron.hours.flatMap((hour) => cron.minutes.map((minute) => hour * 60 + minute))
  return (date) => {
    if (!cron.isOn(date)) return []
    return cron.eachHour ? eachHour(calendar, date, cron.minutes) : atTimes(calendar, date, times)
  }
}

function onDays(calendar: ZonedCalendar, date: number, days: readonly number[], time: string): number[] {
  return days.includes(weekdayOf(date)) ? atTimes(calendar, date, [minutesOf(time) ?? 0]) : []
}

function atTimes(calendar: ZonedCalendar, date: number, times: readonly number[]): number[] {
  return inOrder(times.map((time) => calendar.momentOf(date, time)))
}

/** Real hours: where the clocks are set back, the repeated one counts as well. */
function eachHour(calendar: ZonedCalendar, date: number, minutes: readonly number[]): number[] {
  const hours = Array.from({ length: 24 }, (_, hour) => hour)
  return inOrder(
    calendar
      .stretchesOf(date)
      .flatMap(({ from, to, offset }) =>
        hours
          .flatMap((hour) => minutes.map((minute) => date + (hour * 60 + minute) * MINUTE - offset))
          .filter((moment) => from <= moment && moment < to),
      ),
  )
}

function everyMinutes(calendar: ZonedCalendar, date: number, minutes: number): number[] {
  const stretches = calendar.stretchesOf(date)
  const [from, to] = [stretches[0]?.from ?? 0, stretches.at(-1)?.to ?? 0]
  return Array.from({ length: Math.ceil((to - from) / (minutes * MINUTE)) }, (_, n) => from + n * minutes * MINUTE)
}

function inOrder(moments: readonly (number | null)[]): number[] {
  const known = moments.filter((moment) => moment !== null)
  return [...new Set(known)].toSorted((a, b) => a - b)
}

/** Longer than a cadence can go without a start: 29 February comes every fourth year, and not in 2100. */
export const LONGEST_WAIT = 8 * 366 * DAY
