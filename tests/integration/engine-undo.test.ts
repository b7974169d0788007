import { afterEach, expect, test, vi } from 'vitest'
import { requestCancel, startRun } from '#lib/engine/start'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import type { Fields } from '#lib/sync/records'
import { advance, countsAddUp, crmNow, editClients, itemsOf, notBack, startUndoOf, undo } from '../support/undo.ts'
import { logOf, NO_OPTIONS, openWorld, type World } from '../support/world.ts'

// Each test has two or three whole runs in it, and the machine may be busy with other test files.
vi.setConfig({ testTimeout: 120_000 })

const SIZE = { projects: 60, clients: 15, contacts: 30, employees: 10 }

let world: World
let control: SandboxControl

async function open(options: Parameters<typeof openWorld>[0] = {}): Promise<void> {
  world = await openWorld({ ...SIZE, ...options })
  control = sandboxControl(world.sandbox.controlUrl)
}
afterEach(() => world.close())

test('the undo of a first sync puts every field back, ends the pairs and names what was created (§12)', async () => {
  await open()
  const before = await crmNow(world)
  const source = await world.run({ allBatches: true })
  const created = (await itemsOf(source.id)).filter((item) => item.outcome === 'created')
  const written = (await itemsOf(source.id)).filter((item) => item.outcome === 'updated')
  expect(created.length).toBeGreaterThan(0)
  expect(written.length).toBeGreaterThan(30)

  const run = await undo(world, source.id)
  expect(run.state).toBe('completed')
  expect(countsAddUp(run)).toBe(true)
  const after = await crmNow(world)
  expect(notBack(before, after, await itemsOf(run.id))).toEqual([])
  expect(await database().crmMapping.count({ where: { removedAt: null } })).toBe(0)
  const removed = await database().crmMapping.findMany({ where: { createdInRun: source.id } })
  expect(new Set(removed.map((pair) => pair.removedBy))).toEqual(new Set(['ann@example.com']))
  expect(new Set(removed.map((pair) => pair.removedCause))).toEqual(new Set(['The run that had added it was undone.']))

  const lines = await logOf(run.id)
  expect(lines[0]?.message).toContain(`The undo of run ${source.id} was started by ann@example.com`)
  expect(lines[0]?.message).toContain('The wrong template.')
  const stays = lines.filter((line) => line.code === 'CW-1504')
  expect(new Set(stays.map((line) => line.erpKey))).toEqual(new Set(created.map((item) => item.erpKey)))
  expect(lines.at(-1)?.message).toBe(run.message)
  const items = await itemsOf(run.id)
  const kept = new Set(items.filter((item) => item.problemCode !== null).map((item) => `${item.type} ${item.erpKey}`))
  const all = new Set(items.map((item) => `${item.type} ${item.erpKey}`))
  expect(kept.size).toBeGreaterThanOrEqual(created.length)
  expect(run.message).toBe(
    `Undo completed: ${all.size - kept.size} records put back, ${kept.size} kept in part or whole, 0 failed.`,
  )
})

async function clientInCrm(id: string): Promise<Fields> {
  return (await crmNow(world)).get(`client ${id}`) ?? {}
}

test('a field that a person has changed since is kept and named, the others of its record are put back (§12)', async () => {
  await open()
  await world.run({ allBatches: true })
  const before = await crmNow(world)
  const [changed, noted, alone] = await editClients(control, 3)
  if (!changed || !noted || !alone) throw new Error('There are no three clients.')
  const source = await world.run({ allBatches: true })
  expect(source.counters.client?.updated).toBe(3)
  const edit = (key: string, fields: Record<string, string>) =>
    control.act({ action: 'edit', side: 'crm', type: 'firm', key, fields })
  await edit(changed.crmId, { Name: 'Their own name' })
  await edit(noted.crmId, { Memo: 'Another note' })
  await edit(alone.crmId, { WebSite: 'https://since.example' })

  const run = await undo(world, source.id)
  expect(run.message).toBe('Undo completed: 1 record put back, 2 kept in part or whole, 0 failed.')
  expect(countsAddUp(run)).toBe(true)
  expect(run.counters.client).toMatchObject({ considered: 3, updated: 3 })
  const was = (pair: { crmId: string }) => before.get(`client ${pair.crmId}`) ?? {}
  expect(await clientInCrm(changed.crmId)).toEqual({ ...was(changed), Name: 'Their own name' })
  expect(await clientInCrm(noted.crmId)).toEqual({ ...was(noted), Memo: 'Another note' })
  expect(await clientInCrm(alone.crmId)).toEqual({ ...was(alone), WebSite: 'https://since.example' })
  const lines = (await logOf(run.id)).filter((line) => line.code === 'CW-1503')
  expect(lines.map((line) => line.erpKey).sort()).toEqual([changed.erpKey, noted.erpKey].sort())
  expect(lines.find((line) => line.erpKey === changed.erpKey)?.message).toContain(
    'Name: It has been changed since; Vantagepoint now has “Their own name”.',
  )
  const items = await itemsOf(run.id)
  expect(items.find((item) => item.erpKey === noted.erpKey)?.changes).toMatchObject([
    { field: 'Name', to: was(noted).Name },
    { field: 'Memo', from: 'Another note', kept: expect.stringContaining('“Another note”') },
  ])
})

