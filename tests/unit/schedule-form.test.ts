import { describe, expect, test } from 'vitest'
import { cadenceWords, zonedWords } from '#app/(console)/settings/schedule/schedule-words.ts'
import { readScheduleForm } from '#app/(console)/settings/schedule/schema.ts'
import { startValues } from '#app/(console)/settings/schedule/start-values.ts'
import { startsView } from '#app/(console)/settings/schedule/starts-view.ts'
import type { Schedule } from '#lib/store/schedules'
import { NO_OPTIONS } from '../support/run-rows.ts'

const NOW = new Date('2026-11-26T12:00:00Z')
const CONNECTION = '019a8f2e-1c2d-7e8f-9a0b-1c2d3e4f5a6b'

/** What a browser posts: every field of the form, those that are not shown included. */
const posted = {
  connectionId: CONNECTION,
  intent: 'save',
  ...startValues(null, { timeZone: 'America/New_York', options: NO_OPTIONS, driftPercent: 5 }),
}
function read(changes: Record<string, string> = {}) {
  return readScheduleForm({ ...posted, ...changes }, NOW)
}
function problems(changes: Record<string, string>): Readonly<Record<string, string | undefined>> {
  const answer = read(changes)
  return answer.ok ? {} : answer.fields
}

test('the form as it is first shown can be saved, and starts nothing by itself', () => {
  expect(read()).toMatchObject({ ok: true, draft: { enabled: false, reconcileTime: null, driftPercent: 5 } })
})

test('what is saved is shown again as it was entered', () => {
  const answer = read({
    enabled: 'on',
    cadence: 'chosen-days',
    on1: 'on',
    on4: 'on',
    chosenTime: '07:15',
    includeClosed: 'on',
    reconcile: 'on',
    reconcileTime: '03:30',
    quietFrom0: '22:00',
    quietTo0: '06:00',
    quietDays0: 'weekdays',
    windowFrom0: '2026-12-01T20:00',
    windowTo0: '2026-12-02T04:00',
    windowReason0: 'Upgrade',
  })
  if (!answer.ok) throw new Error(answer.error)
  expect(answer.draft).toMatchObject({
    cadence: { every: 'chosen-days', days: [1, 4], time: '07:15' },
    options: { ...NO_OPTIONS, includeClosed: true },
    quietHours: [{ days: [1, 2, 3, 4, 5], from: '22:00', to: '06:00' }],
    maintenance: [{ from: '2026-12-02T01:00:00.000Z', to: '2026-12-02T09:00:00.000Z', reason: 'Upgrade' }],
    reconcileTime: '03:30',
  })
  const saved = { ...answer.draft, connectionId: CONNECTION } as unknown as Schedule
  const shown = startValues(saved, { timeZone: 'UTC', options: NO_OPTIONS, driftPercent: 5 })
  expect(readScheduleForm({ ...posted, ...shown }, NOW)).toEqual(answer)
})

describe('a form that cannot be used is refused at the field', () => {
  test.each<[Record<string, string>, string]>([
    [{ cadence: 'minutes', minutes: '3' }, 'cadence-minutes'],
    [{ cadence: 'minutes', minutes: 'often' }, 'cadence-minutes'],
    [{ cadence: 'hour', minute: '75' }, 'cadence-hour'],
    [{ cadence: 'day', dayTime: '' }, 'cadence-day'],
    [{ cadence: 'chosen-days' }, 'cadence-chosen-days'],
    [{ cadence: 'cron', expression: '* * *' }, 'cadence-cron'],
    [{ cadence: 'never' }, 'cadence'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ quietFrom2: '22:00' }, 'quiet2'],
    [{ windowReason1: 'Upgrade' }, 'window1'],
    [{ reconcile: 'on', reconcileTime: 'late' }, 'reconcileTime'],
    [{ driftPercent: '250' }, 'driftPercent'],
    [{ quietFrom0: '00:00', quietTo0: '12:00', quietFrom1: '12:00', quietTo1: '00:00' }, 'quiet'],
  ])('%j', (changes, field) => {
    expect(Object.keys(problems(changes))).toEqual([field])
  })
})

test('a form with fields that its page does not have is refused in a sentence that names them', () => {
  expect(read({ isAdmin: 'true' })).toMatchObject({ error: expect.stringMatching(/do not belong to it \(isAdmin\)/) })
  expect(read({ quietFrom9: '22:00' })).toMatchObject({ error: expect.stringContaining('quietFrom9') })
})

test('maintenance that is over is left out of what is saved', () => {
  const answer = read({ windowFrom0: '2026-11-01T20:00', windowTo0: '2026-11-02T04:00', windowReason0: 'Upgrade' })
  expect(answer).toMatchObject({ ok: true, draft: { maintenance: [] } })
})

test('the next starts are told in the time of the schedule', () => {
  const answer = read({ cadence: 'weekday', weekdayTime: '06:00', reconcile: 'on', reconcileTime: '02:00' })
  if (!answer.ok) throw new Error(answer.error)
  const view = startsView(answer.draft, NOW)
  expect(view.syncs.map(({ text }) => text)).toEqual([
    'Fri, Nov 27, 06:00 EST',
    'Mon, Nov 30, 06:00 EST',
    'Tue, Dec 1, 06:00 EST',
    'Wed, Dec 2, 06:00 EST',
    'Thu, Dec 3, 06:00 EST',
  ])
  expect(view.comparison?.text).toBe('Fri, Nov 27, 02:00 EST')
  expect(cadenceWords({ every: 'chosen-days', days: [0, 3], time: '06:00' })).toBe('Wed, Sun at 06:00')
  expect(zonedWords(new Date('2026-07-01T04:30Z'), 'Asia/Kathmandu')).toBe('Wed, Jul 1, 10:15 GMT+5:45')
})
