import { afterEach, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import type { OpenPorts } from '#lib/engine/context'
import { startRun } from '#lib/engine/start'
import { sandboxControl } from '#lib/sandbox/control'
import type { Hub, Listing } from '#lib/sandbox/faults'
import { database } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import type { CrmKey } from '#lib/sync/ports'
import type { RecordType } from '#lib/sync/records'
import {
  countGoneRecords,
  firstPair,
  LOSING_SIZE,
  type LosingWorld,
  livingPairs,
  openLosing,
  openSynced,
} from '../support/losing-world.ts'
import { logOf, NO_OPTIONS, openWorld } from '../support/world.ts'

const HOUR = 60 * 60 * 1000

let world: LosingWorld
afterEach(() => world.close())

function withKeysOf(type: RecordType, keep: (keys: CrmKey[]) => CrmKey[]): OpenPorts {
  return world.portsWith((crm) => ({
    readKeys: async (of, options) => {
      const keys = await crm.readKeys(of, options)
      return of === type ? keep(keys) : keys
    },
  }))
}

function withReadsOf(type: RecordType, keep: 'every second' | 'none'): OpenPorts {
  return world.portsWith((crm) => ({
    async *readChanged(of, since, options) {
      for await (const page of crm.readChanged(of, since, options)) {
        const kept = keep === 'none' ? [] : page.records.filter((_, index) => index % 2 === 0)
        yield of === type ? { ...page, records: kept } : page
      }
    },
  }))
}

/** From that moment of each run on, lists of one hub answer as told. */
function withListsOf(hub: Hub, listing: Listing, after: 'the preflight' | 'the reads'): OpenPorts {
  const breakIt = () => world.control.setFaults({ crm: { lists: { [hub]: listing } } })
  return world.portsWith((crm) => ({
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
    world = await openSynced({ engine: { fullReadEvery } })
    const before = await livingPairs()
    for (const listing of ['half', 'empty', 'html', 'truncated'] as const) {
      await world.control.clearJournal()
      const run = await world.run({}, withListsOf(hub, listing, after))
      await world.control.setFaults({ crm: { lists: { [hub]: 'whole' } } })
      expect(run.state, listing).toBe('failed')
      const code = listing === 'half' || listing === 'empty' ? 'CW-1013' : 'CW-1103'
      expect((await logOf(run.id)).at(-1)).toMatchObject({ severity: 'error', code, message: run.message })
      expect(run.message).not.toMatch(/<|stack/i)
      expect(await livingPairs()).toEqual(before)
      expect(await countGoneRecords()).toBe(0)
      expect((await world.control.journal()).filter((call) => call.wrote)).toEqual([])
    }
    const last = await world.run({ allBatches: true })
    expect(last.message).toBe('Sync Completed')
    for (const counts of Object.values(last.counters)) expect(counts).toMatchObject({ created: 0, failed: 0 })
    expect((await livingPairs()).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  },
  240_000,
)

test('a list of keys that lacks only one living record is incomplete too (§13.10)', async () => {
  world = await openSynced()
  const { crmId } = await firstPair('employee')
  const before = await livingPairs()
  const run = await world.runAs({ ports: withKeysOf('employee', (keys) => keys.filter(({ id }) => id !== crmId)) })
  expect(run).toMatchObject({ state: 'failed', phase: 'remove' })
  expect(run.message).toContain(crmId)
  expect(await livingPairs()).toEqual(before)
})

test.each([
  ['every second', 'client'],
  ['none', 'contact'],
] as const)(
  'a first read that delivers %s of the %s records is found out by the list of keys, and nothing is created twice (§13.10)',
  async (keep, type) => {
    const twin = await openWorld(LOSING_SIZE)
    await twin.run({ allBatches: true })
    const undisturbed = (await sandboxControl(twin.sandbox.controlUrl).snapshot('crm')).hash
    await twin.close()

    world = await openLosing()
    const first = await world.runAs({ options: { allBatches: true }, ports: withReadsOf(type, keep) })
    expect(first).toMatchObject({ state: 'failed', phase: 'remove' })
    expect((await logOf(first.id)).at(-1)?.code).toBe('CW-1013')
    expect((await world.control.journal()).filter((call) => call.wrote)).toEqual([])
    expect((await world.run({ allBatches: true })).message).toBe('Sync Completed')
    expect((await world.control.snapshot('crm')).hash).toBe(undisturbed)
  },
  120_000,
)

test('a first read that was cut short unnoticed is made whole by the next run, whatever ended the first (§13.10)', async () => {
  world = await openLosing()
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
  expect(await database().crmRecord.count({ where: { type: 'contact' } })).toBeLessThan(LOSING_SIZE.contacts)
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

test('the list of keys is read in every manual run, and in automatic ones once a day (§13.10)', async () => {
  world = await openSynced()
  const listed: RecordType[] = []
  const ports = world.portsWith((crm) => ({
    readKeys: (type, options) => {
      listed.push(type)
      return crm.readKeys(type, options)
    },
  }))
  const ofRun = async (trigger: 'manual' | 'automatic') => {
    listed.length = 0
    expect((await world.runAs({ trigger, ports })).message).toBe('Sync Completed')
    return [...listed]
  }
  const all = ['employee', 'client', 'contact', 'project']
  expect(await ofRun('manual')).toEqual(all)
  expect(await ofRun('automatic')).toEqual([])
  await database().watermark.updateMany({ data: { keysReadAt: new Date(Date.now() - 24 * HOUR) } })
  expect(await ofRun('automatic')).toEqual(all)
  expect(await ofRun('automatic')).toEqual([])
})
