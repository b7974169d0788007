import { randomUUIDv7 } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type OpenPorts, RunBroken } from '#lib/engine/context'
import { restoreMapping } from '#lib/engine/restore'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { findUnpairedErpRecords } from '#lib/store/erp-records'
import { linkPair, neverMatch, unlinkPair } from '#lib/store/pairing'
import { allowCreateAgain, restorePair } from '#lib/store/restoring'
import type { CrmRecord } from '#lib/sync/records'
import { insertConnection, insertCrmRecord, insertPairs, insertProject } from '../support/console-rows.ts'
import { createTestDatabase } from '../support/database.ts'

let drop: () => Promise<void>
let connectionId: string

beforeAll(async () => {
  const created = await createTestDatabase()
  drop = created.drop
  await connectDatabase(created.url)
})

afterAll(async () => {
  await closeDatabase()
  await drop()
})

const YESTERDAY = new Date(Date.now() - 24 * 60 * 60 * 1000)

beforeEach(async () => {
  connectionId = await insertConnection()
  await insertProject(connectionId, { key: '1042', name: 'Harbor Point Library' })
  await insertProject(connectionId, { key: '1043', name: 'Mill Creek' })
  await insertCrmRecord(connectionId, { id: '2021-014', name: 'Harbor Point Library', goneAt: YESTERDAY })
  await insertCrmRecord(connectionId, { id: '2021-015', name: 'Mill Creek' })
  await insertPairs(connectionId, [
    { erpKey: '1042', crmId: '2021-014', removedAt: YESTERDAY, base: { Name: 'Harbor Point Library', Memo: 'agreed' } },
  ])
})

const by = 'anna@firm.example'
const asked = () => ({ connectionId, type: 'project' as const, erpKey: '1042', by })
const living = () => database().crmMapping.findMany({ where: { connectionId, removedAt: null } })

async function removedId(): Promise<string> {
  const row = await database().crmMapping.findFirstOrThrow({ where: { connectionId, removedAt: { not: null } } })
  return row.id
}

const RECORD: CrmRecord = {
  type: 'project',
  id: '2021-014',
  name: 'Harbor Point Library',
  longName: null,
  externalKey: '1042',
  syncFlag: true,
  fields: { Memo: 'as it is now' },
  modifiedAt: null,
  createdAt: null,
}

const found = { record: RECORD, contentHash: 'now' }

test('a restored pair lives again with its base, and the removed row stays as its history (§8.4)', async () => {
  const result = await restorePair({ ...asked(), mappingId: await removedId(), found })
  expect(result.ok).toBe(true)
  const [pair, ...more] = await living()
  expect(more).toEqual([])
  expect(pair).toMatchObject({
    erpKey: '1042',
    crmId: '2021-014',
    matchedBy: 'person',
    createdBy: by,
    base: { Name: 'Harbor Point Library', Memo: 'agreed' },
    settledErpHash: null,
    settledCrmHash: null,
  })
  expect(await database().crmMapping.count({ where: { connectionId, removedAt: { not: null } } })).toBe(1)
  const stored = await database().crmRecord.findFirstOrThrow({ where: { connectionId, id: '2021-014' } })
  expect(stored).toMatchObject({ goneAt: null, fields: { Memo: 'as it is now' } })
  const [line] = await database().integrationLogEntry.findMany({ where: { connectionId } })
  expect(line).toMatchObject({ method: 'Map Project', erpKey: '1042', crmId: '2021-014', severity: 'info' })
  expect(line?.message).toContain(
    'Project “Harbor Point Library” (1042) was paired with “Harbor Point Library” (2021-014)',
  )
  const [event] = await database().auditEvent.findMany({
    where: { details: { path: ['connectionId'], equals: connectionId } },
  })
  expect(event).toMatchObject({ actor: by, action: 'mapping.restore', subject: 'project 1042' })
})

