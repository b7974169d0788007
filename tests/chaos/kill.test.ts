import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { setTimeout as timer } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startRun } from '#lib/engine/start'
import { sandboxControl } from '#lib/sandbox/control'
import { findRun } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import { NO_OPTIONS, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 150, clients: 40, contacts: 80, employees: 25 }
const KILLS = 10
const GRACE_SECONDS = 0.2

/** Advances the run in a process of its own; killed with -9 after `milliseconds`, or left to its end. */
async function advance(world: World, runId: string, milliseconds: number | null): Promise<'killed' | 'ended'> {
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
  if (milliseconds !== null) {
    await Promise.race([timer(milliseconds), gone])
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

test.each([
  ['answers arrive', {}],
  [
    'answers to writes are lost now and then, and some are lying 502s',
    { lostAnswerProbability: 0.05, lyingErrorProbability: 0.03 },
  ],
])(
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
      if ((await advance(world, started.runId, delay)) === 'ended') break
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
