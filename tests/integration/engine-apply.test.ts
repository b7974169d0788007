import { afterEach, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import { applyPlan, approvePlan, discardPlan, tickPlan } from '#lib/engine/plans'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findPlanOfRun } from '#lib/store/plans'
import { findRun, type Run } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import { logOf, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 60, clients: 12, contacts: 20, employees: 8 }

let world: World
let control: SandboxControl

async function open(options: Parameters<typeof openWorld>[0] = {}): Promise<void> {
  world = await openWorld({ ...SIZE, ...options })
  control = sandboxControl(world.sandbox.controlUrl)
}
afterEach(() => world.close())

async function preview(): Promise<{ planId: string; runId: string }> {
  const run = await world.run({ preview: true, allBatches: true })
  const plan = await findPlanOfRun(run.id)
  if (!plan) throw new Error('The preview left no plan.')
  return { planId: plan.id, runId: run.id }
}

async function apply(planId: string, by = 'test'): Promise<Run> {
  const applied = await applyPlan({ planId, by, trigger: 'cli' })
  if (!applied.ok) throw new Error(applied.message)
  const defects: unknown[] = []
  await advanceRun(applied.runId, world.openPorts, new AbortController().signal, (error) => defects.push(error))
  if (defects.length > 0) throw defects[0]
  const run = await findRun(applied.runId)
  if (!run) throw new Error('The run is gone.')
  return run
}

async function itemsOf(runId: string) {
  return database().syncItem.findMany({ where: { runId }, orderBy: [{ type: 'asc' }, { position: 'asc' }] })
}

test('an approved plan is applied as it is: what was planned is what was written', async () => {
  await open()
  const { planId, runId } = await preview()
  const planned = (await itemsOf(runId)).filter((item) => item.included)
  const run = await apply(planId)
  for (const counts of Object.values(run.counters)) expect(addsUp(counts)).toBe(true)
  const done = await itemsOf(run.id)
  expect(done.filter((item) => item.problemCode === 'CW-1502')).toEqual([])
  expect(done.map((item) => [item.type, item.erpKey, item.outcome]).sort()).toEqual(
    planned.map((item) => [item.type, item.erpKey, item.outcome]).sort(),
  )
  const next = await world.run({ allBatches: true })
  expect(next.counters.project?.updated).toBe(0)
  expect(next.counters.client?.created).toBe(0)
})

test('what was unticked is not done, and what hangs on it heals in a later run', async () => {
  await open()
  const { planId, runId } = await preview()
  const created = (await itemsOf(runId)).filter((item) => item.type === 'client' && item.action === 'create')
  expect(created.length).toBeGreaterThan(0)
  await tickPlan(planId, { ids: created.map((item) => item.id) }, false)
  const run = await apply(planId)
  expect(run.counters.client?.created).toBe(0)
  const next = await world.run({ allBatches: true })
  expect(next.counters.client?.created).toBe(created.length)
})

test('records that changed on either side after the plan are refused as stale, and the others go on', async () => {
  await open()
  await world.run({ allBatches: true })
  await changeProjects('Notes', 'the plan is made for this', 15)
  const { planId, runId } = await preview()
  const planned = (await itemsOf(runId)).filter((item) => item.type === 'project' && item.action === 'update')
  expect(planned).toHaveLength(15)
  await changeProjects('Notes', 'changed after the plan', 7)
  const run = await apply(planId)
  expect(run.counters.project).toMatchObject({ updated: 8, skipped: 7 })
  const stale = (await logOf(run.id)).filter((line) => line.code === 'CW-1502')
  expect(stale).toHaveLength(7)
  for (const line of stale) expect(line.message).toContain('has changed since the plan was made')
})

/** Edits the first projects, by key, that are paired and set to sync in the ERP. */
async function changeProjects(field: string, value: string, howMany: number): Promise<void> {
  const pairs = await database().$queryRaw<{ key: string }[]>`
    SELECT m.erp_key AS key FROM crm_mapping m JOIN project p ON p.key = m.erp_key
     WHERE m.type = 'project' AND m.removed_at IS NULL AND p.sync_to_crm AND NOT p.closed
     ORDER BY m.erp_key LIMIT ${howMany}`
  for (const { key } of pairs)
    await control.act({ action: 'edit', side: 'erp', type: 'project', key: Number(key), fields: { [field]: value } })
}

test('a plan is applied once', async () => {
  await open()
  const { planId } = await preview()
  await apply(planId)
  expect(await applyPlan({ planId, by: 'test', trigger: 'cli' })).toMatchObject({
    ok: false,
    message: expect.stringContaining('applied already'),
  })
  expect(await discardPlan(planId, 'test')).toMatchObject({ ok: false })
})

test('where the connection asks for a second person, the one who made the plan cannot approve it', async () => {
  await open({ settings: { secondApprover: true } })
  const { planId } = await preview()
  expect(await applyPlan({ planId, by: 'test', trigger: 'cli' })).toMatchObject({ ok: false })
  expect(await approvePlan(planId, 'test')).toMatchObject({ ok: false })
  expect(await approvePlan(planId, 'second@example.com')).toEqual({ ok: true })
  const run = await apply(planId)
  expect(run.counters.project?.updated).toBeGreaterThan(0)
})

test('a pair whose CRM record is gone is removed by the plan, unless the record is back (§8.4)', async () => {
  await open()
  await world.run({ allBatches: true })
  const pairs = await database().crmMapping.findMany({ where: { type: 'contact', removedAt: null }, take: 2 })
  const [first, second] = pairs
  if (!first || !second) throw new Error('No contact is paired.')
  for (const { crmId } of pairs) await control.act({ action: 'delete', side: 'crm', type: 'contact', key: crmId })
  const { planId, runId } = await preview()
  const planned = (await itemsOf(runId)).filter((item) => item.action === 'unmap')
  expect(planned.map((item) => item.crmId).sort()).toEqual([first.crmId, second.crmId].sort())
  expect(await database().crmMapping.count({ where: { type: 'contact', removedAt: { not: null } } })).toBe(0)

  const one = planned.find((item) => item.crmId === second.crmId)
  if (!one) throw new Error('The second removal is not in the plan.')
  await tickPlan(planId, { ids: [one.id] }, false)
  await apply(planId)
  const removed = await database().crmMapping.findMany({ where: { removedAt: { not: null } } })
  expect(removed.map((pair) => pair.crmId)).toEqual([first.crmId])
})
