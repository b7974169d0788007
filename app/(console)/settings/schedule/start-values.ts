import type { Schedule } from '#lib/store/schedules'
import type { RunOptions } from '#lib/sync/eligibility'
import { wallTimeText } from '#lib/sync/zoned-calendar'
import { daySetOf } from './schedule-words.ts'

/** What the form shows of a schedule, as a form would send it back. Without one: what most firms begin with. */
export function startValues(
  schedule: Schedule | null,
  fallback: { readonly timeZone: string; readonly options: RunOptions; readonly driftPercent: number },
): Record<string, string> {
  const options = schedule?.options ?? fallback.options
  const values: Record<string, string> = {
    ...cadenceValues(schedule),
    timeZone: schedule?.timeZone ?? fallback.timeZone,
    whenNoMatch: options.whenNoMatch,
    reconcileTime: schedule?.reconcileTime ?? '02:00',
    driftPercent: String(fallback.driftPercent),
  }
  const ticked = {
    enabled: schedule?.enabled === true,
    mapUnsynced: options.mapUnsynced,
    includeClosed: options.includeClosed,
    allBatches: options.allBatches,
    historicalConsultants: options.historicalConsultants === true,
    reconcile: typeof schedule?.reconcileTime === 'string',
  }
  for (const [name, on] of Object.entries(ticked)) if (on) values[name] = 'on'
  return { ...values, ...(schedule ? lineValues(schedule) : {}) }
}

function cadenceValues(schedule: Schedule | null): Record<string, string> {
  const usual = { cadence: 'hour', minutes: '15', minute: '0', expression: '0 6-18 * * 1-5' }
  const times = { dayTime: '06:00', weekdayTime: '06:00', chosenTime: '06:00' }
  const cadence = schedule?.cadence
  const values: Record<string, string> = { ...usual, ...times, ...(cadence ? { cadence: cadence.every } : {}) }
  if (cadence?.every === 'minutes') values.minutes = String(cadence.minutes)
  if (cadence?.every === 'hour') values.minute = String(cadence.minute)
  if (cadence?.every === 'day') values.dayTime = cadence.time
  if (cadence?.every === 'weekday') values.weekdayTime = cadence.time
  if (cadence?.every === 'cron') values.expression = cadence.expression
  if (cadence?.every === 'chosen-days') {
    values.chosenTime = cadence.time
    for (const day of cadence.days) values[`on${day}`] = 'on'
  }
  return values
}

function lineValues({ quietHours, maintenance, timeZone }: Schedule): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [line, quiet] of quietHours.entries()) {
    values[`quietFrom${line}`] = quiet.from
    values[`quietTo${line}`] = quiet.to
    values[`quietDays${line}`] = daySetOf(quiet)
  }
  for (const [line, window] of maintenance.entries()) {
    values[`windowFrom${line}`] = wallTimeText(timeZone, Date.parse(window.from))
    values[`windowTo${line}`] = wallTimeText(timeZone, Date.parse(window.to))
    values[`windowReason${line}`] = window.reason
  }
  return values
}
