import { afterEach, expect, test } from 'vitest'
import { restoreMapping } from '#lib/engine/restore'
import { database } from '#lib/store/database'
import { allowCreateAgain } from '#lib/store/restoring'
import { isHeldByBrake } from '#lib/store/views-brake'
import { findRunView } from '#lib/store/views-runs'
import { addsUp } from '#lib/sync/outcome'
import { countGoneRecords, firstPair, type LosingWorld, livingPairs, openSynced } from '../support/losing-world.ts'
import { logOf } from '../support/world.ts'

const HOUR = 60 * 60 * 1000

/** Whether the page of the run offers to let the removals through. */
async function isHeld(runId: string): Promise<boolean> {
  const run = await findRunView(runId)
  return run !== null && isHeldByBrake(run)
}

let world: LosingWorld
afterEach(() => world.close())

test('a record that the CRM no longer has loses its mapping, and the row says why, when and by whom (§8.4)', async () => {
  world = await openSynced()
  const pairs = { project: await firstPair('project'), contact: await firstPair('contact') }
  await world.deleteInCrm('project', [pairs.project.crmId])
  await world.deleteInCrm('contact', [pairs.contact.crmId])
  const before = await livingPairs()
  const run = await world.run()
  expect(run.message).toBe('Sync Completed')
  expect(await livingPairs()).toHaveLength(before.length - 2)
  for (const pair of Object.values(pairs)) {
    const row = await database().crmMapping.findUniqueOrThrow({ where: { id: pair.id } })
    expect(row).toMatchObject({ removedBy: 'sync', removedCause: 'The CRM no longer has the record.', base: pair.base })
    expect(row.removedAt?.getTime()).toBeGreaterThan(run.createdAt.getTime() - 1)
    const lines = (await logOf(run.id)).filter((line) => line.code === 'CW-1205' && line.erpKey === pair.erpKey)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ severity: 'warning', method: 'Remove Mapping' })
    expect(lines[0]?.message).toContain(pair.erpName)
    expect(lines[0]?.message).toContain(pair.crmId)
  }
  for (const counts of Object.values(run.counters)) expect(addsUp(counts)).toBe(true)
})

test('what the CRM has lost is not created again by itself, in the same run or the next ones (§8.4)', async () => {
  world = await openSynced()
  const lost = [await firstPair('client'), await firstPair('contact'), await firstPair('employee')]
  for (const pair of lost) await world.deleteInCrm(pair.type, [pair.crmId])
  await world.control.clearJournal()
  const options = { mapUnsynced: true, whenNoMatch: 'create' } as const
  for (const run of [await world.run(options), await world.run(options)]) {
    expect(run.message).toBe('Sync Completed')
    for (const pair of lost) expect(run.counters[pair.type]).toMatchObject({ created: 0, failed: 0 })
    expect(run.counters.contact?.skipped).toBeGreaterThan(0)
  }
  const creates = (await world.control.journal({ system: 'crm' })).filter(
    (call) => call.wrote && call.method === 'POST',
  )
  expect(creates).toEqual([])
})

test('what the CRM has lost is paired again by name when the CRM has it once more (§8.4, §4.5)', async () => {
  world = await openSynced()
  const pair = await firstPair('contact')
  const { fields } = await database().contact.findFirstOrThrow({ where: { key: pair.erpKey } })
  const { FirstName = '', MiddleName = '', LastName = '' } = fields as Record<string, string | null>
  await world.deleteInCrm('contact', [pair.crmId])
  await world.run()
  expect((await livingPairs('contact')).some(({ erpKey }) => erpKey === pair.erpKey)).toBe(false)
  const name = { FirstName, MiddleName, LastName }
  await world.control.act({ action: 'add', side: 'crm', type: 'contact', fields: { ...name, ContactID: pair.crmId } })
  await world.run()
  const again = (await livingPairs('contact')).find(({ erpKey }) => erpKey === pair.erpKey)
  expect(again).toMatchObject({ crmId: pair.crmId, matchedBy: 'name' })
})

test('a removed mapping is restored once the CRM has the record again, and stays as it was agreed (§8.4)', async () => {
  world = await openSynced()
  const pair = await firstPair('project')
  const before = await database().crmMapping.findUniqueOrThrow({ where: { id: pair.id } })
  const seed = await database().crmRecord.findFirstOrThrow({ where: { type: 'project', id: pair.crmId } })
  await world.deleteInCrm('project', [pair.crmId])
  await world.run()
  const order = {
    connectionId: world.connectionId,
    type: 'project' as const,
    mappingId: pair.id,
    by: 'ann@example.com',
  }
  expect(await restoreMapping(order, world.openPorts)).toMatchObject({ ok: false, reason: 'crm-unknown' })
  const fields = { WBS1: pair.crmId, Name: seed.name, LongName: seed.longName }
  await world.control.act({ action: 'add', side: 'crm', type: 'project', fields })
  expect(await restoreMapping(order, world.openPorts)).toMatchObject({ ok: true })
  const again = (await livingPairs('project')).find(({ erpKey }) => erpKey === pair.erpKey)
  expect(again).toMatchObject({ crmId: pair.crmId, createdBy: 'ann@example.com', base: before.base })
  expect((await world.run()).message).toBe('Sync Completed')
  expect((await livingPairs('project')).find(({ erpKey }) => erpKey === pair.erpKey)?.crmId).toBe(pair.crmId)
})

