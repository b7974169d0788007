import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { allowMatch, linkPair, neverMatch } from '#lib/store/pairing'
import { relinkPair } from '#lib/store/relink'
import { listMappingPage } from '#lib/store/views-mapping'
import { listReviewItems } from '#lib/store/views-pairing'
import { insertConnection, insertCrmRecord, insertFindings, insertProject } from '../support/console-rows.ts'
import { createTestDatabase } from '../support/database.ts'

/** A flagged CRM record whose name an ERP record has that is paired already (§8 step 9): one click pairs the two instead. */

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

beforeEach(async () => {
  connectionId = await insertConnection()
  await insertProject(connectionId, { key: '1042', name: 'Harbor Point Library' })
  await insertProject(connectionId, { key: '1043', name: 'Mill Creek' })
  for (const id of ['2021-014', '2021-015', '2021-016'])
    await insertCrmRecord(connectionId, { id, name: `Record ${id}` })
  await linkPair(ask('1042', '2021-014'))
  await insertFindings(connectionId, [{ erpKey: '1042', kind: 'suggested', crmIds: ['2021-015'] }])
})

const ask = (erpKey: string, crmId: string) => ({
  connectionId,
  type: 'project' as const,
  erpKey,
  crmId,
  by: 'anna@firm.example',
})

async function pairs(): Promise<Record<string, string>> {
  const rows = await database().crmMapping.findMany({ where: { connectionId, removedAt: null } })
  return Object.fromEntries(rows.map((row) => [row.erpKey, row.crmId]))
}

async function suggested() {
  const filter = { type: 'project' as const, statuses: ['suggested' as const], text: null }
  const page = await listMappingPage(connectionId, filter, { column: 'erpName', direction: 'asc' }, { size: 10 })
  return listReviewItems(connectionId, page.rows, 3)
}

it('the review shows the record with its present partner and the one that is suggested', async () => {
  const [item] = await suggested()
  expect(item?.subject?.pairedWith?.crmId).toBe('2021-014')
  expect(item?.candidates.map((one) => one.crmId)).toEqual(['2021-014', '2021-015'])
  expect(item?.areLookAlikes).toBe(false)
})

it('ends the pair and makes the other, with the suggestion gone and both on the log', async () => {
  const result = await relinkPair({ ...ask('1042', '2021-015'), insteadOf: '2021-014' })
  expect(result).toMatchObject({ ok: true, message: expect.stringContaining('was paired with') })
  expect(await pairs()).toEqual({ 1042: '2021-015' })
  expect(await suggested()).toEqual([])
  const removed = await database().crmMapping.findFirst({ where: { connectionId, removedAt: { not: null } } })
  expect(removed).toMatchObject({
    crmId: '2021-014',
    removedBy: 'anna@firm.example',
    removedCause: 'Unpaired by hand.',
  })
  const events = await database().auditEvent.findMany({
    where: { details: { path: ['connectionId'], equals: connectionId } },
    orderBy: { seq: 'asc' },
  })
  expect(events.map((event) => event.action)).toEqual(['mapping.link', 'mapping.unlink', 'mapping.link'])
})

it('can say that the earlier pair is never to be matched again', async () => {
  await relinkPair({ ...ask('1042', '2021-015'), insteadOf: '2021-014', never: true })
  expect(await database().neverMatch.findMany({ where: { connectionId } })).toMatchObject([{ crmId: '2021-014' }])
})

it('is refused where the pair is not the one that the person saw', async () => {
  const result = await relinkPair({ ...ask('1042', '2021-015'), insteadOf: '2021-016' })
  expect(result).toMatchObject({ ok: false, reason: 'erp-already-paired' })
  expect(await pairs()).toEqual({ 1042: '2021-014' })
})

it('is both or nothing: where the new partner is taken, the old pair stays', async () => {
  await linkPair(ask('1043', '2021-015'))
  const result = await relinkPair({ ...ask('1042', '2021-015'), insteadOf: '2021-014' })
  expect(result).toMatchObject({ ok: false, reason: 'crm-already-paired' })
  expect(await pairs()).toEqual({ 1042: '2021-014', 1043: '2021-015' })
})

it('of two people who press at once, one is told', async () => {
  const results = await Promise.all([
    relinkPair({ ...ask('1042', '2021-015'), insteadOf: '2021-014' }),
    relinkPair({ ...ask('1042', '2021-016'), insteadOf: '2021-014' }),
  ])
  expect(results.filter((one) => one.ok)).toHaveLength(1)
  expect(Object.keys(await pairs())).toEqual(['1042'])
})

it('never match can be taken back: the candidate is offered again', async () => {
  await neverMatch(ask('1042', '2021-015'))
  expect((await suggested())[0]?.row.candidateIds).toEqual([])
  expect(await allowMatch(ask('1042', '2021-015'))).toMatchObject({ ok: true })
  expect((await suggested())[0]?.row.candidateIds).toEqual(['2021-015'])
  expect(await database().neverMatch.count({ where: { connectionId } })).toBe(0)
  expect(await allowMatch(ask('1042', '2021-015'))).toMatchObject({ ok: false })
})
