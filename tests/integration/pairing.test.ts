import { randomUUIDv7 } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { NO_LOG_FILTER } from '#lib/store/log-filter'
import { linkPair, neverMatch, unlinkPair } from '#lib/store/pairing'
import { listLogPage } from '#lib/store/views-log'
import { findCandidates, findLookAlikes, findPairingSubject, searchUnpaired } from '#lib/store/views-pairing'
import {
  insertClient,
  insertConnection,
  insertCrmRecord,
  insertFindings,
  insertPairs,
  insertProject,
} from '../support/console-rows.ts'
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

beforeEach(async () => {
  connectionId = await insertConnection()
  await insertProject(connectionId, { key: '1042', name: 'Harbor Point Library' })
  await insertProject(connectionId, { key: '1043', name: 'Mill Creek', syncToCrm: false })
  await insertCrmRecord(connectionId, { id: '2021-014', name: 'Harbor Pt Library' })
  await insertCrmRecord(connectionId, { id: '2021-015', name: 'Mill Creek' })
})

const ask = (erpKey: string, crmId: string) => ({
  connectionId,
  type: 'project' as const,
  erpKey,
  crmId,
  by: 'anna@firm.example',
})

const living = () => database().crmMapping.findMany({ where: { connectionId, removedAt: null } })
const audited = () =>
  database().auditEvent.findMany({
    where: { details: { path: ['connectionId'], equals: connectionId } },
    orderBy: { seq: 'asc' },
    select: { actor: true, action: true, subject: true },
  })
const lines = async () => (await listLogPage(connectionId, NO_LOG_FILTER, { size: 50 })).rows

describe('pairing by hand', () => {
  it('makes a fresh pair by a person, and ends the finding', async () => {
    await insertFindings(connectionId, [{ erpKey: '1042', kind: 'ambiguous', crmIds: ['2021-014', '2021-015'] }])
    const result = await linkPair(ask('1042', '2021-014'))
    expect(result.ok).toBe(true)
    const [pair] = await living()
    expect(pair).toMatchObject({
      erpKey: '1042',
      erpName: 'Harbor Point Library',
      crmId: '2021-014',
      crmName: 'Harbor Pt Library',
      matchedBy: 'person',
      createdBy: 'anna@firm.example',
      base: null,
      lastSyncedAt: null,
    })
    expect(await database().matchFinding.count({ where: { connectionId } })).toBe(0)
  })

  it('leaves one log line and one audit event that name the record and the person', async () => {
    await linkPair(ask('1042', '2021-014'))
    const [line] = await lines()
    expect(line).toMatchObject({
      severity: 'info',
      method: 'Map Project',
      type: 'project',
      erpKey: '1042',
      erpName: 'Harbor Point Library',
      crmId: '2021-014',
      runId: null,
    })
    expect(line?.message).toContain(
      'Project “Harbor Point Library” (1042) was paired with “Harbor Pt Library” (2021-014) in Vantagepoint',
    )
    expect(line?.message).toContain('anna@firm.example')
    expect(await audited()).toEqual([{ actor: 'anna@firm.example', action: 'mapping.link', subject: 'project 1042' }])
  })

  it('says that nothing is sent while Sync to CRM is off', async () => {
    expect((await linkPair(ask('1043', '2021-015'))).message).toContain('Sync to CRM is off')
  })

  it('is refused with a sentence for a record that either side does not have', async () => {
    expect(await linkPair(ask('9', '2021-014'))).toMatchObject({ ok: false, reason: 'erp-unknown' })
    expect(await linkPair(ask('1042', 'nope'))).toMatchObject({
      ok: false,
      reason: 'crm-unknown',
      message: 'No project with id nope is known from Vantagepoint. Run a sync so that it is read, then try again.',
    })
    await insertCrmRecord(connectionId, { id: 'gone', name: 'Gone', goneAt: new Date() })
    expect(await linkPair(ask('1042', 'gone'))).toMatchObject({ ok: false, reason: 'crm-unknown' })
    expect(await living()).toEqual([])
    expect(await lines()).toEqual([])
    expect(await audited()).toEqual([])
  })

  it('is refused for a record of either side that has a pair, naming that pair', async () => {
    await linkPair(ask('1042', '2021-014'))
    expect(await linkPair(ask('1042', '2021-015'))).toMatchObject({ ok: false, reason: 'erp-already-paired' })
    const taken = await linkPair(ask('1043', '2021-014'))
    expect(taken).toMatchObject({ ok: false, reason: 'crm-already-paired' })
    expect(taken.message).toContain('“Harbor Point Library” (1042)')
    expect(await living()).toHaveLength(1)
    expect(await lines()).toHaveLength(1)
  })

  it('keeps types apart: a client may have the key of a paired project', async () => {
    await insertClient(connectionId, { key: '1042', name: 'Acme' })
    await insertCrmRecord(connectionId, { type: 'client', id: '2021-014', name: 'Acme' })
    await linkPair(ask('1042', '2021-014'))
    expect(await linkPair({ ...ask('1042', '2021-014'), type: 'client' })).toMatchObject({ ok: true })
  })

  it('is refused while a run is creating the record, for that would make a second copy', async () => {
    await insertItem({ run: 'running', item: 'planned' })
    expect(await linkPair(ask('1042', '2021-014'))).toMatchObject({ ok: false, reason: 'being-created' })
  })

  it('is refused while a create is unanswered, even after its run has ended', async () => {
    await insertItem({ run: 'failed', item: 'sending' })
    expect(await linkPair(ask('1042', '2021-014'))).toMatchObject({ ok: false, reason: 'being-created' })
  })

  it('is allowed when the create was given up', async () => {
    await insertItem({ run: 'failed', item: 'planned' })
    expect(await linkPair(ask('1042', '2021-014'))).toMatchObject({ ok: true })
  })
})

