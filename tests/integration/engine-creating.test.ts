import { afterEach, expect, test } from 'vitest'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import type { FaultPatch } from '#lib/sandbox/faults'
import { database } from '#lib/store/database'
import { logOf, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 12, clients: 4, contacts: 6, employees: 4 }

let world: World
let control: SandboxControl

async function open(crm: FaultPatch['crm'] = {}): Promise<void> {
  world = await openWorld({ ...SIZE, faults: { crm } })
  control = sandboxControl(world.sandbox.controlUrl)
}
afterEach(() => world.close())

async function addProject(fields: Record<string, string | boolean>): Promise<string> {
  const { key } = await control.act({ action: 'add', side: 'erp', type: 'project', fields })
  return key ?? ''
}

async function editProject(key: string, fields: Record<string, string | boolean>): Promise<void> {
  await control.act({ action: 'edit', side: 'erp', type: 'project', key: Number(key), fields })
}

const pairOf = (erpKey: string) =>
  database().crmMapping.findFirst({ where: { type: 'project', erpKey, removedAt: null } })
const itemOf = (runId: string, erpKey: string) =>
  database().syncItem.findMany({ where: { runId, type: 'project', erpKey } })

test('a project without a match is left out and told once; where the run creates what has no match, it is created and mapped (§4.8, §13.13)', async () => {
  await open()
  const key = await addProject({ ID: 'N-1', Description: 'A name that nobody else has', SyncToCRM: true })
  const told = () =>
    database().integrationLogEntry.findMany({ where: { erpKey: key, type: 'project', method: 'Map Project' } })
  const first = await world.run({ allBatches: true })
  const second = await world.run({ allBatches: true, whenNoMatch: 'create' })
  expect(await told()).toMatchObject([
    { runId: first.id, code: 'CW-1201', message: expect.stringContaining('no match') },
  ])
  expect(second.counters.project).toMatchObject({ considered: SIZE.projects + 1, created: 0, updated: 0, failed: 0 })
  expect(second.counters.project?.skipped).toBeGreaterThan(0)
  expect(await pairOf(key)).toBeNull()

  const third = await world.run({ allBatches: true, mapUnsynced: true, whenNoMatch: 'create' })
  expect(await itemOf(third.id, key)).toMatchObject([{ action: 'create', outcome: 'created' }])
  expect(await pairOf(key)).toMatchObject({ crmId: 'N-1', matchedBy: 'created' })
  expect(await told()).toHaveLength(1)
})

test('a project marked Create in CRM gets its ERP ID as number, is dealt with once, and is set to sync without a write to the ERP (§5.4, §8.8, §13.14)', async () => {
  await open()
  const key = await addProject({ ID: '2026-014', Description: 'Harbour wall', CreateInCRM: true })
  const run = await world.run({ allBatches: true })
  expect(await itemOf(run.id, key)).toMatchObject([{ action: 'create', outcome: 'created', crmId: '2026-014' }])
  const [line] = (await logOf(run.id)).filter(({ erpKey, method }) => erpKey === key && method.includes('Project'))
  expect(line).toMatchObject({ severity: 'info', method: 'Vantagepoint Add Project' })
  expect((await control.journal({ system: 'erp' })).filter((call) => call.wrote)).toEqual([])
  expect(await database().project.findFirst({ where: { key } })).toMatchObject({ syncToCrm: false, createInCrm: true })

  await editProject(key, { Notes: 'Agreed by telephone.' })
  const next = await world.run()
  expect(await itemOf(next.id, key)).toMatchObject([{ action: 'update', outcome: 'updated' }])
})

test('a project without an ID is not created where the CRM does not number, and the log says why (§8.8, §13.8)', async () => {
  await open()
  const key = await addProject({ ID: '', Description: 'Harbour wall', CreateInCRM: true })
  const run = await world.run({ allBatches: true })
  expect(run.state).toBe('completed_with_errors')
  expect(await itemOf(run.id, key)).toMatchObject([{ action: 'create', outcome: 'failed', problemCode: 'CW-1112' }])
  const lines = (await logOf(run.id)).filter(({ severity }) => severity === 'error')
  expect(lines).toMatchObject([{ method: 'Vantagepoint Add Project', code: 'CW-1112', erpKey: key }])
  expect(lines[0]?.message).toMatch(/“Harbour wall”.*has no ID in Ajera, and Vantagepoint does not number/)
  expect(await pairOf(key)).toBeNull()
})

test.each([
  ['a number of the CRM’s own for a project without an ID', 'on', '', /^A\d{6}$/],
  ['a number that the CRM has rewritten', 'padded', '77', /^000077$/],
  ['a number that the CRM has filled in late', 'late', '', /^A\d{6}$/],
] as const)('%s is read back before the pair is stored (§8.8, §13.18)', async (_, project, ID, number) => {
  await open({ autoNumber: { project } })
  const key = await addProject({ ID, Description: 'Harbour wall', CreateInCRM: true })
  const run = await world.run({ allBatches: true })
  expect(await itemOf(run.id, key)).toMatchObject([{ outcome: 'created', crmId: expect.stringMatching(number) }])
  const pair = await pairOf(key)
  expect(pair?.crmId).toMatch(number)
  await editProject(key, { Notes: 'Agreed by telephone.' })
  const next = await world.run()
  expect(await itemOf(next.id, key)).toMatchObject([{ outcome: 'updated', crmId: pair?.crmId }])
  expect((await control.snapshot('crm')).duplicates).toEqual([])
})
