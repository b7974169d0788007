import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { verifyAuditChain } from '#lib/store/audit'
import { findPairConflicts, storeConflicts } from '#lib/store/conflicts'
import { type ConnectionView, findConnection } from '#lib/store/connections'
import { database } from '#lib/store/database'
import { type DecisionRequest, decideConflict } from '#lib/store/decisions'
import { linkPair, unlinkPair } from '#lib/store/pairing'
import { pinField, unpinField } from '#lib/store/pins'
import type { ConflictView } from '#lib/store/views-conflicts'
import { countMappings, listMappingPage } from '#lib/store/views-mapping'
import { findRecordView, pairStatus, type RecordView } from '#lib/store/views-record'
import { listRecordItems } from '#lib/store/views-record-history'
import { insertRun } from '../support/run-rows.ts'
import { openWorld, type World } from '../support/world.ts'

/** Conflicts from the run that opens them to the run that carries out what a person decided, on a real pair of systems. */

// Each of these goes through whole runs.
vi.setConfig({ testTimeout: 120_000 })

let world: World
let control: SandboxControl
let connection: ConnectionView
let keys: string[]

beforeAll(async () => {
  world = await openWorld({
    projects: 40,
    clients: 8,
    contacts: 6,
    employees: 6,
    settings: { conflictPolicy: 'ask' },
    engine: { conflictPolicy: 'ask' },
  })
  control = sandboxControl(world.sandbox.controlUrl)
  const found = await findConnection(world.connectionId)
  if (!found) throw new Error('The connection is gone.')
  connection = found
  await world.run()
  const pairs = await database().crmMapping.findMany({
    where: { type: 'project', removedAt: null, lastSyncedAt: { not: null } },
    select: { erpKey: true },
    orderBy: { erpKey: 'asc' },
  })
  const open = await database().project.findMany({ where: { closed: false, syncToCrm: true }, select: { key: true } })
  const usable = new Set(open.map((project) => project.key))
  keys = pairs.map((pair) => pair.erpKey).filter((key) => usable.has(key))
}, 180_000)
afterAll(() => world.close())

function keyOf(index: number): string {
  const key = keys[index]
  if (key === undefined) throw new Error('The firm is too small.')
  return key
}

async function view(erpKey: string): Promise<RecordView> {
  const record = await findRecordView(connection, 'project', { erpKey }, defaultFieldMap.project)
  if (!record) throw new Error('The record is unknown.')
  return record
}

async function field(erpKey: string, name: string) {
  const { fields } = await view(erpKey)
  const found = fields.find((one) => one.field === name)
  if (!found) throw new Error(`There is no field ${name}.`)
  return found
}

/** People edit the notes on both sides; the run finds out. */
async function openConflict(erpKey: string): Promise<ConflictView> {
  await editBoth(erpKey, `Ours ${randomUUID()}`, `Theirs ${randomUUID()}`)
  await world.run()
  return conflictOf(erpKey)
}

async function editBoth(erpKey: string, ours: string, theirs: string): Promise<void> {
  const { crmId } = await view(erpKey)
  await control.act({ action: 'edit', side: 'erp', type: 'project', key: Number(erpKey), fields: { Notes: ours } })
  await control.act({ action: 'edit', side: 'crm', type: 'project', key: crmId ?? '', fields: { Memo: theirs } })
}

async function conflictOf(erpKey: string): Promise<ConflictView> {
  const [conflict] = (await view(erpKey)).conflicts
  if (!conflict) throw new Error('There is no conflict.')
  return conflict
}

function request(conflict: ConflictView, choice: DecisionRequest['choice']): DecisionRequest {
  return {
    connectionId: world.connectionId,
    type: 'project',
    erpKey: conflict.erpKey,
    by: 'ann@example.com',
    conflictId: conflict.id,
    version: conflict.version,
    choice,
    entries: defaultFieldMap.project,
  }
}

function pin(erpKey: string, name: string) {
  const { connectionId } = world
  return {
    connectionId,
    type: 'project' as const,
    erpKey,
    by: 'ann@example.com',
    field: name,
    entries: defaultFieldMap.project,
  }
}

