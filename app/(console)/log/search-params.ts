import { type LogFilter, logFilterSchema } from '#lib/store/log-filter'
import { isTimeZone } from '#lib/sync/zoned-calendar'
import { address, manyValues, namedValue, oneValue, pageSize, type Query, type SearchParams } from '../address.ts'
import { dayStart } from './zoned-day.ts'

/** Periods that end now, by the hours they reach back. */
export const PERIOD_HOURS = { '1h': 1, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const
export type Period = keyof typeof PERIOD_HOURS
const PERIODS: readonly Period[] = ['1h', '24h', '7d', '30d']

/** What the address of the Integration Log asks for. */
export interface LogSearch {
  readonly filter: LogFilter
  /** The valid filter parameters as they stand in the address, for links and for the form. */
  readonly query: Query
  readonly size: number
  readonly after: string | null
  readonly before: string | null
  /** Place of the line whose details are open. */
  readonly entry: string | null
  /** Values that could not be used, named for the person; they were left out. */
  readonly ignored: readonly string[]
}

/** Reads an address. What cannot be used is left out and named, never an error: links grow old. */
export function readLogSearch(params: SearchParams, now: Date): LogSearch {
  const ignored: string[] = []
  const shape = logFilterSchema.shape
  const listed = <Value extends string>(name: string, schema: { safeParse(value: unknown): { data?: Value[] } }) =>
    manyValues(params, name).flatMap((value) => {
      const read = schema.safeParse([value]).data
      if (read === undefined) ignored.push(namedValue(name, value))
      return read ?? []
    })
  const single = (name: string, schema: { safeParse(value: unknown): { data?: string | null } }, label = name) => {
    const value = oneValue(params, name)
    if (value === null) return null
    const read = schema.safeParse(value).data ?? null
    if (read === null) ignored.push(namedValue(label, value))
    return read
  }
  const severities = listed('severity', shape.severities)
  const methods = listed('method', shape.methods)
  const types = listed('type', shape.types)
  const runId = single('run', shape.runId)
  const code = single('code', shape.code)
  const erpKey = single('key', shape.erpKey)
  const text = single('q', shape.text, 'search')
  const period = readPeriod(params, now, ignored)
  return {
    filter: { severities, methods, types, runId, code, erpKey, text, from: period.from, to: period.to },
    query: {
      severity: severities,
      method: methods,
      type: types,
      run: runId,
      code,
      key: erpKey,
      q: text,
      ...period.query,
      size: oneValue(params, 'size') === null ? null : String(pageSize(params)),
    },
    size: pageSize(params),
    after: oneValue(params, 'after'),
    before: oneValue(params, 'before'),
    entry: oneValue(params, 'entry'),
    ignored,
  }
}

/** The log with these changes to its filter. Any change of the filter starts at the first page again. */
export function logHref(query: Query, changes: Query = {}): string {
  return address('/log', { ...query, ...changes })
}

interface ReadPeriod {
  readonly from: string | null
  readonly to: string | null
  readonly query: Query
}

function readPeriod(params: SearchParams, now: Date, ignored: string[]): ReadPeriod {
  const wanted = oneValue(params, 'period')
  const period = PERIODS.find((each) => each === wanted)
  if (period !== undefined) {
    const from = new Date(now.getTime() - PERIOD_HOURS[period] * 3_600_000).toISOString()
    return { from, to: null, query: { period } }
  }
  if (wanted !== null && wanted !== 'days') ignored.push(namedValue('period', wanted))
  const wantedZone = oneValue(params, 'zone') ?? 'UTC'
  if (!isTimeZone(wantedZone)) ignored.push(namedValue('time zone', wantedZone))
  const zone = isTimeZone(wantedZone) ? wantedZone : 'UTC'
  const from = readMoment(params, { name: 'from', zone, addDays: 0 }, ignored)
  // The last day is meant with all its hours.
  const to = readMoment(params, { name: 'to', zone, addDays: 1 }, ignored)
  if (from === null && to === null) return { from: null, to: null, query: {} }
  return {
    from: from?.at ?? null,
    to: to?.at ?? null,
    query: { period: 'days', from: from?.text ?? null, to: to?.text ?? null, zone: zone === 'UTC' ? null : zone },
  }
}

/** A day in the viewer's zone, or a moment with its offset. */
function readMoment(
  params: SearchParams,
  want: { readonly name: 'from' | 'to'; readonly zone: string; readonly addDays: number },
  ignored: string[],
): { at: string; text: string } | null {
  const text = oneValue(params, want.name)
  if (text === null) return null
  const day = dayStart(text, want.zone, want.addDays)
  if (day !== null) return { at: day, text }
  const moment = logFilterSchema.shape.from.safeParse(text).data ?? null
  if (moment === null) {
    ignored.push(namedValue(want.name, text))
    return null
  }
  return { at: moment, text }
}
