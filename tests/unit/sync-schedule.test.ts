import { describe, expect, test } from 'vitest'
import { type Cadence, cadenceProblem } from '#lib/sync/cadence'
import { maintenanceProblem, quietHoursProblem } from '#lib/sync/quiet'
import { mayStartAt, nextStarts, overdueSince, type ScheduleRule } from '#lib/sync/schedule'
import { isTimeZone, momentOfWallTime, wallTimeText } from '#lib/sync/zoned-calendar'

function rule(cadence: Cadence, timeZone = 'America/New_York', more: Partial<ScheduleRule> = {}): ScheduleRule {
  return { cadence, timeZone, quietHours: [], maintenance: [], ...more }
}
function starts(given: ScheduleRule, after: string, count = 3): string[] {
  return nextStarts(given, new Date(after), count).map((start) => start.toISOString().slice(0, 16))
}
const daily = (time: string): Cadence => ({ every: 'day', time })
const cron = (expression: string): Cadence => ({ every: 'cron', expression })

describe('the clocks change', () => {
  test('a time that does not exist runs at the next moment, and on all other days at its own', () => {
    const wanted = ['2026-03-07T07:30', '2026-03-08T07:00', '2026-03-09T06:30']
    expect(starts(rule(daily('02:30')), '2026-03-07T00:00Z')).toEqual(wanted)
    expect(starts(rule(cron('30 2 * * *')), '2026-03-07T00:00Z')).toEqual(wanted)
  })

  test('a time that exists twice runs once, at the first of the two', () => {
    const wanted = ['2026-10-31T05:30', '2026-11-01T05:30', '2026-11-02T06:30']
    expect(starts(rule(daily('01:30')), '2026-10-31T00:00Z')).toEqual(wanted)
    expect(starts(rule(cron('30 1 * * *')), '2026-10-31T00:00Z')).toEqual(wanted)
  })

  test('midnight itself may be the time that does not exist', () => {
    expect(starts(rule(daily('00:00'), 'America/Santiago'), '2026-09-05T12:00Z', 2)).toEqual([
      '2026-09-06T04:00',
      '2026-09-07T03:00',
    ])
  })

  test('hourly starts keep going through the hour that is repeated', () => {
    const wanted = ['2026-11-01T04:15', '2026-11-01T05:15', '2026-11-01T06:15', '2026-11-01T07:15']
    expect(starts(rule({ every: 'hour', minute: 15 }), '2026-11-01T04:00Z', 4)).toEqual(wanted)
    expect(starts(rule(cron('15 * * * *')), '2026-11-01T04:00Z', 4)).toEqual(wanted)
  })

  test('a change of half an hour is one too', () => {
    const lordHowe = starts(rule({ every: 'hour', minute: 15 }, 'Australia/Lord_Howe'), '2026-04-04T13:10Z', 4)
    expect(lordHowe).toEqual(['2026-04-04T13:15', '2026-04-04T14:15', '2026-04-04T15:45', '2026-04-04T16:45'])
  })

  test('a start every so many minutes keeps its distance', () => {
    const distances = nextStarts(rule({ every: 'minutes', minutes: 90 }), new Date('2026-03-08T05:00Z'), 14).map(
      (start, index, all) => start.getTime() - (all[index - 1]?.getTime() ?? start.getTime() - 90 * 60_000),
    )
    expect(new Set(distances)).toEqual(new Set([90 * 60_000]))
  })
})

describe('cadences', () => {
  test.each<[Cadence, string[]]>([
    [{ every: 'minutes', minutes: 15 }, ['2026-11-26T12:15', '2026-11-26T12:30']],
    [{ every: 'weekday', time: '18:00' }, ['2026-11-26T12:15', '2026-11-27T12:15']],
    [{ every: 'chosen-days', days: [0, 6], time: '08:00' }, ['2026-11-28T02:15', '2026-11-29T02:15']],
    [cron('0 18 1 * mon'), ['2026-11-30T12:15', '2026-12-01T12:15']],
    [cron('0 18 29 2 *'), ['2028-02-29T12:15', '2032-02-29T12:15']],
  ])('%j', (cadence, wanted) => {
    expect(starts(rule(cadence, 'Asia/Kathmandu'), '2026-11-26T12:00Z', 2)).toEqual(wanted)
  })

  test.each<[Cadence, RegExp]>([
    [{ every: 'minutes', minutes: 4 }, /from 5 to 1,440/],
    [{ every: 'minutes', minutes: 7.5 }, /whole number/],
    [{ every: 'hour', minute: 60 }, /0 to 59/],
    [daily('6:30'), /such as 06:30/],
    [{ every: 'chosen-days', days: [], time: '06:30' }, /at least one day/],
    [cron('* * * * *'), /too often/],
    [cron('0,58 * * * *'), /too often/],
    [cron('0 6 * *'), /five parts/],
    [cron('0 0 6 * * *'), /five parts/],
    [cron('0 25 * * *'), /cannot be read/],
    [cron('0 6 L * *'), /“L” cannot be read/],
    [cron('H 6 * * *'), /“H” cannot be read/],
  ])('%j is refused with a sentence', (cadence, sentence) => {
    expect(cadenceProblem(cadence)).toMatch(sentence)
  })

  test.each(['0 6 * * 1-5', '*/5 * * * *', '0 6 * jan-mar mon,WED', '30 6 1,15 * *'])('“%s” is taken', (expression) => {
    expect(cadenceProblem(cron(expression))).toBeNull()
  })
})

