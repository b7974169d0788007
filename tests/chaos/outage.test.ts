import { setTimeout as timer } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import type { OpenPorts } from '#lib/engine/context'
import { requestCancel, requestPause, resumeRun, startRun } from '#lib/engine/start'
import { createWeather, type Weather } from '#lib/http/weather'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import { findRunView } from '#lib/store/views-runs'
import { addsUp } from '#lib/sync/outcome'
import { logOf, NO_OPTIONS, openWorld, portsOf, type World } from '../support/world.ts'

const SIZE = { projects: 120, clients: 25, contacts: 50, employees: 15 }
/** In place of half a minute. */
const LEFT_ALONE = 600

let world: World
let control: SandboxControl

afterEach(() => world.close())

async function start(): Promise<string> {
  world = await openWorld({ ...SIZE, settings: { batchSize: 30 }, faults: { crm: { latencyMs: 4 } } })
  control = sandboxControl(world.sandbox.controlUrl)
  const options = { ...NO_OPTIONS, allBatches: true }
  return (await startRun({ connectionId: world.connectionId, trigger: 'cli', startedBy: 'ann@example.com', options }))
    .runId
}

/** Ports that remember how the systems behaved, as those of a saved connection do. */
function rememberingPorts(weather: Weather): OpenPorts {
  return async () => ({
    ...portsOf(world.sandbox.credentials, 0.05, {}, { crm: { weather } }),
    waitSeconds: { first: 0.3, longest: 1 },
  })
}

/** What a worker and its sweeper do, until the run has ended. */
async function workOn(runId: string, ports: OpenPorts): Promise<void> {
  for (;;) {
    const advanced = await advanceRun(runId, ports, new AbortController().signal, (error) => {
      throw error
    })
    if (advanced.ended || advanced.reason === 'finished') return
    await timer(50)
  }
}

async function whenWritten(writes: number): Promise<void> {
  while ((await control.counters()).crm.writes < writes) await timer(10)
}

async function twinRecords(): Promise<readonly string[]> {
  const twin = await openWorld({ ...SIZE, settings: { batchSize: 30 } })
  await twin.run({ allBatches: true })
  const { records } = await sandboxControl(twin.sandbox.controlUrl).snapshot('crm')
  await twin.close()
  return records
}

test.each([
  ['answers 502 to everything', { htmlErrors: 1_000_000 }, { htmlErrors: 0 }],
  ['is unavailable and asks for a second each time', { unavailable: 1_000_000 }, { unavailable: 0 }],
] as const)(
  'while the CRM %s the run waits, fails no record, goes on by itself and ends like an undisturbed one (§10.4)',
  async (_, ill, well) => {
    const wanted = await twinRecords()
    const runId = await start()
    const working = workOn(runId, rememberingPorts(createWeather({ leftAloneMilliseconds: LEFT_ALONE })))
    await whenWritten(40)
    const before = (await control.counters()).crm.calls
    await control.setFaults({ crm: ill })
    await expect
      .poll(async () => (await findRunView(runId))?.waiting?.reason, { timeout: 60_000 })
      .toMatch(/Vantagepoint/)
    const view = await findRunView(runId)
    const waited = (await control.counters()).crm.calls
    await timer(4_000)
    const knocks = (await control.counters()).crm.calls - waited
    const tries = (await findRun(runId))?.parkings ?? 0
    expect(view).toMatchObject({ state: 'queued', finishedAt: null })
    await control.setFaults({ crm: well })
    await working

    const run = await findRun(runId)
    expect(run).toMatchObject({ message: 'Sync Completed', parkedSince: null })
    for (const counts of Object.values(run?.counters ?? {})) {
      expect(addsUp(counts)).toBe(true)
      expect(counts).toMatchObject({ failed: 0, notReached: 0 })
    }
    const after = await control.snapshot('crm')
    expect(after.duplicates).toEqual([])
    expect(after.records).toEqual(wanted)
    const lines = (await logOf(runId)).filter(({ method }) => method === 'Synchronize').map(({ message }) => message)
    expect(lines.filter((line) => line.includes('The sync waits and goes on by itself'))).toHaveLength(1)
    expect(lines.filter((line) => line.includes('It answers again'))).toHaveLength(1)
    // Before it is left alone, no more than the calls under way and their few repetitions; then, at each try, a sign-in
    // (which the CRM still answers) and one call.
    expect(waited - before).toBeLessThanOrEqual(60)
    expect(tries).toBeGreaterThan(1)
    expect(knocks).toBeLessThanOrEqual(2 * (tries + 1))
  },
  120_000,
)

test('a paused run sends nothing until it is resumed, and then ends as if nothing had been (§10.5)', async () => {
  const wanted = await twinRecords()
  const runId = await start()
  const working = advanceRun(runId, world.openPorts, new AbortController().signal, () => undefined)
  await whenWritten(40)
  expect(await requestPause(runId, 'ann@example.com')).toBe(true)
  expect(await working).toEqual({ ended: false, reason: 'waiting' })
  expect(await findRunView(runId)).toMatchObject({ state: 'queued', pausedBy: 'ann@example.com' })

  const { writes } = (await control.counters()).crm
  expect(await advanceRun(runId, world.openPorts, new AbortController().signal, () => undefined)).toEqual({
    ended: false,
    reason: 'waiting',
  })
  expect((await control.counters()).crm.writes).toBe(writes)
  expect(await requestPause(runId, 'bob@example.com')).toBe(false)

  expect(await resumeRun(runId, { inProcess: true })).toBe(true)
  expect(await resumeRun(runId, { inProcess: true })).toBe(false)
  await workOn(runId, world.openPorts)
  expect((await findRun(runId))?.message).toBe('Sync Completed')
  expect((await control.snapshot('crm')).records).toEqual(wanted)
  const lines = (await logOf(runId)).map(({ message }) => message)
  expect(lines).toContain('The sync was paused by ann@example.com. It goes on when it is resumed.')
  expect(lines).toContain('The sync was resumed and goes on where it was paused.')
  expect(await database().integrationLogEntry.count({ where: { runId, code: 'CW-1011' } })).toBe(0)
})

test('a paused run that a person cancels ends at once, without a word of having gone on (§10.5)', async () => {
  const runId = await start()
  const working = advanceRun(runId, world.openPorts, new AbortController().signal, () => undefined)
  await whenWritten(20)
  await requestPause(runId, 'ann@example.com')
  await working
  const { writes } = (await control.counters()).crm
  expect(await requestCancel(runId, 'bob@example.com')).toBe(true)
  await workOn(runId, world.openPorts)
  expect((await findRun(runId))?.state).toBe('cancelled')
  expect((await control.counters()).crm.writes).toBe(writes)
  expect((await logOf(runId)).map(({ message }) => message)).not.toContain(
    'The sync was resumed and goes on where it was paused.',
  )
})
