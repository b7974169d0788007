import { afterEach, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import type { OpenPorts } from '#lib/engine/context'
import { startRun } from '#lib/engine/start'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import type { Hub, Listing } from '#lib/sandbox/faults'
import { database } from '#lib/store/database'
import { findRun, type Run } from '#lib/store/runs'
import type { RunOptions } from '#lib/sync/eligibility'
import { addsUp } from '#lib/sync/outcome'
import type { Crm, CrmKey } from '#lib/sync/ports'
import type { RecordType } from '#lib/sync/records'
import { logOf, NO_OPTIONS, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 60, clients: 15, contacts: 40, employees: 10 }
const HUB = { employee: 'employee', client: 'firm', vendor: 'firm', contact: 'contact', project: 'project' } as const
const HOUR = 60 * 60 * 1000

let world: World
let control: SandboxControl

/** A firm that was synced once, so that everything which can be paired is. */
async function openSynced(options: Parameters<typeof openWorld>[0] = {}): Promise<void> {
  world = await openWorld({ ...SIZE, ...options })
  control = sandboxControl(world.sandbox.controlUrl)
  expect((await world.run({ allBatches: true })).message).toBe('Sync Completed')
}
afterEach(() => world.close())

const living = (type?: RecordType) =>
  database().crmMapping.findMany({ where: { type, removedAt: null }, orderBy: { erpKey: 'asc' } })
const goneRecords = () => database().crmRecord.count({ where: { goneAt: { not: null } } })

async function firstPair(type: RecordType) {
  const [pair] = await living(type)
  if (!pair) throw new Error(`The sandbox has no pair of type ${type}.`)
  return pair
}

async function deleteInCrm(type: RecordType, ids: readonly string[]): Promise<void> {
  for (const key of ids) await control.act({ action: 'delete', side: 'crm', type: HUB[type], key })
}

/** A run from start to end. Its trigger is set afterwards: only a run of the command line needs no queue. */
async function runAs(input: {
  trigger?: 'manual' | 'automatic'
  options?: Partial<RunOptions>
  brakeReason?: string
  ports?: OpenPorts
}): Promise<Run> {
  const { trigger = 'manual', options = {}, brakeReason, ports = world.openPorts } = input
  const { runId } = await startRun({
    connectionId: world.connectionId,
    trigger: 'cli',
    startedBy: 'ann@example.com',
    options: { ...NO_OPTIONS, ...options },
    ...(brakeReason ? { brakeReason } : {}),
  })
  await database().syncRun.update({ where: { id: runId }, data: { trigger } })
  const defects: unknown[] = []
  await advanceRun(runId, ports, new AbortController().signal, (error) => defects.push(error))
  expect(defects).toEqual([])
  const run = await findRun(runId)
  if (!run) throw new Error('The run is gone.')
  return run
}

/** The world's ports with lists of one type as a broken CRM gives them. */
function portsWith(replace: (crm: Crm) => Partial<Crm>): OpenPorts {
  return async (connectionId) => {
    const ports = await world.openPorts(connectionId)
    return { ...ports, crm: { ...ports.crm, ...replace(ports.crm) } }
  }
}

function withKeysOf(type: RecordType, keep: (keys: CrmKey[]) => CrmKey[]): OpenPorts {
  return portsWith((crm) => ({
    readKeys: async (of, options) => {
      const keys = await crm.readKeys(of, options)
      return of === type ? keep(keys) : keys
    },
  }))
}

function withReadsOf(type: RecordType, keep: 'every second' | 'none'): OpenPorts {
  return portsWith((crm) => ({
    async *readChanged(of, since, options) {
      for await (const page of crm.readChanged(of, since, options)) {
        const kept = keep === 'none' ? [] : page.records.filter((_, index) => index % 2 === 0)
        yield of === type ? { ...page, records: kept } : page
      }
    },
  }))
}

test('a record that the CRM no longer has loses its mapping, and the row says why, when and by whom (§8.4)', async () => {
  await openSynced()
  const pairs = { project: await firstPair('project'), contact: await firstPair('contact') }
  await deleteInCrm('project', [pairs.project.crmId])
  await deleteInCrm('contact', [pairs.contact.crmId])
  const before = await living()
  const run = await world.run()
  expect(run.message).toBe('Sync Completed')
  expect(await living()).toHaveLength(before.length - 2)
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
  await openSynced()
  const lost = [await firstPair('client'), await firstPair('contact'), await firstPair('employee')]
  for (const pair of lost) await deleteInCrm(pair.type, [pair.crmId])
  await control.clearJournal()
  const options = { mapUnsynced: true, whenNoMatch: 'create' } as const
  for (const run of [await world.run(options), await world.run(options)]) {
    expect(run.message).toBe('Sync Completed')
    for (const pair of lost) expect(run.counters[pair.type]).toMatchObject({ created: 0, failed: 0 })
    expect(run.counters.contact?.skipped).toBeGreaterThan(0)
  }
  const creates = (await control.journal({ system: 'crm' })).filter((call) => call.wrote && call.method === 'POST')
  expect(creates).toEqual([])
})

test('what the CRM has lost is paired again by name when the CRM has it once more (§8.4, §4.5)', async () => {
  await openSynced()
  const pair = await firstPair('contact')
  const { fields } = await database().contact.findFirstOrThrow({ where: { key: pair.erpKey } })
  const { FirstName = '', MiddleName = '', LastName = '' } = fields as Record<string, string | null>
  await deleteInCrm('contact', [pair.crmId])
  await world.run()
  expect((await living('contact')).some(({ erpKey }) => erpKey === pair.erpKey)).toBe(false)
  const name = { FirstName, MiddleName, LastName }
  await control.act({ action: 'add', side: 'crm', type: 'contact', fields: { ...name, ContactID: pair.crmId } })
  await world.run()
  const again = (await living('contact')).find(({ erpKey }) => erpKey === pair.erpKey)
  expect(again).toMatchObject({ crmId: pair.crmId, matchedBy: 'name' })
})

test('a type whose every mapping was removed is not matched as if for the first time (§8.4, §4.1)', async () => {
  await openSynced({ employees: 3 })
  const employees = await living('employee')
  expect(employees.length).toBeLessThanOrEqual(20)
  await deleteInCrm(
    'employee',
    employees.map(({ crmId }) => crmId),
  )
  const run = await world.run()
  expect(run.message).toBe('Sync Completed')
  expect(await living('employee')).toEqual([])
  const next = await world.run()
  expect(next.checkpoint.firstTime.employee).toBe(false)
  expect(next.counters.employee).toMatchObject({ created: 0 })
})

/** From that moment of each run on, lists of one hub answer as told. */
function withListsOf(hub: Hub, listing: Listing, after: 'the preflight' | 'the reads'): OpenPorts {
  const breakIt = () => control.setFaults({ crm: { lists: { [hub]: listing } } })
  return portsWith((crm) => ({
    async describe(options) {
      const description = await crm.describe(options)
      if (after === 'the preflight') await breakIt()
      return description
    },
    async readKeys(type, options) {
      await breakIt()
      return crm.readKeys(type, options)
    },
  }))
}

test.each([
  ['contact', 'the preflight', 24],
  ['firm', 'the preflight', 1],
  ['project', 'the reads', 1],
] as const)(
  'half a list, an empty one, HTML with status 200 and truncated JSON of the %s hub after %s end a run as failed, with a full read every %i runs: no mapping is lost, nothing is gone, nothing is created afterwards (§13.10, §8.4)',
  async (hub, after, fullReadEvery) => {
    await openSynced({ engine: { fullReadEvery } })
    const before = await living()
    for (const listing of ['half', 'empty', 'html', 'truncated'] as const) {
      await control.clearJournal()
      const run = await world.run({}, withListsOf(hub, listing, after))
      await control.setFaults({ crm: { lists: { [hub]: 'whole' } } })
      expect(run.state, listing).toBe('failed')
      const code = listing === 'half' || listing === 'empty' ? 'CW-1013' : 'CW-1103'
      expect((await logOf(run.id)).at(-1)).toMatchObject({ severity: 'error', code, message: run.message })
      expect(run.message).not.toMatch(/<|stack/i)
      expect(await living()).toEqual(before)
      expect(await goneRecords()).toBe(0)
      expect((await control.journal()).filter((call) => call.wrote)).toEqual([])
    }
    const last = await world.run({ allBatches: true })
    expect(last.message).toBe('Sync Completed')
    for (const counts of Object.values(last.counters)) expect(counts).toMatchObject({ created: 0, failed: 0 })
    expect((await living()).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  },
  240_000,
)

test('a list of keys that lacks only one living record is incomplete too (§13.10)', async () => {
  await openSynced()
  const { crmId } = await firstPair('employee')
  const before = await living()
  const run = await runAs({ ports: withKeysOf('employee', (keys) => keys.filter(({ id }) => id !== crmId)) })
  expect(run).toMatchObject({ state: 'failed', phase: 'remove' })
  expect(run.message).toContain(crmId)
  expect(await living()).toEqual(before)
})

test.each([
  ['every second', 'client'],
  ['none', 'contact'],
] as const)(
  'a first read that delivers %s of the %s records is found out by the list of keys, and nothing is created twice (§13.10)',
  async (keep, type) => {
    const twin = await openWorld(SIZE)
    await twin.run({ allBatches: true })
    const undisturbed = (await sandboxControl(twin.sandbox.controlUrl).snapshot('crm')).hash
    await twin.close()

    world = await openWorld(SIZE)
    control = sandboxControl(world.sandbox.controlUrl)
    const first = await runAs({ options: { allBatches: true }, ports: withReadsOf(type, keep) })
    expect(first).toMatchObject({ state: 'failed', phase: 'remove' })
    expect((await logOf(first.id)).at(-1)?.code).toBe('CW-1013')
    expect((await control.journal()).filter((call) => call.wrote)).toEqual([])
    expect((await world.run({ allBatches: true })).message).toBe('Sync Completed')
    expect((await control.snapshot('crm')).hash).toBe(undisturbed)
  },
  120_000,
)

test('a first read that was cut short unnoticed is made whole by the next run, whatever ended the first (§13.10)', async () => {
  world = await openWorld(SIZE)
  control = sandboxControl(world.sandbox.controlUrl)
  const half = withReadsOf('contact', 'every second')
  const broken: OpenPorts = async (connectionId) => {
    const ports = await half(connectionId)
    return { ...ports, crm: { ...ports.crm, readKeys: () => Promise.reject(new Error('The process died.')) } }
  }
  const { runId } = await startRun({
    connectionId: world.connectionId,
    trigger: 'cli',
    startedBy: 'ann@example.com',
    options: NO_OPTIONS,
  })
  await advanceRun(runId, broken, new AbortController().signal, () => undefined)
  expect((await findRun(runId))?.state).toBe('failed')
  expect(await database().crmRecord.count({ where: { type: 'contact' } })).toBeLessThan(SIZE.contacts)
  expect(await database().crmMapping.count()).toBe(0)
  const run = await world.run({ allBatches: true })
  expect(run.message).toBe('Sync Completed')
  expect(await countContactsOfOneName()).toBe(0)
})

/** Contacts of the CRM that share their name with another one. */
async function countContactsOfOneName(): Promise<number> {
  const rows = await database().crmRecord.groupBy({ by: ['name'], where: { type: 'contact' }, _count: true })
  return rows.filter((row) => row._count > 1).length
}

test('the brake holds at more than a tenth and more than twenty; a person releases it once, with a reason (§8.4)', async () => {
  await openSynced({ contacts: 200 })
  const contacts = (await living('contact')).slice(0, 25)
  const project = await firstPair('project')
  await deleteInCrm(
    'contact',
    contacts.map(({ crmId }) => crmId),
  )
  await deleteInCrm('project', [project.crmId])
  const before = await living()
  for (const trigger of ['manual', 'automatic'] as const) {
    await database().watermark.updateMany({ data: { keysReadAt: new Date(Date.now() - 25 * HOUR) } })
    const run = await runAs({ trigger })
    expect(run).toMatchObject({ state: 'failed', phase: 'remove' })
    expect(run.message).toContain(`25 of ${(await living('contact')).length} contact mappings`)
    expect((await logOf(run.id)).at(-1)).toMatchObject({ severity: 'error', code: 'CW-1014', message: run.message })
    expect(await living()).toEqual(before)
    expect(await goneRecords()).toBe(0)
  }

  const run = await runAs({ brakeReason: 'Old contacts were cleaned out on purpose.' })
  expect(run.message).toBe('Sync Completed')
  expect(await living()).toHaveLength(before.length - 26)
  const lines = await logOf(run.id)
  expect(lines.filter((line) => line.code === 'CW-1205')).toHaveLength(26)
  const released = lines.filter((line) => line.message.includes('Old contacts were cleaned out on purpose.'))
  expect(released).toHaveLength(1)
  expect(released[0]?.message).toContain('ann@example.com')

  const rest = (await living('contact')).slice(0, 25)
  await deleteInCrm(
    'contact',
    rest.map(({ crmId }) => crmId),
  )
  expect((await runAs({})).state).toBe('failed')
}, 240_000)

test('twenty of two hundred may go without a person (§8.4)', async () => {
  await openSynced({ contacts: 200 })
  const contacts = (await living('contact')).slice(0, 20)
  await deleteInCrm(
    'contact',
    contacts.map(({ crmId }) => crmId),
  )
  const run = await world.run()
  expect(run.message).toBe('Sync Completed')
  expect((await logOf(run.id)).filter((line) => line.code === 'CW-1205')).toHaveLength(20)
})

test('the list of keys is read in every manual run, and in automatic ones once a day (§13.10)', async () => {
  await openSynced()
  const listed: RecordType[] = []
  const ports = portsWith((crm) => ({
    readKeys: (type, options) => {
      listed.push(type)
      return crm.readKeys(type, options)
    },
  }))
  const ofRun = async (trigger: 'manual' | 'automatic') => {
    listed.length = 0
    expect((await runAs({ trigger, ports })).message).toBe('Sync Completed')
    return [...listed]
  }
  const all = ['employee', 'client', 'contact', 'project']
  expect(await ofRun('manual')).toEqual(all)
  expect(await ofRun('automatic')).toEqual([])
  await database().watermark.updateMany({ data: { keysReadAt: new Date(Date.now() - 24 * HOUR) } })
  expect(await ofRun('automatic')).toEqual(all)
  expect(await ofRun('automatic')).toEqual([])
})

test('an unpaired record is gone once its key is no longer listed, and back when it is (§8.4)', async () => {
  await openSynced()
  const paired = (await living('contact')).map(({ crmId }) => crmId)
  const unpaired = await database().crmRecord.findFirstOrThrow({ where: { type: 'contact', id: { notIn: paired } } })
  await deleteInCrm('contact', [unpaired.id])
  expect((await world.run()).message).toBe('Sync Completed')
  expect(await database().crmRecord.findMany({ where: { goneAt: { not: null } }, select: { id: true } })).toEqual([
    { id: unpaired.id },
  ])
})
