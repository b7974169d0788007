import { randomInt } from 'node:crypto'
import { setTimeout as timer } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startRun } from '#lib/engine/start'
import { sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import { advanceInChild } from '../support/advance-in-child.ts'
import { addFlagged, FLAGGED } from '../support/flagged.ts'
import { NO_OPTIONS, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 150, clients: 40, contacts: 80, employees: 25 }
const KILLS = 10

async function undisturbed(): Promise<readonly string[]> {
  const world = await openWorld({ ...SIZE, settings: { batchSize: 50 } })
  await world.run({ allBatches: true })
  const { records } = await sandboxControl(world.sandbox.controlUrl).snapshot('crm')
  await world.close()
  return records
}

const FAULTS = [
  ['answers arrive', {}],
  [
    'answers to writes are lost now and then, and some are lying 502s',
    { lostAnswerProbability: 0.05, lyingErrorProbability: 0.03 },
  ],
] as const

/** Resolves when the ERP has carried out so many writes; the next answers are on their way then. */
async function writesReach(world: World, wanted: number, signal: AbortSignal): Promise<void> {
  const control = sandboxControl(world.sandbox.controlUrl)
  while (!signal.aborted && (await control.counters()).erp.writes < wanted) await timer(randomInt(1, 15))
}

test.each(FAULTS)(
  'records that are new in the CRM are created once in the ERP by a run that is killed again and again, while %s (§10.1, §10.4)',
  async (_, faults) => {
    const world = await openWorld({ projects: 20, clients: 6, contacts: 8, employees: 4 })
    const control = sandboxControl(world.sandbox.controlUrl)
    await world.run({ allBatches: true })
    const before = (await control.snapshot('erp')).counts
    await addFlagged(control)
    await control.setFaults({ erp: { latencyMs: 3, ...faults } })
    const started = await startRun({
      connectionId: world.connectionId,
      trigger: 'cli',
      startedBy: 'chaos',
      options: { ...NO_OPTIONS, allBatches: true },
    })
    const writes: number[] = []
    for (let kill = 0; kill < KILLS / 2; kill += 1) {
      const wanted = (await control.counters()).erp.writes + randomInt(1, 6)
      writes.push(wanted)
      const stop = new AbortController()
      const ended = await advanceInChild(world, started.runId, { moment: writesReach(world, wanted, stop.signal) })
      stop.abort()
      if (ended === 'ended') break
    }
    await advanceInChild(world, started.runId)
    const run = await findRun(started.runId)
    const after = await control.snapshot('erp')
    const pairs = await database().crmMapping.count({ where: { crmId: { startsWith: 'H-' }, removedAt: null } })
    await world.close()

    const story = `killed after ${writes.join(', ')} writes`
    expect(run?.message, story).toBe('Sync Completed')
    for (const type of ['client', 'contact', 'project']) {
      const made = (after.counts[type]?.api ?? 0) - (before[type]?.api ?? 0)
      expect([type, made], story).toEqual([type, FLAGGED])
      for (let index = 0; index < FLAGGED; index += 1) {
        const name = { client: `Harbour firm ${index}`, contact: `Quay ${index}`, project: `Jetty ${index}` }[type]
        const found = after.records.filter((line) => line.startsWith(`${type} new ${name} `))
        expect([name, found.length], story).toEqual([name, 1])
      }
    }
    expect(pairs, story).toBe(FLAGGED)
    for (const counts of Object.values(run?.counters ?? {})) expect(addsUp(counts), story).toBe(true)
  },
  240_000,
)

test.each(FAULTS)(
  'a first sync killed at ten random instants ends like an undisturbed one, while %s (§10.4)',
  async (_, faults) => {
    const wanted = await undisturbed()
    const world = await openWorld({
      ...SIZE,
      settings: { batchSize: 50 },
      faults: { crm: { latencyMs: 3, ...faults } },
    })
    const started = await startRun({
      connectionId: world.connectionId,
      trigger: 'cli',
      startedBy: 'chaos',
      options: { ...NO_OPTIONS, allBatches: true },
    })
    const delays: number[] = []
    for (let kill = 0; kill < KILLS; kill += 1) {
      // From the start of the process to well into its work; later kills reach later phases.
      const delay = randomInt(350, 1100)
      delays.push(delay)
      if ((await advanceInChild(world, started.runId, { moment: timer(delay) })) === 'ended') break
    }
    await advanceInChild(world, started.runId)
    const run = await findRun(started.runId)
    const got = await sandboxControl(world.sandbox.controlUrl).snapshot('crm')
    await world.close()

    const story = `killed after ${delays.join(', ')} ms`
    expect(run?.message, story).toBe('Sync Completed')
    expect(got.duplicates, story).toEqual([])
    expect(got.records, story).toEqual(wanted)
    for (const counts of Object.values(run?.counters ?? {})) expect(addsUp(counts), story).toBe(true)
  },
  240_000,
)
