import { afterEach, expect, test } from 'vitest'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findProjectsWithoutTotals } from '#lib/store/erp-records'
import { type MatchFinding, replaceFindings } from '#lib/store/findings'
import { linkPair, unlinkPair } from '#lib/store/pairing'
import { findLookAlikes } from '#lib/store/views-pairing'
import { logOf, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 60, clients: 15, contacts: 30, employees: 10 }

let world: World
let control: SandboxControl

async function open(options: Parameters<typeof openWorld>[0] = {}): Promise<void> {
  world = await openWorld({ ...SIZE, ...options })
  control = sandboxControl(world.sandbox.controlUrl)
}
afterEach(() => world.close())

async function renameProject(key: string, name: string): Promise<void> {
  await control.act({ action: 'edit', side: 'erp', type: 'project', key: Number(key), fields: { Description: name } })
}

test('a pair that a person has ruled out does not come back through the key of its creation (§4.10)', async () => {
  await open()
  await world.run({ allBatches: true })
  const pair = await database().crmMapping.findFirst({ where: { type: 'client', matchedBy: 'created' } })
  if (!pair) throw new Error('The sandbox has no client to create.')
  const { type, erpKey, crmId } = pair
  await unlinkPair({ connectionId: world.connectionId, type, erpKey, by: 'ann@example.com', never: true })

  const run = await world.run({ allBatches: true })
  const living = await database().crmMapping.findMany({ where: { type, erpKey, removedAt: null } })
  expect(living).toHaveLength(1)
  expect(living[0]?.crmId).not.toBe(crmId)
  expect(run.counters.client).toMatchObject({ created: 1, failed: 0 })
  const again = await world.run({ allBatches: true })
  expect(again.counters.client).toMatchObject({ created: 0, failed: 0, updated: 0 })
})

test('a record that a person gave to another partner is not taken back, and its first owner gets one of its own (§4.7)', async () => {
  await open({ clients: 60 })
  await world.run({ allBatches: true })
  const [a, b] = await database().crmMapping.findMany({ where: { type: 'client', matchedBy: 'created' } })
  if (!a || !b) throw new Error('The sandbox has too few clients to create.')
  const by = { connectionId: world.connectionId, type: 'client', by: 'ann@example.com' } as const
  for (const { erpKey } of [a, b]) await unlinkPair({ ...by, erpKey })
  await linkPair({ ...by, erpKey: b.erpKey, crmId: a.crmId })

  await world.run({ allBatches: true })
  const living = await database().crmMapping.findMany({ where: { type: 'client', removedAt: null } })
  expect(living.find((pair) => pair.crmId === a.crmId)?.erpKey).toBe(b.erpKey)
  expect(living.filter((pair) => pair.erpKey === a.erpKey)).toHaveLength(1)
  const again = await world.run({ allBatches: true })
  expect(again.counters.client).toMatchObject({ created: 0, failed: 0, updated: 0 })
})

test('of two new projects of one name, only the first is created, in whatever group they are sent (§13.8)', async () => {
  await open({ projects: 200 })
  await world.run({ allBatches: true })
  const unmatched = await database().matchFinding.findMany({ where: { type: 'project', kind: 'no_match' } })
  const [first, second] = await database().project.findMany({
    where: { key: { in: unmatched.map((finding) => finding.erpKey) }, closed: false },
  })
  if (!first || !second) throw new Error('The sandbox has too few projects without a match.')
  await renameProject(first.key, 'Twin')
  await renameProject(second.key, 'Twin')
  const run = await world.run({ allBatches: true, mapUnsynced: true, whenNoMatch: 'create' })
  const twins = await database().project.findMany({ where: { name: 'Twin' } })
  const paired = await database().crmMapping.findMany({
    where: { type: 'project', erpKey: { in: twins.map((twin) => twin.key) } },
  })
  const refused = (await logOf(run.id)).filter((line) => line.code === 'CW-1402' && line.message.includes('Twin'))
  expect(twins).toHaveLength(2)
  expect(paired).toHaveLength(1)
  expect(refused).toHaveLength(1)
})

test('a flagged CRM project with two namesakes is ambiguous, and one warning names them all (§4.2, §4.7)', async () => {
  await open({ projects: 200 })
  await world.run({ allBatches: true })
  const off = await database().project.findMany({ where: { syncToCrm: false, createInCrm: false } })
  const keys = off.map((project) => project.key)
  const [a, b] = await database().crmMapping.findMany({
    where: { type: 'project', removedAt: null, erpKey: { in: keys } },
  })
  if (!a || !b) throw new Error('The sandbox has too few projects that are not set to sync.')
  for (const { erpKey } of [a, b]) {
    await unlinkPair({ connectionId: world.connectionId, type: 'project', erpKey, by: 'ann@example.com' })
  }
  await renameProject(b.erpKey, a.erpName)
  await control.act({ action: 'edit', side: 'crm', type: 'project', key: a.crmId, fields: { AjeraSync: 'Y' } })

  const run = await world.run({ allBatches: true })
  const warnings = (await logOf(run.id)).filter((line) => line.code === 'CW-1202')
  expect(warnings).toHaveLength(1)
  for (const part of [a.erpKey, b.erpKey, a.crmId]) expect(warnings[0]?.message).toContain(part)
})

