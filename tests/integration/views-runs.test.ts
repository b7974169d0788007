import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import {
  countRunItems,
  groupRunProblems,
  listRunItems,
  type RunItemFilter,
  type RunItemView,
  tallyRunBatches,
  tallyRunItems,
} from '#lib/store/views-run-items'
import { findBacklog, findOpenRunView, findRunView, lastRuns, runProgress } from '#lib/store/views-runs'
import { countForSyncForm } from '#lib/store/views-sync-counts'
import { insertConnection, insertLines, insertPairs, insertProject } from '../support/console-rows.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { counts, insertItems, insertRun, NO_OPTIONS } from '../support/run-rows.ts'

let testDatabase: TestDatabase

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  await connectDatabase(testDatabase.url)
})

afterAll(async () => {
  await closeDatabase()
  await testDatabase.drop()
})

const EVERYTHING: RunItemFilter = { type: null, outcome: null, problem: null, text: null }

function minutesAgo(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000)
}

describe('one run', () => {
  test('carries every fact its page shows, with zeros for types it has not come to', async () => {
    const connectionId = await insertConnection('Two offices')
    const earlier = await insertRun(connectionId, { createdAt: minutesAgo(9) })
    const id = await insertRun(connectionId, {
      state: 'more_batches',
      trigger: 'cli',
      startedBy: 'cli',
      options: { mapUnsynced: true, whenNoMatch: 'create' },
      counters: { project: counts({ updated: 498, failed: 2, notReached: 1100 }) },
      firstTime: { project: true, client: false },
      batches: { done: 1, planned: 4, remainingProjects: 1100, remainingRuns: 3 },
      apiCalls: { erp: 41, crm: 530 },
      continuesRunId: earlier,
      message: 'The sync contained more than 500 projects.',
    })
    const run = await findRunView(id)
    expect(run).toMatchObject({
      connectionName: 'Two offices',
      erpName: 'Ajera',
      crmName: 'Vantagepoint',
      state: 'more_batches',
      trigger: 'cli',
      options: { ...NO_OPTIONS, mapUnsynced: true, whenNoMatch: 'create' },
      continuesRunId: earlier,
      firstTimeTypes: ['project'],
      batches: { size: 500, done: 1, planned: 4, remainingProjects: 1100, remainingRuns: 3 },
      apiCalls: { erp: 41, crm: 530 },
      progress: null,
      cancelRequested: false,
    })
    expect(run?.counts.project.considered).toBe(1600)
    expect(run?.counts.client).toEqual(counts({}))
  })

  test.each(['', 'nonsense', '7', "' OR 1=1 --", '0190f3c1-0000-7000-8000-000000000000'])(
    'an id that names no run (%j) answers nothing instead of failing',
    async (id) => {
      expect(await findRunView(id)).toBeNull()
      expect(await runProgress(id)).toBeNull()
    },
  )

  test('the live view of a run says what is being done and whether a cancel was asked for', async () => {
    const connectionId = await insertConnection()
    const id = await insertRun(connectionId, {
      state: 'running',
      phase: 'read-erp',
      progress: { label: 'Reading projects from Ajera', done: 400, of: 1700 },
      cancelRequestedBy: 'ada@firm.example',
    })
    const live = await runProgress(id)
    expect(live).toMatchObject({
      state: 'running',
      phase: 'read-erp',
      progress: { label: 'Reading projects from Ajera', done: 400, of: 1700 },
      cancelRequested: true,
      finishedAt: null,
    })
    expect(JSON.parse(JSON.stringify(live))).toEqual(live)
  })
})