test('a pair is not restored when either side has another one meanwhile (§4.7, §8.4)', async () => {
  const mappingId = await removedId()
  await linkPair({ ...asked(), crmId: '2021-015' })
  expect(await restorePair({ ...asked(), mappingId, found })).toMatchObject({ ok: false, reason: 'erp-already-paired' })
  await unlinkPair(asked())
  await database().crmRecord.updateMany({ where: { connectionId, id: '2021-014' }, data: { goneAt: null } })
  await linkPair({ ...asked(), erpKey: '1043', crmId: '2021-014' })
  expect(await restorePair({ ...asked(), mappingId, found })).toMatchObject({ ok: false, reason: 'crm-already-paired' })
  expect(await living()).toHaveLength(1)
})

test('two people who restore the same pair at once make one (§4.7)', async () => {
  const mappingId = await removedId()
  const restore = () => restorePair({ ...asked(), mappingId, found })
  const results = await Promise.all([restore(), restore(), restore()])
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await living()).toHaveLength(1)
})

test('a record that the ERP has lost, or that is about to be created, is not paired again (§8.4)', async () => {
  const mappingId = await removedId()
  await database().project.deleteMany({ where: { connectionId, key: '1042' } })
  expect(await restorePair({ ...asked(), mappingId, found })).toMatchObject({ ok: false, reason: 'erp-unknown' })
  expect(await living()).toEqual([])
})

test('restoring takes an earlier “never match” of the two back (§4.10)', async () => {
  await insertCrmRecord(connectionId, { id: 'OTHER', name: 'Other' })
  await database().crmRecord.updateMany({ where: { connectionId, id: '2021-014' }, data: { goneAt: null } })
  await neverMatch({ ...asked(), crmId: '2021-014' })
  expect(await database().neverMatch.count({ where: { connectionId } })).toBe(1)
  await restorePair({ ...asked(), mappingId: await removedId(), found })
  expect(await database().neverMatch.count({ where: { connectionId } })).toBe(0)
})

test('nothing is restored that is not among the removed pairs, or when the CRM cannot be asked (§8.4)', async () => {
  const closed: OpenPorts = async () => {
    throw new RunBroken('CW-1009', 'The access to Vantagepoint is not saved.')
  }
  const order = { connectionId, type: 'project' as const, mappingId: await removedId(), by }
  const unreachable = { ok: false, reason: 'unreachable', message: 'The access to Vantagepoint is not saved.' }
  expect(await restoreMapping(order, closed)).toEqual(unreachable)
  const unknown = await restoreMapping({ ...order, mappingId: randomUUIDv7() }, closed)
  expect(unknown).toMatchObject({ ok: false, reason: 'not-removed' })
  expect(await living()).toEqual([])
})

const waiting = async () =>
  (await findUnpairedErpRecords(database(), connectionId, 'project')).map(({ key, afterRemoval }) => [
    key,
    afterRemoval,
  ])

test('what the CRM has lost waits for a person; one decision lets the next run create it again (§8.4)', async () => {
  expect(await waiting()).toEqual([
    ['1042', 'waits'],
    ['1043', null],
  ])
  expect(await allowCreateAgain(asked())).toMatchObject({ ok: true })
  expect(await allowCreateAgain(asked())).toMatchObject({ ok: true })
  expect(await waiting()).toContainEqual(['1042', 'create-again'])
  const events = await database().auditEvent.findMany({ where: { action: 'mapping.create-again', actor: by } })
  expect(events.filter(({ details }) => JSON.stringify(details).includes(connectionId))).toHaveLength(1)
})

test('only the way the last pair ended counts (§8.4)', async () => {
  await linkPair({ ...asked(), crmId: '2021-015' })
  expect(await allowCreateAgain(asked())).toMatchObject({ ok: false, reason: 'erp-already-paired' })
  await unlinkPair(asked())
  expect(await waiting()).toContainEqual(['1042', null])
  expect(await allowCreateAgain(asked())).toMatchObject({ ok: false, reason: 'not-lost' })
  expect(await allowCreateAgain({ ...asked(), erpKey: '1043' })).toMatchObject({ ok: false, reason: 'not-removed' })
})
