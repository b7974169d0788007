import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { setTimeout as timer } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startRun } from '#lib/engine/start'
import { sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import { NO_OPTIONS, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 150, clients: 40, contacts: 80, employees: 25 }
const KILLS = 10
const GRACE_SECONDS = 0.2

/** Advances the run in a process of its own; killed with -9 when `moment` has come, or left to its end. */
async function advance(world: World, runId: string, moment: Promise<unknown> | null): Promise<'killed' | 'ended'> {
  const child = spawn(process.execPath, ['tests/chaos/advance-child.ts'], {
    env: {
      ...process.env,
      CHAOS_ACCESS: JSON.stringify(world.sandbox.credentials),
      CHAOS_RUN: runId,
      CHAOS_GRACE_SECONDS: String(GRACE_SECONDS),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const gone = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)))
  if (moment !== null) {
    await Promise.race([moment, gone])
    child.kill('SIGKILL')
  }
  return (await gone) === 'SIGKILL' ? 'killed' : 'ended'
}

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

/** Firms, a person and a project of each, that the CRM has flagged and the ERP does not know. */
const FLAGGED = 8

async function addFlagged(world: World): Promise<void> {
  const control = sandboxControl(world.sandbox.controlUrl)
  const add = (type: 'firm' | 'contact' | 'project', fields: Record<string, string>) =>
    control.act({ action: 'add', side: 'crm', type, fields })
  for (let index = 0; index < FLAGGED; index += 1) {
    const ClientID = String(index + 1).padStart(32, 'A')
    await add('firm', { ClientID, Name: `Harbour firm ${index}`, ClientInd: 'Y', AjeraSync: 'Y' })
    await add('contact', {
      ContactID: String(index + 1).padStart(32, 'c'),
      FirstName: 'Ada',
      LastName: `Quay ${index}`,
      ClientID,
    })
    const project = { WBS1: `H-${index}`, Name: `Jetty ${index}`, LongName: `Jetty ${index}`, ClientID }
    await add('project', { ...project, AjeraSync: 'Y', ProjectTemplate: 'Standard Architecture' })
  }
}

test.each(FAULTS)(
  'records that are new in the CRM are created once in the ERP by a run that is killed again and again, while %s (§10.1, §10.4)',
  async (_, faults) => {
    const world = await openWorld({ projects: 20, clients: 6, contacts: 8, employees: 4 })
    const control = sandboxControl(world.sandbox.controlUrl)
    await world.run({ allBatches: true })
    const before = (await control.snapshot('erp')).counts
    await addFlagged(world)
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
      const ended = await advance(world, started.runId, writesReach(world, wanted, stop.signal))
      stop.abort()
      if (ended === 'ended') break
    }
    await advance(world, started.runId, null)
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
      if ((await advance(world, started.runId, timer(delay))) === 'ended') break
    }
    await advance(world, started.runId, null)
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