async function insertItem(state: { run: 'running' | 'failed'; item: 'planned' | 'sending' }): Promise<void> {
  const runId = randomUUIDv7()
  await database().syncRun.create({
    data: {
      id: runId,
      connectionId,
      trigger: 'manual',
      startedBy: 'anna@firm.example',
      options: {},
      drainId: runId,
      state: state.run,
      batchSize: 500,
      finishedAt: state.run === 'failed' ? new Date() : null,
    },
  })
  await database().syncItem.create({
    data: {
      id: randomUUIDv7(),
      runId,
      connectionId,
      type: 'project',
      erpKey: '1042',
      erpName: 'Harbor Point Library',
      action: 'create',
      state: state.item,
      position: 1,
    },
  })
}

describe('two people at once', () => {
  it('one ERP record, two CRM records: one pair, and the other person is told', async () => {
    for (let round = 0; round < 5; round++) {
      const results = await Promise.all([linkPair(ask('1042', '2021-014')), linkPair(ask('1042', '2021-015'))])
      expect(results.filter((result) => result.ok)).toHaveLength(1)
      expect(results.find((result) => !result.ok)).toMatchObject({ reason: 'erp-already-paired' })
      expect(await living()).toHaveLength(1)
      await unlinkPair(ask('1042', ''))
    }
  })

  it('two ERP records, one CRM record: one pair, and the other person is told', async () => {
    const results = await Promise.all([linkPair(ask('1042', '2021-014')), linkPair(ask('1043', '2021-014'))])
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    expect(results.find((result) => !result.ok)).toMatchObject({ reason: 'crm-already-paired' })
    expect(await living()).toHaveLength(1)
    expect(await lines()).toHaveLength(1)
  })

  it('ending the same pair twice: one ends it, the other is told', async () => {
    await linkPair(ask('1042', '2021-014'))
    const results = await Promise.all([unlinkPair(ask('1042', '')), unlinkPair(ask('1042', ''))])
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    expect(results.find((result) => !result.ok)).toMatchObject({ reason: 'not-paired' })
    expect(await lines()).toHaveLength(2)
  })
})

describe('unpairing', () => {
  it('keeps the row as removed, with time, cause and who, and lets both records be paired again', async () => {
    await linkPair(ask('1042', '2021-014'))
    expect(await unlinkPair({ ...ask('1042', ''), by: 'ben@firm.example' })).toMatchObject({ ok: true })
    const [removed] = await database().crmMapping.findMany({ where: { connectionId } })
    expect(removed).toMatchObject({ removedBy: 'ben@firm.example', removedCause: 'Unpaired by hand.' })
    expect(removed?.removedAt).toBeInstanceOf(Date)
    expect(await linkPair(ask('1042', '2021-014'))).toMatchObject({ ok: true })
    expect(await database().crmMapping.count({ where: { connectionId } })).toBe(2)
    expect((await lines()).map((line) => line.method)).toEqual(['Map Project', 'Remove Mapping', 'Map Project'])
    expect((await audited()).map((event) => event.action)).toEqual(['mapping.link', 'mapping.unlink', 'mapping.link'])
  })

  it('may say never: no run pairs the two again, but a person still can', async () => {
    await linkPair(ask('1042', '2021-014'))
    const result = await unlinkPair({ ...ask('1042', ''), never: true })
    expect(result.message).toContain('No run will pair the two again')
    const never = () =>
      database().neverMatch.findMany({ where: { connectionId }, select: { erpKey: true, crmId: true } })
    expect(await never()).toEqual([{ erpKey: '1042', crmId: '2021-014' }])
    await linkPair(ask('1042', '2021-014'))
    expect(await never()).toEqual([])
  })

  it('of a record without a pair is refused', async () => {
    expect(await unlinkPair(ask('1042', ''))).toMatchObject({ ok: false, reason: 'not-paired' })
    expect(await lines()).toEqual([])
  })
})

