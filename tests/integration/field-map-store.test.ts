import { afterAll, beforeAll, expect, test } from 'vitest'
import { fieldMapOf, readConnectionMap, shownFieldMap } from '#lib/connection-field-map'
import { openPorts } from '#lib/console'
import { defaultFieldMap } from '#lib/default-field-map'
import { RunBroken } from '#lib/engine/context'
import { startRun } from '#lib/engine/start'
import { OperatorProblem } from '#lib/ops/operator-problem'
import { verifyAuditChain } from '#lib/store/audit'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { type MapSaved, mapVersion, resetFieldMap, saveFieldMap } from '#lib/store/field-map'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { RecordType } from '#lib/sync/records'
import { insertConnection, insertPairs } from '../support/console-rows.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { NO_OPTIONS } from '../support/world.ts'

let testDatabase: TestDatabase
let connectionId: string
beforeAll(async () => {
  testDatabase = await createTestDatabase()
  process.env.DATABASE_URL = testDatabase.url
  await connectDatabase(testDatabase.url)
})
afterAll(async () => {
  await closeDatabase()
  await testDatabase.drop()
})

async function open(): Promise<void> {
  connectionId = await insertConnection()
}

const region: FieldMapEntry = {
  erp: '',
  crm: 'CustRegion',
  owner: 'erp',
  transform: { kind: 'text' },
  label: 'Region',
  constant: 'North',
}

async function save(type: RecordType, entries: readonly FieldMapEntry[], expected?: string): Promise<MapSaved> {
  const current = (await readConnectionMap(connectionId)).fieldMap[type]
  const at = { connectionId, type, by: 'ann@example.com', defaults: defaultFieldMap }
  return saveFieldMap({ ...at, entries, expected: expected ?? mapVersion(current) })
}

async function reset(type: RecordType): Promise<MapSaved> {
  const expected = mapVersion((await readConnectionMap(connectionId)).fieldMap[type])
  return resetFieldMap({ connectionId, type, by: 'ann@example.com', defaults: defaultFieldMap, expected })
}

async function lastAudit() {
  return database().auditEvent.findFirst({ orderBy: { seq: 'desc' } })
}

test('a connection without rows of its own has the default map for every type', async () => {
  await open()
  expect(await readConnectionMap(connectionId)).toEqual({ fieldMap: defaultFieldMap, own: [], problems: [] })
})

test('every entry of every default map comes back from the database as it was saved', async () => {
  await open()
  for (const type of ['project', 'client', 'vendor', 'contact', 'employee'] as const) {
    const entries = [...defaultFieldMap[type], { ...region, onlyIfEmpty: true }]
    expect((await save(type, entries)).ok).toBe(true)
    expect((await fieldMapOf(connectionId))[type]).toEqual(entries)
  }
  const other = await insertConnection()
  expect(await fieldMapOf(other)).toEqual(defaultFieldMap)
})

test('a saved map lets the pairs of its type, and of no other, be compared again (§5.1)', async () => {
  await open()
  await insertPairs(connectionId, [
    { erpKey: '1' },
    { erpKey: '2', removedAt: new Date() },
    { type: 'client', erpKey: '3' },
  ])
  const settled = { settledErpHash: 'a', settledCrmHash: 'b' }
  await database().crmMapping.updateMany({ where: { connectionId }, data: settled })
  await database().watermark.createMany({
    data: (['project', 'client'] as const).map((type) => ({ connectionId, type, side: 'erp', value: new Date() })),
  })
  await save('project', [...defaultFieldMap.project, region])
  const rows = await database().crmMapping.findMany({ where: { connectionId }, orderBy: { erpKey: 'asc' } })
  expect(rows.map((row) => [row.settledErpHash, row.settledCrmHash])).toEqual([
    [null, null],
    ['a', 'b'],
    ['a', 'b'],
  ])
  const marks = await database().watermark.findMany({ where: { connectionId }, orderBy: { type: 'asc' } })
  expect(marks.map((mark) => [mark.type, mark.value === null])).toEqual([
    ['client', false],
    ['project', true],
  ])
})

