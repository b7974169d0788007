import { afterEach, expect, test } from 'vitest'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { logOf, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 20, clients: 5, contacts: 6, employees: 4 }

let world: World
let control: SandboxControl
afterEach(() => world.close())

/** A world after its first sync, and a project that was sent in it. */
async function synced(): Promise<{ erpKey: string; crmId: string }> {
  world = await openWorld(SIZE)
  control = sandboxControl(world.sandbox.controlUrl)
  await world.run({ allBatches: true })
  const item = await database().syncItem.findFirst({
    where: { type: 'project', outcome: 'updated' },
    orderBy: { position: 'asc' },
  })
  if (!item?.crmId) throw new Error('The sandbox has no project to send.')
  await control.clearJournal()
  return { erpKey: item.erpKey, crmId: item.crmId }
}

async function writes(): Promise<string[]> {
  return (await control.journal()).filter((call) => call.wrote).map((call) => call.name)
}

async function statusInCrm(id: string): Promise<unknown> {
  const row = await database().crmRecord.findFirst({ where: { type: 'project', id } })
  return Object(row?.fields).Status
}

test('a project that has just been closed keeps its status in the CRM until closed projects are synced (§5.2, §13.15)', async () => {
  const { erpKey, crmId } = await synced()
  const fields = { Status: 'Closed' }
  await control.act({ action: 'edit', side: 'erp', type: 'project', key: Number(erpKey), fields })
  const before = await statusInCrm(crmId)
  await world.run()
  expect(await writes()).toEqual([])
  expect(await statusInCrm(crmId)).toBe(before)

  await world.run({ includeClosed: true })
  expect(await writes()).toContain(`PUT /project/${crmId}`)
  expect(await statusInCrm(crmId)).toBe('D')
})

test('a change in the CRM of a field that the ERP owns is put back by the next run, which tells what it overwrote (§9, §13.5)', async () => {
  const { erpKey, crmId } = await synced()
  const before = await statusInCrm(crmId)
  const other = before === 'D' ? 'A' : 'D'
  await control.act({ action: 'edit', side: 'crm', type: 'project', key: crmId, fields: { Status: other } })
  const run = await world.run()
  expect(await writes()).toEqual([`PUT /project/${crmId}`])
  expect(await statusInCrm(crmId)).toBe(before)
  const [line] = (await logOf(run.id)).filter((entry) => entry.erpKey === erpKey)
  expect(line).toMatchObject({ method: 'Vantagepoint Update Project' })
  expect(line?.message).toContain(`Status was “${other}”, is “${before}”`)
})
