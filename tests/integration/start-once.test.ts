import { afterEach, beforeEach, expect, test } from 'vitest'
import { findMissed, fireDue } from '#lib/engine/schedule'
import { startRun } from '#lib/engine/start'
import { database } from '#lib/store/database'
import { closeQueue } from '#lib/store/queue'
import type { RunTrigger } from '#lib/store/runs'
import { findSchedule, type SavedSchedule, saveSchedule } from '#lib/store/schedules'
import { insertRun, NO_OPTIONS } from '../support/run-rows.ts'
import { openWorld, type World } from '../support/world.ts'

/** One run per connection, whoever starts it and however many at once (sync-rules §2.1; guide/reliability.md 7). */
let world: World

beforeEach(async () => {
  world = await openWorld({ projects: 5, clients: 2, contacts: 2, employees: 2 })
})
afterEach(async () => {
  await closeQueue(1)
  await world.close()
})

const TEN = new Date('2026-11-26T10:00:00Z')
const minutesAfterTen = (minutes: number) => new Date(TEN.getTime() + minutes * 60_000)

async function schedule(more: Partial<SavedSchedule> = {}): Promise<void> {
  await saveSchedule({
    connectionId: world.connectionId,
    enabled: true,
    cadence: { every: 'minutes', minutes: 15 },
    timeZone: 'UTC',
    options: { ...NO_OPTIONS, includeClosed: true },
    quietHours: [],
    maintenance: [],
    nextAt: TEN,
    reconcileTime: null,
    reconcileNextAt: null,
    changedBy: 'ada@firm.example',
    ...more,
  })
}
const next = async () => (await findSchedule(world.connectionId))?.nextAt?.toISOString()
const runs = () => database().syncRun.findMany({ orderBy: { createdAt: 'asc' } })
const end = (id: string) =>
  database().syncRun.update({ where: { id }, data: { state: 'completed', finishedAt: new Date() } })

test('two workers that find the same start due fire it once, with the options of the schedule (§2.3)', async () => {
  await schedule()
  const fired = (await Promise.all([fireDue(TEN), fireDue(TEN)])).flat()
  expect(fired).toHaveLength(1)
  const [run, ...others] = await runs()
  expect(others).toEqual([])
  expect(run).toMatchObject({ trigger: 'automatic', startedBy: 'schedule', kind: 'sync' })
  expect(run?.options).toMatchObject({ includeClosed: true, preview: false })
  expect(await next()).toBe('2026-11-26T10:15:00.000Z')
  expect(await findSchedule(world.connectionId)).toMatchObject({ lastFiredAt: TEN, lastRunId: run?.id })
})

test('a worker that comes late to a start finds nothing to do, also when its run has ended already', async () => {
  await schedule()
  const [first] = await fireDue(TEN)
  await end(first?.runId ?? '')
  expect(await fireDue(minutesAfterTen(1))).toEqual([])
  expect(await runs()).toHaveLength(1)
})

test('fifty simultaneous starts from web, API, command line and schedule make one run', async () => {
  await schedule()
  const start = (trigger: RunTrigger) =>
    startRun({ connectionId: world.connectionId, trigger, startedBy: trigger, options: NO_OPTIONS })
  const triggers = Array.from({ length: 50 }, (_, index) => (['manual', 'api', 'cli', 'schedule'] as const)[index % 4])
  const ids = await Promise.all(
    triggers.map(async (trigger) => {
      if (trigger !== 'schedule') return (await start(trigger ?? 'manual')).runId
      const [fired] = await fireDue(TEN)
      return fired?.runId ?? null
    }),
  )
  const [run, ...others] = await runs()
  expect(others).toEqual([])
  expect(new Set(ids.filter((id) => id !== null))).toEqual(new Set([run?.id]))
  // The start of the schedule is used up: it fired the run or attached to it.
  expect(await next()).toBe('2026-11-26T10:15:00.000Z')
})

test('a start while a sync is going attaches to it (§2.1)', async () => {
  const going = await insertRun(world.connectionId, { state: 'running' })
  await schedule()
  expect(await fireDue(TEN)).toEqual([{ connectionId: world.connectionId, kind: 'sync', runId: going, attached: true }])
  expect(await runs()).toHaveLength(1)
  expect(await next()).toBe('2026-11-26T10:15:00.000Z')
})