describe('the runs of a connection', () => {
  test('the last ten come newest first, and another connection’s runs are not among them', async () => {
    const connectionId = await insertConnection()
    const other = await insertConnection()
    await insertRun(other)
    const ids: string[] = []
    for (let age = 12; age > 0; age -= 1) ids.push(await insertRun(connectionId, { createdAt: minutesAgo(age) }))
    const listed = (await lastRuns(connectionId)).map((run) => run.id)
    expect(listed).toEqual(ids.reverse().slice(0, 10))
  })

  test('the open run is the one that is queued or running', async () => {
    const connectionId = await insertConnection()
    await insertRun(connectionId, { createdAt: minutesAgo(5) })
    expect(await findOpenRunView(connectionId)).toBeNull()
    const queued = await insertRun(connectionId, { state: 'queued' })
    expect((await findOpenRunView(connectionId))?.id).toBe(queued)
  })

  test('a backlog is what the newest finished run left, with the options the next run continues with', async () => {
    const connectionId = await insertConnection()
    const id = await insertRun(connectionId, {
      state: 'more_batches',
      options: { includeClosed: true },
      batches: { remainingProjects: 700, remainingRuns: 2 },
      message: 'Please re-run.',
      createdAt: minutesAgo(8),
    })
    const backlog = { runId: id, projects: 700, runs: 2, message: 'Please re-run.', options: { includeClosed: true } }
    expect(await findBacklog(connectionId)).toMatchObject(backlog)
    await insertRun(connectionId, { state: 'previewed', createdAt: minutesAgo(6) })
    expect(await findBacklog(connectionId)).toMatchObject(backlog)
    await insertRun(connectionId, { createdAt: minutesAgo(4) })
    expect(await findBacklog(connectionId)).toBeNull()
  })
})

describe('the items of a run', () => {
  async function runWithItems(): Promise<string> {
    const connectionId = await insertConnection()
    const runId = await insertRun(connectionId)
    const projects = Array.from({ length: 23 }, (_, index) => ({
      erpKey: String(100 + index),
      batch: index < 20 ? 1 : 2,
      position: index + 1,
      ...(index % 10 === 3 ? { outcome: 'failed' as const, problemCode: 'CW-1114' } : {}),
      ...(index === 22 ? { outcome: 'waiting' as const } : {}),
    }))
    // The same positions occur in every type, and twice within one: updates and creates are numbered apart.
    await insertItems(connectionId, runId, [
      ...projects,
      { erpKey: '900', position: 1, action: 'create', outcome: 'created', erpName: '100% Harbour_House' },
      { type: 'client', erpKey: '4711', erpName: 'Acme Supplies', position: 1 },
      { type: 'employee', erpKey: '4711', erpName: 'Mary Jones', position: 1, outcome: 'created', action: 'create' },
    ])
    return runId
  }

  async function walk(runId: string, filter: RunItemFilter, size: number): Promise<RunItemView[]> {
    const seen: RunItemView[] = []
    let after: string | null = null
    do {
      const page = await listRunItems(runId, filter, { size, after })
      seen.push(...page.rows)
      after = page.next
    } while (after !== null)
    return seen
  }

  test.each([1, 4, 7, 100])('walking in pages of %i shows each item once, in sending order', async (size) => {
    const runId = await runWithItems()
    const seen = await walk(runId, EVERYTHING, size)
    expect(seen.map((item) => item.type).slice(0, 3)).toEqual(['employee', 'client', 'project'])
    expect(new Set(seen.map((item) => item.id)).size).toBe(26)
    const positions = seen.filter((item) => item.type === 'project').map((item) => item.position)
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
  })

  test('walking back shows the page one came from', async () => {
    const runId = await runWithItems()
    const first = await listRunItems(runId, EVERYTHING, { size: 8 })
    const second = await listRunItems(runId, EVERYTHING, { size: 8, after: first.next })
    const back = await listRunItems(runId, EVERYTHING, { size: 8, before: second.previous })
    expect(back.rows.map((item) => item.id)).toEqual(first.rows.map((item) => item.id))
    expect(back.previous).toBeNull()
    expect(back.position).toBe(1)
  })

  test('a link to a place nobody made answers the first page and says so', async () => {
    const runId = await runWithItems()
    const page = await listRunItems(runId, EVERYTHING, { size: 5, after: 'bm9uc2Vuc2U' })
    expect(page).toMatchObject({ badPlace: true, previous: null, position: 1 })
    expect(page.rows).toHaveLength(5)
  })

  test('filters by type, outcome and problem all hold at once', async () => {
    const runId = await runWithItems()
    const failed = await walk(runId, { ...EVERYTHING, type: 'project', outcome: 'failed', problem: 'CW-1114' }, 50)
    expect(failed.map((item) => item.erpKey)).toEqual(['103', '113'])
    expect(await walk(runId, { ...EVERYTHING, outcome: 'waiting' }, 50)).toHaveLength(1)
    expect(await walk(runId, { ...EVERYTHING, type: 'contact' }, 50)).toEqual([])
  })

  test('a text is sought in the name with its wildcards taken literally, and compared with both keys', async () => {
    const runId = await runWithItems()
    const found = async (text: string) => {
      const items = await walk(runId, { ...EVERYTHING, text }, 50)
      expect(await countRunItems(runId, { ...EVERYTHING, text })).toBe(items.length)
      return items.map((item) => item.erpKey)
    }
    expect(await found('0% harbour_')).toEqual(['900'])
    expect(await found('4711')).toEqual(['4711', '4711'])
    expect(await found('P-105')).toEqual(['105'])
  })

  test('the tally counts every item once', async () => {
    const runId = await runWithItems()
    const tally = await tallyRunItems(runId)
    expect(tally.reduce((sum, part) => sum + part.count, 0)).toBe(26)
    expect(tally).toContainEqual({ type: 'project', outcome: 'failed', problemCode: 'CW-1114', count: 2 })
    expect(tally).toContainEqual({ type: 'project', outcome: 'waiting', problemCode: null, count: 1 })
  })

  test('a batch of the strip counts its projects, its failures and what still waits', async () => {
    expect(await tallyRunBatches(await runWithItems())).toEqual([
      { batch: 1, projects: 20, failed: 2, waiting: 0 },
      { batch: 2, projects: 3, failed: 0, waiting: 1 },
    ])
  })
})

