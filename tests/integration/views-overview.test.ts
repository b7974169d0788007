import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import {
  countForReview,
  findLastCheck,
  listOpenProblems,
  outcomesPerDay,
  recentActivity,
} from '#lib/store/views-overview'
import { insertConnection, insertFindings, insertLines, insertPairs } from '../support/console-rows.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { counts, insertItems, insertRun } from '../support/run-rows.ts'

let testDatabase: TestDatabase

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  await connectDatabase(testDatabase.url)
})

afterAll(async () => {
  await closeDatabase()
  await testDatabase.drop()
})

describe('the last check of both systems', () => {
  test('there is none before the first run has begun', async () => {
    const connectionId = await insertConnection()
    expect(await findLastCheck(connectionId)).toBeNull()
    await insertRun(connectionId, { state: 'queued' })
    expect(await findLastCheck(connectionId)).toBeNull()
  })

  test('a run that got past it has passed, also when it failed later', async () => {
    const connectionId = await insertConnection()
    const runId = await insertRun(connectionId, { state: 'failed', done: ['preflight', 'read-erp:employee'] })
    expect(await findLastCheck(connectionId)).toMatchObject({ runId, passed: true, findings: [] })
  })

  test('a failed one names what was found, errors before warnings, and nothing else of that run', async () => {
    const connectionId = await insertConnection()
    const createdAt = new Date('2026-05-04T09:59:00Z')
    const runId = await insertRun(connectionId, { state: 'failed', createdAt })
    await insertLines(connectionId, [
      { runId, severity: 'warning', code: 'CW-1006', message: 'The clocks differ.' },
      { runId, severity: 'error', code: 'CW-1001', message: 'Ajera cannot be reached.' },
      { runId, severity: 'error', code: 'CW-1009', message: 'The sync stopped.' },
    ])
    expect(await findLastCheck(connectionId)).toMatchObject({
      passed: false,
      findings: [
        { severity: 'error', code: 'CW-1001', message: 'Ajera cannot be reached.' },
        { severity: 'warning', code: 'CW-1006', message: 'The clocks differ.' },
      ],
    })
  })

  test('while a run is still checking, nothing is claimed', async () => {
    const connectionId = await insertConnection()
    await insertRun(connectionId, { state: 'running' })
    expect(await findLastCheck(connectionId)).toMatchObject({ passed: null })
  })
})

test('open problems count pairs whose last attempt failed and creates that failed and have no pair since, once each', async () => {
  const connectionId = await insertConnection()
  await insertPairs(connectionId, [
    { erpKey: '1' },
    { erpKey: '2' },
    { erpKey: '3' },
    { erpKey: '4', removedAt: new Date() },
    { type: 'client', erpKey: '9' },
  ])
  await database().crmMapping.updateMany({
    where: { connectionId, erpKey: { in: ['1', '2', '4', '9'] } },
    data: { lastProblem: 'CW-1118' },
  })
  const older = await insertRun(connectionId, { createdAt: new Date(Date.now() - 60_000) })
  await insertItems(connectionId, older, [
    { erpKey: '70', action: 'create', outcome: 'failed', problemCode: 'CW-1113', crmId: null },
    { erpKey: '71', action: 'create', outcome: 'failed', problemCode: 'CW-1104', crmId: null },
  ])
  const newest = await insertRun(connectionId)
  await insertItems(connectionId, newest, [
    { erpKey: '71', action: 'create', outcome: 'failed', problemCode: 'CW-1113', crmId: null },
    { erpKey: '3', action: 'create', outcome: 'failed', problemCode: 'CW-1113' },
    { erpKey: '1', outcome: 'failed', problemCode: 'CW-1118' },
  ])
  // A run that was cancelled before it came to any create does not make the failed ones disappear.
  await insertRun(connectionId, { state: 'cancelled', createdAt: new Date(Date.now() + 1_000) })
  const problems = await listOpenProblems(connectionId)
  expect(problems).toEqual([
    { code: 'CW-1118', count: 3, types: ['client', 'project'] },
    { code: 'CW-1113', count: 2, types: ['project'] },
  ])
})

test('findings for review are counted by kind', async () => {
  const connectionId = await insertConnection()
  await insertFindings(connectionId, [
    { erpKey: '1', kind: 'no_match' },
    { erpKey: '2', kind: 'no_match' },
    { erpKey: '3', kind: 'ambiguous' },
  ])
  expect(await countForReview(connectionId)).toEqual({ noMatch: 2, ambiguous: 1 })
})

test('outcomes per day add the runs of a UTC day, keep quiet days and leave previews out', async () => {
  const connectionId = await insertConnection()
  const now = new Date('2026-05-14T00:30:00Z')
  const at = (createdAt: string, updated: number, state: 'completed' | 'previewed' = 'completed') =>
    insertRun(connectionId, {
      createdAt: new Date(createdAt),
      state,
      counters: { project: counts({ updated, unchanged: 1000 }), client: counts({ created: 1, failed: 2 }) },
    })
  await at('2026-05-14T00:10:00Z', 5)
  await at('2026-05-13T23:50:00Z', 7)
  await at('2026-05-13T00:00:00Z', 11)
  await at('2026-05-13T12:00:00Z', 500, 'previewed')
  await at('2026-04-30T23:59:59Z', 900)
  await insertRun(connectionId, { createdAt: new Date('2026-05-12T08:00:00Z'), state: 'failed' })
  const days = await outcomesPerDay(connectionId, 14, now)
  expect(days).toHaveLength(14)
  expect(days.at(0)?.day).toBe('2026-05-01')
  const nothing = { created: 0, updated: 0, mapped: 0, conflict: 0, failed: 0 }
  expect(days.slice(-4)).toEqual([
    { day: '2026-05-11', runs: 0, ...nothing },
    { day: '2026-05-12', runs: 1, ...nothing },
    { day: '2026-05-13', runs: 2, ...nothing, updated: 18, created: 2, failed: 4 },
    { day: '2026-05-14', runs: 1, ...nothing, updated: 5, created: 1, failed: 2 },
  ])
  expect(days[0]).toEqual({ day: '2026-05-01', runs: 0, ...nothing })
})

test('recent activity is the end of the audit trail, newest first', async () => {
  for (const action of ['run.start', 'mapping.pair', 'run.cancel']) {
    await database().auditEvent.create({ data: { actor: 'ada@firm.example', action, hash: action } })
  }
  expect((await recentActivity(2)).map((event) => event.action)).toEqual(['run.cancel', 'mapping.pair'])
})
