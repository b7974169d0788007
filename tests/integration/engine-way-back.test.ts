import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { database } from '#lib/store/database'
import { openInStep, type Pair, type WayBack } from '../support/way-back.ts'
import { logOf } from '../support/world.ts'

let back: WayBack
let projects: Pair[]
beforeEach(async () => {
  back = await openInStep()
  projects = await back.pairs('project')
})
afterEach(() => back.world.close())

function nth(pairs: readonly Pair[], index: number): Pair {
  const pair = pairs[index]
  if (!pair) throw new Error('The firm is too small for this test.')
  return pair
}

async function baseOf(type: 'project' | 'client' | 'contact', erpKey: string) {
  const pair = await database().crmMapping.findFirst({ where: { type, erpKey, removedAt: null } })
  return pair?.base
}

test('a shared field changed in the CRM is taken, of every type, each with its line; runs after it write nothing (§8.9, §7.2, §7.3)', async () => {
  const project = nth(projects, 0)
  const client = nth(await back.pairs('client'), 0)
  const contact = nth(await back.pairs('contact'), 0)
  await back.inCrm('project', project.crmId, { Memo: 'Talk to the\r\nharbour master.' })
  await back.inCrm('client', client.crmId, { PrimaryEmail: 'front@desk.example' })
  await back.control.act({ action: 'edit-address', client: client.crmId, fields: { Zip: '10115' } })
  await back.inCrm('contact', contact.crmId, { Title: 'Harbour master' })

  const run = await back.run()
  expect(await back.writes()).toEqual({ erp: ['UpdateClients', 'UpdateContacts', 'UpdateProjects'], crm: [] })
  for (const type of ['client', 'contact', 'project'] as const) expect(run.counters[type]).toMatchObject({ updated: 1 })
  expect((await back.erp('project', project.erpKey)).fields.Notes).toBe('Talk to the\nharbour master.')
  expect((await back.erp('client', client.erpKey)).fields).toMatchObject({ Email: 'front@desk.example', Zip: '10115' })
  expect((await back.erp('contact', contact.erpKey)).fields.Title).toBe('Harbour master')
  expect(await baseOf('client', client.erpKey)).toMatchObject({ PrimaryEmail: 'front@desk.example', Zip: '10115' })

  const lines = (await logOf(run.id)).filter((line) => line.method.startsWith('Ajera'))
  expect(lines.map(({ method, severity }) => [method, severity])).toEqual([
    ['Ajera Update Client', 'info'],
    ['Ajera Update Contact', 'info'],
    ['Ajera Update Project', 'info'],
  ])
  expect(lines[0]?.message).toMatch(/^Client “.+” \(\d+\) was updated in Ajera from Vantagepoint: E-mail, Zip\.$/)

  for (const again of [await back.run(), await back.run()]) {
    expect(await back.writes()).toEqual({ erp: [], crm: [] })
    expect(again.counters.project).toMatchObject({ updated: 0 })
  }
})

test('what the CRM emptied is emptied; what the ERP owns goes the other way, and is one outcome with it (§7.7, §7.8, §13.5)', async () => {
  const [both, notes] = [nth(projects, 0), nth(projects, 1)]
  await back.inCrm('project', notes.crmId, { Memo: 'For a while' })
  await back.run()
  expect((await back.erp('project', notes.erpKey)).fields.Notes).toBe('For a while')
  await back.inCrm('project', notes.crmId, { Memo: '' })
  const { Status } = (await back.crm('project', both.crmId)).fields
  await back.inCrm('project', both.crmId, { Memo: 'Mine', Status: Status === 'A' ? 'I' : 'A' })
  await back.control.clearJournal()

  const run = await back.run()
  expect((await back.erp('project', notes.erpKey)).fields.Notes).toBeNull()
  expect((await back.erp('project', both.erpKey)).fields.Notes).toBe('Mine')
  expect((await back.crm('project', both.crmId)).fields).toMatchObject({ Status, Memo: 'Mine' })
  expect((await back.writes()).crm).toHaveLength(1)
  expect(run.counters.project).toMatchObject({ updated: 2 })
  await back.run()
  expect(await back.writes()).toEqual({ erp: [], crm: [] })
})

test('a pinned field is not taken, nor is anything of a closed project before Sync closed projects (§7.2, §13.15)', async () => {
  const [pinned, closed] = [nth(projects, 0), nth(projects, 1)]
  await database().crmMapping.updateMany({
    where: { type: 'project', erpKey: pinned.erpKey },
    data: { pins: ['Memo'], settledErpHash: null },
  })
  await back.inErp('project', closed.erpKey, { Status: 'Closed' })
  await back.inCrm('project', pinned.crmId, { Memo: 'Not for the books' })
  await back.inCrm('project', closed.crmId, { Memo: 'Archived in room 12' })
  await back.run()
  expect(await back.writes()).toEqual({ erp: [], crm: [] })

  await back.run({ includeClosed: true })
  expect((await back.erp('project', closed.erpKey)).fields.Notes).toBe('Archived in room 12')
  expect((await back.erp('project', pinned.erpKey)).fields.Notes).not.toBe('Not for the books')
})