test('a paired CRM record that was never read is asked for once, not in every run', async () => {
  await open()
  await world.run({ allBatches: true })
  const pair = await database().crmMapping.findFirst({ where: { type: 'client', settledCrmHash: { not: null } } })
  if (!pair) throw new Error('The sandbox has no pair of clients.')
  await database().watermark.updateMany({ data: { value: new Date() } })
  await database().crmRecord.deleteMany({ where: { type: 'client', id: pair.crmId } })
  await world.run()
  const again = await world.run()
  expect(await database().crmRecord.count({ where: { type: 'client', id: pair.crmId } })).toBe(1)
  expect(await database().syncItem.count({ where: { runId: again.id } })).toBe(0)
})

test('a value that was cut is told once, when it is really written (§13.13)', async () => {
  await open()
  await world.run({ allBatches: true })
  const pair = await database().crmMapping.findFirst({ where: { type: 'client' } })
  if (!pair) throw new Error('The sandbox has no pair of clients.')
  const fields = { Email: `${'e'.repeat(60)}@example.com` }
  await control.act({ action: 'edit', side: 'erp', type: 'client', key: Number(pair.erpKey), fields })
  await control.setFaults({ crm: { rights: { firm: { read: true, write: false } } } })
  await world.run()
  await world.run()
  const cuts = () => database().integrationLogEntry.count({ where: { code: 'CW-1301', erpKey: pair.erpKey } })
  expect(await cuts()).toBe(0)
  await control.setFaults({ crm: { rights: { firm: { read: true, write: true } } } })
  await world.run()
  await world.run()
  expect(await cuts()).toBe(1)
})

test('where totals may not be read, one line says so and the ERP is not asked for each project', async () => {
  await open()
  await control.setFaults({ erp: { deniedMethods: ['GetProjectTotals'] } })
  const run = await world.run({ allBatches: true })
  const lines = (await logOf(run.id)).filter((line) => line.code === 'CW-1307')
  const asked = (await control.journal({ system: 'erp' })).filter((call) => call.name === 'GetProjectTotals')
  expect(lines).toHaveLength(1)
  expect(asked.length).toBeLessThan(10)
})

test('forty thousand findings are stored and forgotten in one go', async () => {
  await open()
  const { id: runId } = await world.run()
  const at = { connectionId: world.connectionId, type: 'contact', runId } as const
  const findings = Array.from({ length: 40_000 }, (_, index): MatchFinding => {
    const key = `f${index}`
    return { erpKey: key, erpName: `Name "${index}"`, kind: 'ambiguous', crmIds: ['x', 'y'], erpKeys: [key, 'z'] }
  })
  const replace = (now: readonly MatchFinding[]) =>
    database().$transaction((tx) => replaceFindings(tx, at, now), { timeout: 20_000 })
  expect((await replace(findings)).size).toBe(40_000)
  expect((await replace(findings)).size).toBe(0)
  expect(await database().matchFinding.findFirst({ where: { erpKey: 'f7' } })).toMatchObject({
    erpName: 'Name "7"',
    crmIds: ['x', 'y'],
    erpKeys: ['f7', 'z'],
  })
  await replace([])
  expect(await database().matchFinding.count({ where: { type: 'contact' } })).toBe(0)
  const keys = findings.map((finding) => finding.erpKey)
  expect(await findProjectsWithoutTotals(world.connectionId, keys, new Date())).toEqual([])
})

test('a flagged CRM project with one unmapped namesake in the ERP is mapped to it, and its switch stays off (§4.2, §13.1)', async () => {
  await open()
  await world.run({ allBatches: true })
  const off = await database().project.findMany({ where: { syncToCrm: false, createInCrm: false } })
  const pair = await database().crmMapping.findFirst({
    where: { type: 'project', removedAt: null, erpKey: { in: off.map((project) => project.key) } },
  })
  if (!pair) throw new Error('The sandbox has no pair that is not set to sync.')
  const { erpKey, crmId } = pair
  const at = { connectionId: world.connectionId, type: 'project', erpKey } as const
  await unlinkPair({ ...at, by: 'ann@example.com' })
  await world.run()
  expect(await database().crmMapping.count({ where: { erpKey, type: 'project', removedAt: null } })).toBe(0)

  await control.act({ action: 'edit', side: 'crm', type: 'project', key: crmId, fields: { AjeraSync: 'Y' } })
  const run = await world.run()
  const again = await database().crmMapping.findFirst({ where: { erpKey, type: 'project', removedAt: null } })
  expect(again).toMatchObject({ crmId, matchedBy: 'name', syncOverride: null })
  expect((await logOf(run.id)).filter((line) => line.method === 'Map Project')).toMatchObject([{ erpKey }])
})

test('a name that is only alike is offered to a person and paired by no run (§4.9)', async () => {
  await open()
  const name = 'Harbour wall, northern section'
  const erp = { action: 'add', side: 'erp', type: 'project', fields: { Description: name, SyncToCRM: true } } as const
  const crm = { action: 'add', side: 'crm', type: 'project', fields: { WBS1: 'LIKE-1', Name: `${name}s` } } as const
  const { key } = await control.act(erp)
  await control.act(crm)
  await world.run({ allBatches: true, mapUnsynced: true })
  const erpKey = key ?? ''
  expect(await database().crmMapping.count({ where: { type: 'project', erpKey } })).toBe(0)
  expect(await database().crmMapping.count({ where: { type: 'project', crmId: 'LIKE-1' } })).toBe(0)
  const offered = await findLookAlikes(world.connectionId, 'project', { erpKey, name, limit: 5 })
  expect(offered.map((candidate) => candidate.crmId)).toContain('LIKE-1')
})