test('a record that a person wants created again is created by the next run, once (§8.4, §10.1)', async () => {
  world = await openSynced()
  const lost = [await firstPair('client'), await firstPair('project')]
  for (const pair of lost) await world.deleteInCrm(pair.type, [pair.crmId])
  expect((await world.run()).message).toBe('Sync Completed')
  for (const { type, erpKey } of lost) {
    const asked = { connectionId: world.connectionId, type, erpKey, by: 'ann@example.com' }
    expect(await allowCreateAgain(asked)).toMatchObject({ ok: true })
  }
  const run = await world.run()
  expect(run.counters).toMatchObject({ client: { created: 1, failed: 0 }, project: { created: 1, failed: 0 } })
  for (const { type, erpKey } of lost) {
    expect((await livingPairs(type)).find((pair) => pair.erpKey === erpKey)).toMatchObject({ matchedBy: 'created' })
  }
  const next = await world.run()
  expect(next.counters).toMatchObject({ client: { created: 0 }, project: { created: 0 } })
  expect((await world.control.snapshot('crm')).duplicates).toEqual([])
})

test('a type whose every mapping was removed is not matched as if for the first time (§8.4, §4.1)', async () => {
  world = await openSynced({ employees: 3 })
  const employees = await livingPairs('employee')
  expect(employees.length).toBeLessThanOrEqual(20)
  await world.deleteInCrm(
    'employee',
    employees.map(({ crmId }) => crmId),
  )
  const run = await world.run()
  expect(run.message).toBe('Sync Completed')
  expect(await livingPairs('employee')).toEqual([])
  const next = await world.run()
  expect(next.checkpoint.firstTime.employee).toBe(false)
  expect(next.counters.employee).toMatchObject({ created: 0 })
})

test('the brake holds at more than a tenth and more than twenty; a person releases it once, with a reason (§8.4)', async () => {
  world = await openSynced({ contacts: 200 })
  const contacts = (await livingPairs('contact')).slice(0, 25)
  const project = await firstPair('project')
  await world.deleteInCrm(
    'contact',
    contacts.map(({ crmId }) => crmId),
  )
  await world.deleteInCrm('project', [project.crmId])
  const before = await livingPairs()
  let heldRunId = ''
  for (const trigger of ['manual', 'automatic'] as const) {
    await database().watermark.updateMany({ data: { keysReadAt: new Date(Date.now() - 25 * HOUR) } })
    const run = await world.runAs({ trigger })
    expect(run).toMatchObject({ state: 'failed', phase: 'remove' })
    expect(run.message).toContain(`25 of ${(await livingPairs('contact')).length} contact mappings`)
    expect((await logOf(run.id)).at(-1)).toMatchObject({ severity: 'error', code: 'CW-1014', message: run.message })
    expect(await livingPairs()).toEqual(before)
    expect(await countGoneRecords()).toBe(0)
    heldRunId = run.id
    expect(await isHeld(heldRunId)).toBe(true)
  }

  const run = await world.runAs({ brakeReason: 'Old contacts were cleaned out on purpose.' })
  expect(run.message).toBe('Sync Completed')
  expect(await livingPairs()).toHaveLength(before.length - 26)
  const lines = await logOf(run.id)
  expect(lines.filter((line) => line.code === 'CW-1205')).toHaveLength(26)
  const released = lines.filter((line) => line.message.includes('Old contacts were cleaned out on purpose.'))
  expect(released).toHaveLength(1)
  expect(released[0]?.message).toContain('ann@example.com')
  expect([await isHeld(heldRunId), await isHeld(run.id)]).toEqual([false, false])

  const rest = (await livingPairs('contact')).slice(0, 25)
  await world.deleteInCrm(
    'contact',
    rest.map(({ crmId }) => crmId),
  )
  expect((await world.runAs({})).state).toBe('failed')
}, 240_000)

test('twenty of two hundred may go without a person (§8.4)', async () => {
  world = await openSynced({ contacts: 200 })
  const contacts = (await livingPairs('contact')).slice(0, 20)
  await world.deleteInCrm(
    'contact',
    contacts.map(({ crmId }) => crmId),
  )
  const run = await world.run()
  expect(run.message).toBe('Sync Completed')
  expect((await logOf(run.id)).filter((line) => line.code === 'CW-1205')).toHaveLength(20)
})

test('an unpaired record is gone once its key is no longer listed, and back when it is listed again (§8.4)', async () => {
  world = await openSynced()
  const paired = (await livingPairs('contact')).map(({ crmId }) => crmId)
  const lone = await database().crmRecord.findFirstOrThrow({ where: { type: 'contact', id: { notIn: paired } } })
  const gone = () => database().crmRecord.findMany({ where: { goneAt: { not: null } }, select: { id: true } })
  await world.deleteInCrm('contact', [lone.id])
  expect((await world.run()).message).toBe('Sync Completed')
  expect(await gone()).toEqual([{ id: lone.id }])

  await world.control.act({
    action: 'add',
    side: 'crm',
    type: 'contact',
    fields: { ContactID: lone.id, LastName: 'Back' },
  })
  // As if it had come back with the stamp of old: a read of what changed does not deliver it.
  const unread = world.portsWith((crm) => ({
    async *readChanged(type, since, options) {
      for await (const page of crm.readChanged(type, since, options))
        yield { ...page, records: page.records.filter(({ id }) => id !== lone.id) }
    },
  }))
  expect((await world.run({}, unread)).message).toBe('Sync Completed')
  expect(await gone()).toEqual([])
})