test('another order or label is saved and makes nothing due', async () => {
  await open()
  await insertPairs(connectionId, [{ erpKey: '1' }])
  await database().crmMapping.updateMany({ where: { connectionId }, data: { settledErpHash: 'a' } })
  const [first, ...rest] = defaultFieldMap.project
  if (!first) throw new Error('The default map is empty.')
  await save('project', [...rest, { ...first, label: 'No.' }])
  expect((await fieldMapOf(connectionId)).project.at(-1)?.label).toBe('No.')
  expect((await database().crmMapping.findFirst({ where: { connectionId } }))?.settledErpHash).toBe('a')
})

test('the audit trail says who changed which entries, and nothing is written where nothing changed', async () => {
  await open()
  const [first, ...rest] = defaultFieldMap.client
  if (!first) throw new Error('The default map is empty.')
  await save('client', [...rest, region])
  const event = await lastAudit()
  expect(event).toMatchObject({ actor: 'ann@example.com', action: 'field-map.save', subject: connectionId })
  expect(event?.details).toMatchObject({
    type: 'client',
    added: [{ crm: 'CustRegion' }],
    removed: [{ crm: first.crm }],
  })
  await save('client', [...rest, region])
  expect((await lastAudit())?.seq).toBe(event?.seq)
  expect((await verifyAuditChain()).ok).toBe(true)
})

test('a map set back to the default leaves no row and tells what it undid', async () => {
  await open()
  await save('client', [...defaultFieldMap.client, region])
  const answer = await reset('client')
  expect(answer).toMatchObject({ ok: true, changes: { removed: [region] } })
  expect(await database().fieldMapEntry.count({ where: { connectionId } })).toBe(0)
  expect(await lastAudit()).toMatchObject({ action: 'field-map.reset' })
})

test('an edit made on an old page is refused, and of two at once one is', async () => {
  await open()
  const version = mapVersion(defaultFieldMap.client)
  const one = { ...region, crm: 'CustOne' }
  const two = { ...region, crm: 'CustTwo' }
  const answers = await Promise.all(
    [one, two].map((entry) => save('client', [...defaultFieldMap.client, entry], version)),
  )
  expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
  expect(answers.find((answer) => !answer.ok)).toEqual({ ok: false, reason: 'stale' })
})

test('a map is not changed under a run, and a run that starts meanwhile waits for the map (§2.1)', async () => {
  await open()
  const start = () => startRun({ connectionId, trigger: 'cli', startedBy: 'test', options: NO_OPTIONS })
  const [saved, started] = await Promise.all([save('client', [...defaultFieldMap.client, region]), start()])
  expect(started.ok).toBe(true)
  expect(saved.ok === (await fieldMapOf(connectionId)).client.length > defaultFieldMap.client.length).toBe(true)
  const refused = await save('client', defaultFieldMap.client.slice(1))
  expect(refused).toEqual({ ok: false, reason: 'run-open', runId: started.runId })
  expect(await reset('client')).toMatchObject({ ok: false, reason: 'run-open' })
})

test('nothing of a map is saved where a part of it cannot be', async () => {
  await open()
  await save('client', [...defaultFieldMap.client, region])
  const before = await fieldMapOf(connectionId)
  const twice = [...defaultFieldMap.client, region, { ...region, constant: 'South' }]
  await expect(save('client', twice)).rejects.toThrow()
  expect(await fieldMapOf(connectionId)).toEqual(before)
})

test.each([
  ['a transform from another version', { transform: { kind: 'roman-numerals' } }, /a transform that is not known here/],
  ['a role from another version', { role: 'captain' }, /a role that is not known here \(captain\)/],
])('%s is a sentence for the operator and not a crash; screens show the default', async (_, data, words) => {
  await open()
  await save('client', [...defaultFieldMap.client, region])
  await database().fieldMapEntry.updateMany({ where: { connectionId, crm: 'CustRegion' }, data })
  await expect(fieldMapOf(connectionId)).rejects.toThrow(OperatorProblem)
  await expect(fieldMapOf(connectionId)).rejects.toThrow(/client records .* CustRegion .*Settings, Field map/)
  await expect(fieldMapOf(connectionId)).rejects.toThrow(words)
  await expect(openPorts(connectionId)).rejects.toThrow(RunBroken)
  expect(await shownFieldMap(connectionId)).toEqual(defaultFieldMap)
  expect((await reset('client')).ok).toBe(true)
  expect(await readConnectionMap(connectionId)).toMatchObject({ own: [], problems: [] })
})