test('after an undo the next sync sends the same again, unless the fields were pinned (§7.2, §12)', async () => {
  await open()
  await world.run({ allBatches: true })
  const [pair] = await editClients(control, 1)
  if (!pair) throw new Error('There is no client.')
  const was = await clientInCrm(pair.crmId)
  const first = await world.run({ allBatches: true })
  await undo(world, first.id)
  const second = await world.run({ allBatches: true })
  expect(second.counters.client?.updated).toBe(1)
  expect(await clientInCrm(pair.crmId)).toMatchObject({ Name: `Renamed ${pair.erpKey}` })

  const pinned = await undo(world, second.id, { reason: 'Leave it.', pins: true })
  expect(pinned).toMatchObject({ state: 'completed', undoPins: true, undoReason: 'Leave it.' })
  const mapping = await database().crmMapping.findFirstOrThrow({ where: { id: pair.id } })
  expect(mapping.pins).toEqual(['Memo', 'Name'])
  const third = await world.run({ allBatches: true })
  expect(third.counters.client).toMatchObject({ updated: 0 })
  expect(await clientInCrm(pair.crmId)).toEqual(was)
})

test('a field that was pinned since the run is kept, because a pin says never (§7.2, §12)', async () => {
  await open()
  await world.run({ allBatches: true })
  const [pair] = await editClients(control, 1)
  if (!pair) throw new Error('There is no client.')
  const source = await world.run({ allBatches: true })
  await database().crmMapping.update({ where: { id: pair.id }, data: { pins: ['Name', 'Memo'] } })
  const run = await undo(world, source.id)
  expect(run.counters.client).toMatchObject({ considered: 1, skipped: 1 })
  expect(await clientInCrm(pair.crmId)).toMatchObject({ Name: `Renamed ${pair.erpKey}` })
})

test('Sync to CRM that Map unsynced turned on in the ERP is off again, and counts stay those of records (§4.3, §12)', async () => {
  await open()
  const source = await world.run({ allBatches: true, mapUnsynced: true })
  expect(countsAddUp(source)).toBe(true)
  const flags = (await itemsOf(source.id)).filter((item) => item.direction === 'to_erp')
  expect(flags.length).toBeGreaterThan(0)
  expect(flags.every((item) => item.outcome === 'mapped' && item.changes[0]?.reason === 'turned-on')).toBe(true)

  const run = await undo(world, source.id)
  expect(run.state).toBe('completed')
  expect(countsAddUp(run)).toBe(true)
  const records = new Set((await itemsOf(run.id)).map((item) => `${item.type} ${item.erpKey}`))
  const considered = Object.values(run.counters).reduce((sum, counts) => sum + counts.considered, 0)
  expect(considered).toBe(records.size)
  const ports = await world.openPorts(world.connectionId)
  const keys = flags.map((item) => item.erpKey)
  const projects = await ports.erp.read('project', keys)
  await ports.close()
  expect(projects.map((project) => project.syncToCrm)).toEqual(keys.map(() => false))
})

test('an undone first sync is as if it had not been: the next one pairs every record by name again (§4.1, §12)', async () => {
  await open()
  const first = await world.run({ allBatches: true })
  await undo(world, first.id)
  const again = await world.run({ allBatches: true })
  expect(again.checkpoint.firstTime).toMatchObject({ project: true, client: true })
  expect(again.counters.project?.updated).toBeGreaterThanOrEqual(first.counters.project?.updated ?? 0)
})

test('a record that the CRM no longer has is kept and said so (§12)', async () => {
  await open()
  await world.run({ allBatches: true })
  const [pair] = await editClients(control, 1)
  if (!pair) throw new Error('There is no client.')
  const source = await world.run({ allBatches: true })
  await control.act({ action: 'delete', side: 'crm', type: 'firm', key: pair.crmId })
  const run = await undo(world, source.id)
  expect(run.counters.client).toMatchObject({ considered: 1, skipped: 1 })
  expect((await itemsOf(run.id))[0]?.changes[0]?.kept).toBe('Vantagepoint no longer has the record.')
})

test('a run is undone once, an undo never, and none while another run is going (§12)', async () => {
  await open()
  const source = await world.run({ allBatches: true })
  const quiet = await world.run({ allBatches: true })
  expect(await startUndoOf(quiet.id)).toMatchObject({ ok: false, reason: 'nothing-written' })
  expect(await startUndoOf('00000000-0000-7000-8000-000000000001')).toMatchObject({ ok: false, reason: 'no-such-run' })

  const going = await startRun({
    connectionId: world.connectionId,
    trigger: 'cli',
    startedBy: 'test',
    options: NO_OPTIONS,
  })
  expect(await startUndoOf(source.id)).toMatchObject({ ok: false, reason: 'another-run-going' })
  expect(await startUndoOf(going.runId)).toMatchObject({ ok: false, reason: 'not-finished' })
  await requestCancel(going.runId, 'test')
  await advance(going.runId, world.openPorts)

  const starts = await Promise.all([1, 2, 3].map(() => startUndoOf(source.id)))
  expect(starts.filter((one) => one.ok)).toHaveLength(1)
  for (const one of starts) if (!one.ok) expect(one.reason).toBe('another-run-going')
  const [first] = starts.filter((one) => one.ok)
  if (!first) throw new Error('No undo was started.')
  const undone = await advance(first.runId, world.openPorts)
  expect(undone.state).toBe('completed')
  expect(await startUndoOf(source.id)).toMatchObject({ ok: false, reason: 'undone-already' })
  expect(await startUndoOf(undone.id)).toMatchObject({ ok: false, reason: 'is-undo' })
  const audit = await database().auditEvent.findFirstOrThrow({ where: { action: 'run.start', subject: undone.id } })
  expect(audit.details).toMatchObject({ undoes: source.id, reason: 'The wrong template.', pins: false })
})