describe('quiet hours and maintenance', () => {
  const night = [{ days: [], from: '22:00', to: '06:00' }]

  test('a start in quiet hours is moved to their end, and several become one', () => {
    const given = rule({ every: 'hour', minute: 0 }, 'UTC', { quietHours: night })
    expect(starts(given, '2026-11-26T20:30Z')).toEqual(['2026-11-26T21:00', '2026-11-27T06:00', '2026-11-27T07:00'])
    // Also when it is asked in the middle of them.
    expect(starts(rule(daily('02:00'), 'UTC', { quietHours: night }), '2026-11-27T03:00Z', 1)).toEqual([
      '2026-11-27T06:00',
    ])
  })

  test('quiet hours of a day that cross midnight belong to the day on which they begin', () => {
    const friday = [{ days: [5], from: '22:00', to: '06:00' }]
    const given = rule(daily('03:00'), 'UTC', { quietHours: friday })
    // Friday the 27th begins them; Friday's own early morning is free.
    expect(starts(given, '2026-11-26T12:00Z')).toEqual(['2026-11-27T03:00', '2026-11-28T06:00', '2026-11-29T03:00'])
  })

  test('a maintenance window that ends within quiet hours moves the start to the end of both', () => {
    const maintenance = [{ from: '2026-11-26T20:00:00Z', to: '2026-11-26T23:00:00Z', reason: 'Upgrade' }]
    const given = rule(daily('21:00'), 'UTC', { quietHours: night, maintenance })
    expect(starts(given, '2026-11-26T12:00Z', 2)).toEqual(['2026-11-27T06:00', '2026-11-27T21:00'])
    expect(mayStartAt(given, new Date('2026-11-26T20:30Z'))?.toISOString()).toBe('2026-11-27T06:00:00.000Z')
    expect(mayStartAt(given, new Date('2026-11-26T12:00Z'))?.toISOString()).toBe('2026-11-26T12:00:00.000Z')
  })

  test('quiet hours around the clock leave no start, and that is known at once', () => {
    const always = [
      { days: [], from: '00:00', to: '12:00' },
      { days: [], from: '12:00', to: '00:00' },
    ]
    expect(starts(rule(daily('21:00'), 'UTC', { quietHours: always }), '2026-11-26T12:00Z')).toEqual([])
  })

  test.each([
    [{ days: [], from: '22:00', to: '22:00' }, /two different times/],
    [{ days: [], from: '', to: '22:00' }, /both times/],
  ])('%j is refused', (quiet, sentence) => {
    expect(quietHoursProblem(quiet)).toMatch(sentence)
  })

  test.each([
    [{ from: '2026-11-26T20:00Z', to: '2026-11-26T19:00Z', reason: 'x' }, /ends before it begins/],
    [{ from: '2026-11-26T20:00Z', to: '2026-11-27T19:00Z', reason: ' ' }, /Say why/],
    [{ from: '', to: '2026-11-27T19:00Z', reason: 'x' }, /both dates/],
    [{ from: '2026-11-26T20:00Z', to: '2029-11-27T19:00Z', reason: 'x' }, /at most one year/],
  ])('%j is refused', (window, sentence) => {
    expect(maintenanceProblem(window)).toMatch(sentence)
  })
})

describe('nothing ran', () => {
  const quarterly = rule({ every: 'minutes', minutes: 15 }, 'UTC')

  test('twice the interval without a sync is overdue, once is not', () => {
    const ran = new Date('2026-11-26T12:00:03Z')
    expect(overdueSince(quarterly, ran, new Date('2026-11-26T12:29:59Z'))).toBeNull()
    expect(overdueSince(quarterly, ran, new Date('2026-11-26T12:30:00Z'))?.toISOString()).toBe(
      '2026-11-26T12:30:00.000Z',
    )
  })

  test('a weekend without a start is no reason for alarm', () => {
    const weekdays = rule({ every: 'weekday', time: '06:00' }, 'UTC')
    const friday = new Date('2026-11-27T06:00:05Z')
    expect(overdueSince(weekdays, friday, new Date('2026-11-30T12:00Z'))).toBeNull()
    expect(overdueSince(weekdays, friday, new Date('2026-12-01T06:00Z'))).not.toBeNull()
  })
})

test('local text and moments of a zone belong together', () => {
  expect(isTimeZone('Asia/Kathmandu')).toBe(true)
  expect(isTimeZone('Mars/Olympus')).toBe(false)
  const moment = momentOfWallTime('Asia/Kathmandu', '2026-11-26T12:00')
  expect(new Date(moment ?? 0).toISOString()).toBe('2026-11-26T06:15:00.000Z')
  expect(wallTimeText('Asia/Kathmandu', moment ?? 0)).toBe('2026-11-26T12:00')
  expect(momentOfWallTime('UTC', '2026-02-30T12:00')).toBeNull()
  expect(momentOfWallTime('UTC', 'tomorrow')).toBeNull()
})
