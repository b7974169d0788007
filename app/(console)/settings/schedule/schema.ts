import { z } from 'zod'
import { type Cadence, cadenceProblem } from '#lib/sync/cadence'
import type { RunOptions } from '#lib/sync/eligibility'
import { type Maintenance, maintenanceProblem, type QuietHours, quietHoursProblem } from '#lib/sync/quiet'
import { nextStarts, type ScheduleRule } from '#lib/sync/schedule'
import { isTimeZone, minutesOf, momentOfWallTime } from '#lib/sync/zoned-calendar'
import { unknownFields } from '../../../_ui/form-values.ts'
import { toRunOptions } from '../../sync/schema.ts'
import { DAY_SETS, WEEK } from './schedule-words.ts'

export const CADENCES = ['minutes', 'hour', 'day', 'weekday', 'chosen-days', 'cron'] as const
/** Lines of quiet hours, and of maintenance, that a schedule can have. */
export const MOST_LINES = 6

const checkbox = z.literal('on').optional()
const text = z.string().trim().max(200, 'Use at most 200 characters.').default('')
const LINE_FIELD = /^(quiet(From|To|Days)|window(From|To|Reason))[0-5]$/

const formSchema = z.strictObject(
  {
    connectionId: z.uuid(),
    intent: z.enum(['save', 'preview']),
    enabled: checkbox,
    cadence: z.enum(CADENCES, 'Choose one.'),
    minutes: text,
    minute: text,
    dayTime: text,
    weekdayTime: text,
    chosenTime: text,
    ...(Object.fromEntries(WEEK.map((day) => [`on${day}`, checkbox])) as Record<
      `on${0 | 1 | 2 | 3 | 4 | 5 | 6}`,
      typeof checkbox
    >),
    expression: text,
    timeZone: text.refine(isTimeZone, 'Choose a time zone.'),
    mapUnsynced: checkbox,
    whenNoMatch: z.enum(['leave', 'create']).optional(),
    includeClosed: checkbox,
    allBatches: checkbox,
    historicalConsultants: checkbox,
    reconcile: checkbox,
    reconcileTime: text,
    driftPercent: text.refine(
      (value) => /^\d{1,3}$/.test(value) && Number(value) <= 100,
      'Enter a whole number from 0 to 100.',
    ),
  },
  { error: unknownFields },
)

type ScheduleForm = z.output<typeof formSchema>

/** A schedule as it was entered, without any problem. */
export interface ScheduleDraft extends ScheduleRule {
  readonly enabled: boolean
  readonly options: RunOptions
  readonly reconcileTime: string | null
  readonly driftPercent: number
}

export type ReadSchedule =
  | {
      readonly ok: true
      readonly connectionId: string
      readonly intent: 'save' | 'preview'
      readonly draft: ScheduleDraft
    }
  | { readonly ok: false; readonly error: string; readonly fields: Readonly<Record<string, string | undefined>> }

const SEE_BELOW = 'Nothing was saved: see the fields below.'

/** Reads the posted form; every problem stands at its field. Maintenance that is over is left out. */
export function readScheduleForm(values: Readonly<Record<string, string>>, now: Date): ReadSchedule {
  const lines = Object.fromEntries(Object.entries(values).filter(([name]) => LINE_FIELD.test(name)))
  const parsed = formSchema.safeParse(Object.fromEntries(Object.entries(values).filter(([name]) => !(name in lines))))
  if (!parsed.success) {
    const { fieldErrors, formErrors } = z.flattenError(parsed.error)
    const fields = Object.fromEntries(Object.entries(fieldErrors).map(([name, all]) => [name, all?.[0]]))
    return { ok: false, error: formErrors[0] ?? SEE_BELOW, fields }
  }
  const form = parsed.data
  const fields: Record<string, string> = {}
  const note = (name: string, problem: string | null) => {
    if (problem !== null) fields[name] = problem
  }
  const cadence = readCadence(form)
  note(`cadence-${form.cadence}`, cadenceProblem(cadence))
  const quietHours = readQuietHours(lines, note)
  const maintenance = readMaintenance(lines, form.timeZone, note).filter(({ to }) => Date.parse(to) > now.getTime())
  const reconcileTime = form.reconcile === 'on' ? form.reconcileTime : null
  if (reconcileTime !== null && minutesOf(reconcileTime) === null) note('reconcileTime', 'Enter a time such as 02:00.')
  const rule: ScheduleRule = { cadence, timeZone: form.timeZone, quietHours, maintenance }
  if (Object.keys(fields).length === 0 && nextStarts(rule, now, 1).length === 0) note('quiet', NEVER)
  if (Object.keys(fields).length > 0) return { ok: false, error: SEE_BELOW, fields }
  const { connectionId, intent } = form
  const enabled = form.enabled === 'on'
  const draft = { ...rule, enabled, options: optionsOf(form), reconcileTime, driftPercent: Number(form.driftPercent) }
  return { ok: true, connectionId, intent, draft }
}

const NEVER = 'With this schedule, quiet hours and maintenance no sync would ever start. Leave some time free.'

function readCadence(form: ScheduleForm): Cadence {
  const whole = (value: string) => (/^\d+$/.test(value) ? Number(value) : Number.NaN)
  switch (form.cadence) {
    case 'minutes':
      return { every: 'minutes', minutes: whole(form.minutes) }
    case 'hour':
      return { every: 'hour', minute: whole(form.minute) }
    case 'day':
      return { every: 'day', time: form.dayTime }
    case 'weekday':
      return { every: 'weekday', time: form.weekdayTime }
    case 'chosen-days':
      return { every: 'chosen-days', days: WEEK.filter((day) => form[`on${day}`] === 'on'), time: form.chosenTime }
    case 'cron':
      return { every: 'cron', expression: form.expression.replace(/\s+/g, ' ') }
  }
}

function optionsOf({ mapUnsynced, whenNoMatch, includeClosed, allBatches, historicalConsultants }: ScheduleForm) {
  return toRunOptions({ mapUnsynced, whenNoMatch, includeClosed, allBatches, historicalConsultants })
}

type Note = (name: string, problem: string | null) => void
type Values = Readonly<Record<string, string>>

const LINES = Array.from({ length: MOST_LINES }, (_, line) => line)

function readQuietHours(values: Values, note: Note): QuietHours[] {
  return LINES.flatMap((line) => {
    const [from = '', to = ''] = [values[`quietFrom${line}`]?.trim(), values[`quietTo${line}`]?.trim()]
    if (from === '' && to === '') return []
    const set = DAY_SETS[values[`quietDays${line}`] ?? 'every']
    const quiet = { days: set?.days ?? [], from, to }
    note(`quiet${line}`, set ? quietHoursProblem(quiet) : 'Choose the days.')
    return [quiet]
  })
}

function readMaintenance(values: Values, timeZone: string, note: Note): Maintenance[] {
  return LINES.flatMap((line) => {
    const [from = '', to = ''] = [values[`windowFrom${line}`]?.trim(), values[`windowTo${line}`]?.trim()]
    const reason = (values[`windowReason${line}`] ?? '').trim().slice(0, 200)
    if (from === '' && to === '' && reason === '') return []
    const moment = (local: string) => {
      const found = momentOfWallTime(timeZone, local)
      return found === null ? '' : new Date(found).toISOString()
    }
    const window = { from: moment(from), to: moment(to), reason }
    note(`window${line}`, maintenanceProblem(window))
    return [window]
  })
}