test('problems of a run are grouped by code: errors first, the frequent first, with the first five of each', async () => {
  const connectionId = await insertConnection()
  const runId = await insertRun(connectionId, { createdAt: new Date('2026-05-04T09:00:00Z') })
  const line = (code: string, severity: 'error' | 'warning' | 'info', index: number) => ({
    runId,
    code,
    severity,
    erpName: `Record ${index}`,
    message: `Message ${index}`,
    at: `2026-05-04T10:00:0${index}.000001Z`,
  })
  await insertLines(connectionId, [
    ...[7, 6, 5, 4, 3, 2, 1].map((index) => line('CW-1301', 'warning', index)),
    line('CW-1114', 'error', 1),
    line('CW-1101', 'error', 2),
    line('CW-1101', 'error', 3),
    line('CW-1001', 'info', 4),
    { ...line('CW-1114', 'error', 5), runId: null },
  ])
  const groups = await groupRunProblems(runId)
  expect(groups.map(({ code, severity, count }) => [code, severity, count])).toEqual([
    ['CW-1101', 'error', 2],
    ['CW-1114', 'error', 1],
    ['CW-1301', 'warning', 7],
  ])
  expect(groups[2]?.examples.map((example) => example.message)).toEqual(
    [1, 2, 3, 4, 5].map((index) => `Message ${index}`),
  )
})

test('the form’s counts follow the flag, the pair’s own switch, closed projects and removed pairs', async () => {
  const connectionId = await insertConnection()
  expect(await countForSyncForm(connectionId)).toMatchObject({ hasRead: false, projects: 0 })
  for (const key of ['1', '2', '3', '4', '5', '6', '7']) {
    await insertProject(connectionId, { key, name: `P ${key}`, syncToCrm: ['1', '2', '5', '6'].includes(key) })
  }
  await database().project.updateMany({ where: { connectionId, key: '2' }, data: { closed: true } })
  await insertPairs(connectionId, [
    { erpKey: '1' },
    { erpKey: '2' },
    { erpKey: '3' },
    { erpKey: '4' },
    { erpKey: '5', removedAt: new Date() },
  ])
  // Project 3 was paired by a run with *Map unsynced*: its pair carries the switch that Ajera's flag does not have yet.
  await database().crmMapping.updateMany({
    where: { connectionId, erpKey: '3' },
    data: { syncOverride: true, overriddenFlag: false },
  })
  expect(await countForSyncForm(connectionId)).toEqual({
    hasRead: true,
    projects: 7,
    mappedOn: 2,
    mappedClosed: 1,
    unmappedOff: 1,
    unmappedOn: 2,
  })
})