describe('a conflict under the policy ask (§7.2)', () => {
  it('stands on the record with both values and the base, and on the mapping screen with its count', async () => {
    const before = await field(keyOf(0), 'Memo')
    const conflict = await openConflict(keyOf(0))
    expect(conflict).toMatchObject({ label: 'Notes', base: before.crm, decided: null })
    expect(conflict.erp).toMatch(/^Ours/)
    expect(conflict.crm).toMatch(/^Theirs/)
    const record = await view(keyOf(0))
    expect(pairStatus(record)).toBe('conflict')
    expect(record.why).toMatchObject({ reason: 'conflict', code: 'CW-1501' })
    expect(await field(keyOf(0), 'Memo')).toMatchObject({
      state: 'conflict',
      erp: conflict.erp,
      crm: conflict.crm,
      base: conflict.base,
    })

    const filter = { type: 'project' as const, statuses: ['conflict' as const], text: null }
    const page = await listMappingPage(
      world.connectionId,
      filter,
      { column: 'erpName', direction: 'asc' },
      { size: 50 },
    )
    expect(page.rows.map((row) => [row.status, row.erpKey])).toEqual([['conflict', keyOf(0)]])
    const counts = await countMappings(world.connectionId, { ...filter, statuses: [] })
    expect(counts.conflict.value).toBe(1)
    const everything = await listMappingPage(
      world.connectionId,
      { ...filter, statuses: [] },
      { column: 'erpKey', direction: 'asc' },
      { size: 200 },
    )
    expect(everything.rows.filter((row) => row.erpKey === keyOf(0))).toHaveLength(1)
  })

  it('is decided once for both systems, and the next sync carries it out', async () => {
    const conflict = await conflictOf(keyOf(0))
    const result = await decideConflict(request(conflict, { typed: '  Agreed  by telephone.  ' }))
    expect(result).toMatchObject({ ok: true, message: expect.stringContaining('The next sync carries this out.') })
    const decided = await view(keyOf(0))
    expect(decided.why.reason).toBe('decided')
    expect(pairStatus(decided)).toBe('active')
    expect(decided.conflicts[0]?.decided).toMatchObject({ value: 'Agreed  by telephone.', by: 'ann@example.com' })
    expect(await field(keyOf(0), 'Memo')).toMatchObject({ state: 'both' })
  })

  it('a decision leaves an audit event and a line on the log', async () => {
    const event = await database().auditEvent.findFirst({
      where: { action: 'conflict.decide' },
      orderBy: { seq: 'desc' },
    })
    expect(event).toMatchObject({ actor: 'ann@example.com', subject: `project ${keyOf(0)}` })
    expect(event?.details).toMatchObject({ field: 'Memo', decision: 'Agreed  by telephone.' })
    const line = await database().integrationLogEntry.findFirst({
      where: { erpKey: keyOf(0), runId: null },
      orderBy: { at: 'desc' },
    })
    expect(line?.message).toContain('ann@example.com decided that Notes is “Agreed by telephone.”')
    expect(await verifyAuditChain()).toMatchObject({ ok: true })
  })

  it.each(['erp', 'crm'] as const)('the value of one side can be taken (%s)', async (take) => {
    const conflict = await openConflict(keyOf(1))
    expect(await decideConflict(request(conflict, { take }))).toMatchObject({ ok: true })
    expect((await conflictOf(keyOf(1))).decided?.value).toBe(take === 'erp' ? conflict.erp : conflict.crm)
    const after = await field(keyOf(1), 'Memo')
    expect(after.state).toBe(take === 'erp' ? 'send' : 'take')
  })
})

describe('a decision is refused', () => {
  it('where a run has found other values meanwhile, with the values of now', async () => {
    const seen = await openConflict(keyOf(2))
    await openConflict(keyOf(2))
    const result = await decideConflict(request(seen, { take: 'erp' }))
    expect(result).toMatchObject({ ok: false, reason: 'changed', message: expect.stringContaining('Reload the page') })
    expect((await conflictOf(keyOf(2))).decided).toBeNull()
  })

  it('where another person has decided meanwhile; of two at once, one decides', async () => {
    const conflict = await conflictOf(keyOf(2))
    const results = await Promise.all([
      decideConflict(request(conflict, { take: 'erp' })),
      decideConflict(request(conflict, { take: 'crm' })),
    ])
    expect(results.filter((one) => one.ok)).toHaveLength(1)
    const refused = results.find((one) => !one.ok)
    expect(refused).toMatchObject({
      reason: 'changed',
      message: expect.stringContaining('ann@example.com has decided it meanwhile'),
    })
  })

  it('where it was settled or never was', async () => {
    const conflict = await conflictOf(keyOf(2))
    await database().fieldConflict.update({
      where: { id: conflict.id },
      data: { state: 'closed', closedAt: new Date() },
    })
    expect(await decideConflict(request(conflict, { take: 'erp' }))).toMatchObject({ ok: false, reason: 'settled' })
    const foreign = { ...request(conflict, { take: 'erp' as const }), conflictId: randomUUID() }
    expect(await decideConflict(foreign)).toMatchObject({ ok: false, reason: 'settled' })
  })

  it('where an earlier decision is being carried out by a run that is going', async () => {
    const conflict = await openConflict(keyOf(3))
    await decideConflict(request(conflict, { take: 'erp' }))
    const decided = await conflictOf(keyOf(3))
    const runId = await insertRun(world.connectionId, { state: 'running' })
    expect(await decideConflict(request(decided, { take: 'crm' }))).toMatchObject({ ok: false, reason: 'run-going' })
    await database().syncRun.delete({ where: { id: runId } })
    expect(await decideConflict(request(decided, { take: 'crm' }))).toMatchObject({ ok: true })
  })
})

