import { afterEach, expect, test } from 'vitest'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 40, clients: 8, contacts: 10, employees: 5 }

let world: World
let control: SandboxControl

async function open(batchSize: number): Promise<void> {
  world = await openWorld({ ...SIZE, settings: { batchSize } })
  control = sandboxControl(world.sandbox.controlUrl)
}
afterEach(() => world.close())

test('while a backlog remains, clients are sent and projects marked Create in CRM wait; the run that empties it creates them (§6.2, §6.3)', async () => {
  await open(8)
  const fields = { ID: 'NEW-1', Description: 'Ferry terminal, new in the ERP', CreateInCRM: true }
  const { key } = await control.act({ action: 'add', side: 'erp', type: 'project', fields })
  let run = await world.run()
  const [client] = await database().crmMapping.findMany({ where: { type: 'client' } })
  if (!client) throw new Error('The sandbox has no pair of clients.')
  let runsWithBacklog = 0
  for (; run.state === 'more_batches'; run = await world.run()) {
    runsWithBacklog += 1
    expect(await database().syncItem.count({ where: { runId: run.id, type: 'project', outcome: 'created' } })).toBe(0)
    if (runsWithBacklog > 1) expect(run.counters.client).toMatchObject({ updated: 1 })
    const edit = { Notes: `Edited after run ${runsWithBacklog}.` }
    await control.act({ action: 'edit', side: 'erp', type: 'client', key: Number(client.erpKey), fields: edit })
  }
  expect(runsWithBacklog).toBeGreaterThan(1)
  expect(run.message).toBe('Sync Completed')
  const created = await database().syncItem.findMany({ where: { type: 'project', outcome: 'created' } })
  expect(created.map((item) => [item.runId, item.erpKey])).toEqual([[run.id, key]])
}, 60_000)

test('a project that changes again and again while it waits in the backlog is sent once, with the newest content (§6.6)', async () => {
  await open(7)
  let run = await world.run()
  const waiting = await database().crmMapping.findMany({
    where: { type: 'project', lastSyncedAt: null, removedAt: null },
    orderBy: { erpKey: 'asc' },
  })
  const eligible = await database().project.findMany({ where: { syncToCrm: true, closed: false } })
  const pair = waiting.find(({ erpKey }) => eligible.some((project) => project.key === erpKey))
  if (!pair) throw new Error('No project is left in the backlog.')
  await control.clearJournal()
  let edits = 0
  for (; run.state === 'more_batches'; run = await world.run()) {
    edits += 1
    const fields = { Notes: `Edit ${edits} of a project that waits.` }
    await control.act({ action: 'edit', side: 'erp', type: 'project', key: Number(pair.erpKey), fields })
  }
  expect(edits).toBeGreaterThan(1)
  const sent = (await control.journal({ system: 'crm' })).filter(
    (call) => call.wrote && call.name === `PUT /project/${pair.crmId}`,
  )
  expect(sent).toHaveLength(1)
  const crm = await database().crmRecord.findFirst({ where: { type: 'project', id: pair.crmId } })
  expect(crm?.fields).toMatchObject({ Memo: `Edit ${edits} of a project that waits.` })
}, 60_000)