describe('the switch Sync to CRM (§9, §4.3)', () => {
  async function flagOf({ erpKey }: Pair): Promise<boolean> {
    return (await back.erp('project', erpKey)).syncToCrm
  }

  test('turned off and on again in the CRM is turned in the ERP, and nothing is sent in between', async () => {
    const pair = nth(projects, 0)
    await back.inCrm('project', pair.crmId, { AjeraSync: 'N' })
    await back.run()
    expect(await flagOf(pair)).toBe(false)
    await back.inErp('project', pair.erpKey, { Notes: 'Written meanwhile' })
    await back.control.clearJournal()
    const off = await back.run()
    expect(await back.writes()).toEqual({ erp: [], crm: [] })
    expect(off.counters.project?.skipped).toBeGreaterThan(0)

    await back.inCrm('project', pair.crmId, { AjeraSync: 'Y' })
    await back.run()
    expect(await flagOf(pair)).toBe(true)
    await back.run()
    expect((await back.crm('project', pair.crmId)).fields).toMatchObject({ AjeraSync: 'Y', Memo: 'Written meanwhile' })
    await back.control.clearJournal()
    await back.run()
    expect(await back.writes()).toEqual({ erp: [], crm: [] })
  })

  test('that the API user may not write is carried by the pairs, and one warning says so', async () => {
    const switched = [nth(projects, 0), nth(projects, 1)]
    await back.control.setFaults({ erp: { deniedMethods: ['UpdateProjects'] } })
    for (const { crmId } of switched) await back.inCrm('project', crmId, { AjeraSync: 'N' })
    const run = await back.run()
    expect((await logOf(run.id)).filter((line) => line.code === 'CW-1203')).toHaveLength(1)
    expect(run.state).toBe('completed')
    for (const { erpKey } of switched) await back.inErp('project', erpKey, { Notes: 'Not to be sent' })
    await back.control.clearJournal()
    const off = await back.run()
    expect(await back.writes()).toEqual({ erp: [], crm: [] })
    expect((await logOf(off.id)).filter((line) => line.code === 'CW-1203')).toHaveLength(0)

    const [first] = switched
    if (!first) return
    await back.inCrm('project', first.crmId, { AjeraSync: 'Y' })
    await back.run()
    await back.run()
    expect((await back.crm('project', first.crmId)).fields.Memo).toBe('Not to be sent')
  })
})

test('the way back waits until the backlog is empty, and the run that empties it does it (§6.2, §6.3)', async () => {
  await back.world.close()
  back = await openInStep({ settings: { batchSize: 5 } })
  projects = await back.pairs('project')
  const client = nth(await back.pairs('client'), 0)
  for (const { erpKey } of projects.slice(0, 8)) await back.inErp('project', erpKey, { ConstructionCost: 4711 })
  await back.inCrm('client', client.crmId, { Memo: 'Prefers letters' })
  await back.inCrm('project', nth(projects, 9).crmId, { Memo: 'Prefers calls' })

  const first = await back.run({ allBatches: false })
  expect(first).toMatchObject({ state: 'more_batches', remainingProjects: 3 })
  expect((await back.writes()).erp).toEqual([])
  const second = await back.run({ allBatches: false })
  expect(second).toMatchObject({ state: 'completed', message: 'Sync Completed' })
  expect((await back.writes()).erp).toEqual(['UpdateClients', 'UpdateProjects'])
  expect((await back.erp('client', client.erpKey)).fields.Notes).toBe('Prefers letters')
})

test('a record that the ERP refuses is failed with its reason, the others go on, and it is tried again (§6.5, §7.8)', async () => {
  const [contact, client] = [nth(await back.pairs('contact'), 0), nth(await back.pairs('client'), 0)]
  await back.control.setFaults({ erp: { deniedMethods: ['UpdateContacts'] } })
  await back.inCrm('contact', contact.crmId, { Title: 'Pilot' })
  await back.inCrm('client', client.crmId, { WebSite: 'https://harbour.example' })
  const run = await back.run()
  expect(run.state).toBe('completed_with_errors')
  expect(run.counters.contact).toMatchObject({ failed: 1, updated: 0 })
  expect(run.counters.client).toMatchObject({ failed: 0, updated: 1 })
  const [failed] = await database().syncItem.findMany({ where: { runId: run.id, outcome: 'failed' } })
  expect(failed).toMatchObject({ problemCode: 'CW-1108', changes: [], direction: 'to_erp' })

  await back.control.setFaults({ erp: { deniedMethods: [] } })
  expect((await back.run()).counters.contact).toMatchObject({ failed: 0, updated: 1 })
  expect((await back.erp('contact', contact.erpKey)).fields.Title).toBe('Pilot')
})