it('a decision made while a run compares the very same values stands', async () => {
  const conflict = await openConflict(keyOf(4))
  await decideConflict(request(conflict, { take: 'crm' }))
  const { field: name, label, base, erp, crm } = conflict
  const at = { connectionId: world.connectionId, type: 'project' as const, runId: randomUUID() }
  const found = [{ erpKey: keyOf(4), conflicts: [{ field: name, label, base, erp, crm }], undecided: [] }]
  await storeConflicts(database(), at, found)
  expect((await conflictOf(keyOf(4))).decided?.value).toBe(crm)
  await storeConflicts(database(), at, [
    { ...found[0], erpKey: keyOf(4), undecided: [], conflicts: [{ field: name, label, base, erp: 'newer', crm }] },
  ])
  expect(await conflictOf(keyOf(4))).toMatchObject({ erp: 'newer', decided: null })
})

describe('a pin (§7.2)', () => {
  it('settles a conflict: both values stay, and no run touches them', async () => {
    const conflict = await openConflict(keyOf(5))
    expect(await pinField(pin(keyOf(5), 'Memo'))).toMatchObject({ ok: true })
    const pinned = await view(keyOf(5))
    expect(pinned.conflicts).toEqual([])
    expect(pinned.why).toMatchObject({ reason: 'pinned', sentence: expect.stringContaining('Notes') })
    await world.run()
    expect(await field(keyOf(5), 'Memo')).toMatchObject({ state: 'pinned', erp: conflict.erp, crm: conflict.crm })
    expect((await findPairConflicts(world.connectionId, 'project', [keyOf(5)]))(keyOf(5)).open).toEqual([])
  })

  it('taken off, the next run compares again', async () => {
    expect(await unpinField(pin(keyOf(5), 'Memo'))).toMatchObject({ ok: true })
    await world.run()
    expect(await conflictOf(keyOf(5))).toMatchObject({ label: 'Notes', decided: null })
  })

  it('is refused for what it cannot mean', async () => {
    expect(await unpinField(pin(keyOf(5), 'Memo'))).toMatchObject({ ok: false, reason: 'already-so' })
    expect(await pinField(pin(keyOf(5), 'Nothing'))).toMatchObject({ ok: false, reason: 'unknown-field' })
    expect(await pinField(pin(keyOf(5), 'WBS1'))).toMatchObject({ ok: false, reason: 'unknown-field' })
    expect(await pinField(pin('999999', 'Memo'))).toMatchObject({ ok: false, reason: 'not-paired' })
  })

  it('leaves an audit event for both', async () => {
    const events = await database().auditEvent.findMany({ where: { action: { in: ['mapping.pin', 'mapping.unpin'] } } })
    expect(events.map((event) => event.action)).toEqual(['mapping.pin', 'mapping.unpin'])
  })
})

it('a pair that ends takes its open questions and decisions with it', async () => {
  const conflict = await openConflict(keyOf(6))
  await decideConflict(request(conflict, { take: 'crm' }))
  const { connectionId } = world
  const crmId = (await view(keyOf(6))).crmId ?? ''
  const pair = { connectionId, type: 'project' as const, erpKey: keyOf(6), by: 'ann@example.com' }
  expect(await unlinkPair(pair)).toMatchObject({ ok: true })
  expect(await linkPair({ ...pair, crmId })).toMatchObject({ ok: true })
  expect((await view(keyOf(6))).conflicts).toEqual([])
  expect((await findPairConflicts(connectionId, 'project', [keyOf(6)]))(keyOf(6)).decisions).toEqual({})
})

it('the history of a record has what each run did with it, newest first', async () => {
  const record = await view(keyOf(0))
  const subject = { connectionId: world.connectionId, type: 'project' as const, erpKey: keyOf(0), crmId: record.crmId }
  const page = await listRecordItems(subject, { size: 1 })
  expect(page.rows).toHaveLength(1)
  const older = await listRecordItems(subject, { size: 50, after: page.next })
  const times = [...page.rows, ...older.rows].map((row) => row.at)
  expect(times.length).toBeGreaterThan(1)
  expect(times).toEqual(times.toSorted().toReversed())
})
