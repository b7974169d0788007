import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cadence, cadenceProblem } from '#lib/sync/cadence'
import { type Maintenance, maintenanceProblem, type QuietHours, quietHoursProblem } from '#lib/sync/quiet'
import { nextStarts, type ScheduleRule } from '#lib/sync/schedule'
import { minutesOf } from '#lib/sync/zoned-calendar'
import { sow } from '../support/seed.ts'

sow('Schedules')

// Half-hour and 45-minute zones, a half-hour change of the clocks, changes at midnight, none at all, both hemispheres.
const timeZone = fc.constantFrom(
  'America/New_York',
  'America/Los_Angeles',
  'America/Santiago',
  'America/St_Johns',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Europe/London',
  'Pacific/Chatham',
  'UTC',
)
const time = fc.tuple(fc.nat(23), fc.constantFrom(0, 5, 15, 30, 45, 59)).map(([h, m]) => `${two(h)}:${two(m)}`)
const days = fc.uniqueArray(fc.nat(6), { maxLength: 3 })

const cadence: fc.Arbitrary<Cadence> = fc.oneof(
  fc.record({ every: fc.constant('minutes' as const), minutes: fc.constantFrom(5, 7, 15, 60, 90, 1440) }),
  fc.record({ every: fc.constant('hour' as const), minute: fc.nat(59) }),
  fc.record({ every: fc.constant('day' as const), time }),
  fc.record({ every: fc.constant('weekday' as const), time }),
  fc.record({ every: fc.constant('chosen-days' as const), days: days.filter((some) => some.length > 0), time }),
  fc.record({
    every: fc.constant('cron' as const),
    expression: fc.constantFrom('*/10 * * * *', '30 2 * * *', '0 1,2,3 * * mon-fri', '15 0 1 * *', '0 6 13 * 5'),
  }),
)

// Around changes of the clocks as well as anywhere in two years.
const after = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) }),
  fc
    .constantFrom(Date.UTC(2026, 2, 8), Date.UTC(2026, 2, 29), Date.UTC(2026, 3, 4), Date.UTC(2026, 9, 25))
    .chain((day) => fc.integer({ min: day - 86_400_000, max: day + 86_400_000 })),
)

const quietHours: fc.Arbitrary<QuietHours[]> = fc.array(
  fc.record({ days, from: time, to: time }).filter((one) => quietHoursProblem(one) === null),
  { maxLength: 3 },
)

const world = after.chain((moment) =>
  fc.record({
    after: fc.constant(new Date(moment)),
    rule: fc.record({
      cadence,
      timeZone,
      quietHours,
      maintenance: fc.array(
        fc
          .tuple(fc.integer({ min: -3000, max: 10_000 }), fc.integer({ min: 1, max: 5000 }))
          .map(([begin, length]) => windowOf(moment + begin * 60_000, length)),
        { maxLength: 2 },
      ),
    }),
  }),
)

function windowOf(from: number, minutes: number): Maintenance {
  const to = new Date(from + minutes * 60_000).toISOString()
  return { from: new Date(from).toISOString(), to, reason: 'Upgrade' }
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** What the clock on the wall shows: day of the week and minutes since midnight. An oracle of its own, by ICU alone. */
function wall(moment: Date, zone: string): { day: number; minutes: number } {
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
    .format(moment)
    .split(/[ ,]+/)
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(text[0] ?? '')
  return { day, minutes: minutesOf(text[1] ?? '') ?? Number.NaN }
}

function isQuiet(moment: Date, { timeZone: zone, quietHours: all, maintenance }: ScheduleRule): boolean {
  const at = moment.getTime()
  if (maintenance.some(({ from, to }) => Date.parse(from) <= at && at < Date.parse(to))) return true
  const { day, minutes } = wall(moment, zone)
  return all.some((quiet) => {
    const [from, to] = [minutesOf(quiet.from) ?? 0, minutesOf(quiet.to) ?? 0]
    const on = (which: number) => quiet.days.length === 0 || quiet.days.includes(which)
    if (from < to) return on(day) && from <= minutes && minutes < to
    return (on(day) && minutes >= from) || (on((day + 6) % 7) && minutes < to)
  })
}

test('no start lies in quiet hours or maintenance, whatever the clocks do', () => {
  fc.assert(
    fc.property(world, ({ rule, after: moment }) => {
      for (const start of nextStarts(rule, moment, 5)) expect(isQuiet(start, rule), start.toISOString()).toBe(false)
    }),
    { numRuns: 500 },
  )
})

test('starts come after the moment asked about, each later than the one before, on whole minutes', () => {
  fc.assert(
    fc.property(world, ({ rule, after: moment }) => {
      const starts = nextStarts({ ...rule, maintenance: [] }, moment, 8).map((start) => start.getTime())
      for (const [index, start] of starts.entries()) {
        expect(start).toBeGreaterThan(index === 0 ? moment.getTime() : (starts[index - 1] ?? 0))
        expect(start % 60_000).toBe(0)
      }
    }),
    { numRuns: 500 },
  )
})

test('asking again after each start gives the same starts: nothing is lost between two questions', () => {
  fc.assert(
    fc.property(world, ({ rule, after: moment }) => {
      const at = nextStarts(rule, moment, 4)
      let last = moment
      for (const start of at) {
        const [next] = nextStarts(rule, last, 1)
        expect(next?.toISOString()).toBe(start.toISOString())
        last = start
      }
    }),
    { numRuns: 300 },
  )
})

test('a daily time runs once on every date, also where the clocks change', () => {
  fc.assert(
    fc.property(timeZone, time, after, (zone, at, moment) => {
      const rule = { cadence: { every: 'day', time: at }, timeZone: zone, quietHours: [], maintenance: [] } as const
      const dates = nextStarts(rule, new Date(moment), 400).map((start) =>
        new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(start),
      )
      expect(new Set(dates).size).toBe(400)
      const [first = '', last = ''] = [dates[0], dates.at(-1)]
      expect((Date.parse(last) - Date.parse(first)) / 86_400_000).toBe(399)
    }),
    { numRuns: 60 },
  )
})

test('every cadence and window made here is one that may be saved', () => {
  fc.assert(
    fc.property(world, ({ rule }) => {
      expect(cadenceProblem(rule.cadence)).toBeNull()
      for (const window of rule.maintenance) expect(maintenanceProblem(window)).toBeNull()
    }),
  )
})