test('a sync waits for a comparison that is going, and a comparison for a sync: neither is lost', async () => {
  await schedule({ reconcileTime: '10:00', reconcileNextAt: TEN })
  const [sync, ...none] = await fireDue(TEN)
  expect(sync).toMatchObject({ kind: 'sync', attached: false })
  expect(none).toEqual([])
  await end(sync?.runId ?? '')
  const [comparison] = await fireDue(minutesAfterTen(2))
  expect(comparison).toMatchObject({ kind: 'reconcile', attached: false })
  expect(await fireDue(minutesAfterTen(16))).toEqual([])
  await end(comparison?.runId ?? '')
  expect(await fireDue(minutesAfterTen(17))).toMatchObject([{ kind: 'sync', attached: false }])
  const kinds = (await runs()).map(({ kind, options }) => ({ kind, options }))
  expect(kinds).toMatchObject([
    { kind: 'sync' },
    { kind: 'reconcile', options: { includeClosed: true, allBatches: true, preview: true } },
    { kind: 'sync' },
  ])
})

test('quiet hours move a start to their end', async () => {
  const quietHours = [{ days: [], from: '10:00', to: '11:30' }]
  await schedule({ quietHours })
  expect(await fireDue(minutesAfterTen(3))).toEqual([])
  expect(await runs()).toEqual([])
  expect(await next()).toBe('2026-11-26T11:30:00.000Z')
  expect(await fireDue(minutesAfterTen(89))).toEqual([])
  expect(await fireDue(minutesAfterTen(90))).toHaveLength(1)
  expect(await next()).toBe('2026-11-26T11:45:00.000Z')
})

test('after a long outage one run makes up for all missed starts', async () => {
  await schedule()
  expect(await fireDue(minutesAfterTen(3 * 24 * 60 + 7))).toHaveLength(1)
  expect(await next()).toBe('2026-11-29T10:15:00.000Z')
})

test('a schedule that is switched off or changed meanwhile starts nothing', async () => {
  await schedule({ enabled: false })
  expect(await fireDue(TEN)).toEqual([])
  await schedule({ nextAt: minutesAfterTen(60) })
  expect(await fireDue(TEN)).toEqual([])
  expect(await runs()).toEqual([])
})

test('a sync that finds a backlog continues it with the options of the run that left it (§2.3)', async () => {
  const left = await insertRun(world.connectionId, {
    state: 'more_batches',
    options: { mapUnsynced: true, whenNoMatch: 'create' },
    batches: { remainingProjects: 3, remainingRuns: 1 },
  })
  await schedule()
  await fireDue(TEN)
  const [, run] = await runs()
  expect(run).toMatchObject({ continuesRunId: left, options: { mapUnsynced: true, whenNoMatch: 'create' } })
})

test('a connection of which nothing ran for twice its interval is named, one that is at work is not', async () => {
  await schedule()
  await database().schedule.updateMany({ data: { changedAt: minutesAfterTen(-60) } })
  expect(await findMissed(minutesAfterTen(-31))).toEqual([])
  expect(await findMissed(TEN)).toMatchObject([{ connectionName: 'Test pair', since: minutesAfterTen(-30) }])
  const run = await insertRun(world.connectionId, { state: 'running', createdAt: minutesAfterTen(-50) })
  expect(await findMissed(TEN)).toEqual([])
  await end(run)
  expect(await findMissed(TEN)).toMatchObject([{ since: minutesAfterTen(-30) }])
})

test('what an outage has cost is told, and that it is over, with the sync that makes up for it', async () => {
  await schedule()
  await database().schedule.updateMany({ data: { changedAt: minutesAfterTen(-60) } })
  const [fired] = await fireDue(minutesAfterTen(60))
  expect(fired).toMatchObject({ kind: 'sync', attached: false })
  const told = await database().alert.findMany({ where: { kind: 'nothing_ran' } })
  expect(told).toMatchObject([{ message: expect.stringContaining('since 2026-11-26 09:00 (UTC)') }])
  expect(told[0]?.recoveredAt).not.toBeNull()
  await database().syncRun.updateMany({ data: { createdAt: minutesAfterTen(60) } })
  await fireDue(minutesAfterTen(61))
  expect(await database().alert.count({ where: { recoveredAt: null } })).toBe(0)
})