describe('never match', () => {
  it('is remembered once and takes the candidate out of the finding', async () => {
    await insertFindings(connectionId, [{ erpKey: '1042', kind: 'ambiguous', crmIds: ['2021-014', '2021-015'] }])
    expect(await neverMatch(ask('1042', '2021-014'))).toMatchObject({ ok: true })
    expect(await neverMatch(ask('1042', '2021-014'))).toMatchObject({ ok: true })
    expect(await database().neverMatch.count({ where: { connectionId } })).toBe(1)
    const [finding] = await database().matchFinding.findMany({ where: { connectionId } })
    expect(finding?.crmIds).toEqual(['2021-015'])
  })

  it('of two that are a pair is refused: they must be unpaired first', async () => {
    await linkPair(ask('1042', '2021-014'))
    expect(await neverMatch(ask('1042', '2021-014'))).toMatchObject({ ok: false, reason: 'erp-already-paired' })
    expect(await living()).toHaveLength(1)
  })
})

describe('all or nothing', () => {
  it('a pairing whose audit event cannot be written is no pairing', async () => {
    await database()
      .$executeRaw`ALTER TABLE audit_event ADD CONSTRAINT refuse CHECK (action <> 'mapping.link') NOT VALID`
    try {
      await expect(linkPair(ask('1042', '2021-014'))).rejects.toThrow()
      expect(await living()).toEqual([])
      expect(await lines()).toEqual([])
    } finally {
      await database().$executeRaw`ALTER TABLE audit_event DROP CONSTRAINT refuse`
    }
  })

  it('names from the systems reach the log without control and direction characters', async () => {
    await insertProject(connectionId, { key: '1044', name: 'Mill\u202E\u0007 Creek' })
    await linkPair(ask('1044', '2021-015'))
    const [line] = await lines()
    expect(line?.erpName).toBe('Mill Creek')
    expect(line?.message).toContain('Project “Mill Creek” (1044)')
  })
})

describe('what may be paired', () => {
  it('a search offers unpaired records only, those that begin with the text first', async () => {
    await insertCrmRecord(connectionId, { id: 'A', name: 'Old Harbor Depot' })
    await insertCrmRecord(connectionId, { id: 'B', name: 'Harbor Depot', longName: 'Harbor Depot, North' })
    await insertCrmRecord(connectionId, { id: 'C', name: 'Harbor gone', goneAt: new Date() })
    await insertPairs(connectionId, [{ erpKey: '1043', crmId: '2021-014' }])
    const found = await searchUnpaired(connectionId, 'project', { erpKey: '1042', text: 'harbor', limit: 10 })
    expect(found.map((candidate) => candidate.crmId)).toEqual(['B', 'A'])
    expect(await searchUnpaired(connectionId, 'project', { erpKey: '1042', text: 'NORTH', limit: 10 })).toHaveLength(1)
    expect(await searchUnpaired(connectionId, 'project', { erpKey: '1042', text: '%', limit: 10 })).toEqual([])
  })

  it('look-alikes are the most similar names, and one marked never is marked so', async () => {
    await insertCrmRecord(connectionId, { id: 'far', name: 'Union Station Parking' })
    await neverMatch(ask('1042', '2021-014'))
    const found = await findLookAlikes(connectionId, 'project', {
      erpKey: '1042',
      name: 'Harbor Point Library',
      limit: 5,
    })
    expect(found.map((candidate) => [candidate.crmId, candidate.isNever])).toEqual([['2021-014', true]])
  })

  it('candidates of a finding come in its order and say when another record has taken them', async () => {
    await insertPairs(connectionId, [{ erpKey: '1043', erpName: 'Mill Creek', crmId: '2021-014' }])
    const found = await findCandidates(connectionId, 'project', '1042', ['2021-015', '2021-014', 'nope'])
    expect(found.map((candidate) => [candidate.crmId, candidate.pairedWith?.erpKey ?? null])).toEqual([
      ['2021-015', null],
      ['2021-014', '1043'],
    ])
  })

  it('the record itself says which pair it is in', async () => {
    expect(await findPairingSubject(connectionId, 'project', '1042')).toMatchObject({ pairedWith: null })
    await linkPair(ask('1042', '2021-014'))
    expect(await findPairingSubject(connectionId, 'project', '1042')).toMatchObject({
      pairedWith: { crmId: '2021-014', crmName: 'Harbor Pt Library' },
    })
    expect(await findPairingSubject(connectionId, 'project', 'nope')).toBeNull()
  })
})
