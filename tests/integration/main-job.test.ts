import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { batchSentence } from '#lib/sync/batch'
import { addsUp } from '#lib/sync/outcome'
import { logOf, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 120, clients: 30, contacts: 60, employees: 20 }
const BATCH = 40

async function writes(control: SandboxControl): Promise<string[]> {
  return (await control.journal()).filter((call) => call.wrote).map((call) => call.name)
}

describe('run by run', () => {
  let world: World
  let control: SandboxControl
  beforeAll(async () => {
    world = await openWorld({ ...SIZE, settings: { batchSize: BATCH } })
    control = sandboxControl(world.sandbox.controlUrl)
  })
  afterAll(() => world.close())

  test('a first run pairs by name, sends one batch and says how often to run again (§4.1, §6.1, §7.8)', async () => {
    const run = await world.run()
    const lines = await logOf(run.id)
    expect(run.state).toBe('more_batches')
    expect(run.counters.project).toMatchObject({ considered: SIZE.projects, updated: BATCH, created: 0 })
    expect(run.counters.project?.notReached).toBe(run.remainingProjects)
    expect(run.message).toBe(batchSentence(run.remainingProjects, BATCH))
    expect(lines.at(0)?.message).toMatch(/^The sync was started by test from the command line\./)
    expect(lines.at(-1)).toMatchObject({ severity: 'info', method: 'Synchronize', message: run.message })
    expect(lines.filter((line) => line.method === 'Map Project' && line.severity === 'info').length).toBeGreaterThan(
      100,
    )
    for (const counts of Object.values(run.counters)) expect(addsUp(counts)).toBe(true)
  })

  test('re-running drains the backlog and ends with Sync Completed, without a word of batches (§6.2, §6.3)', async () => {
    let last = await world.run()
    for (let again = 0; last.state === 'more_batches' && again < 5; again += 1) last = await world.run()
    const lines = await logOf(last.id)
    expect(last.message).toBe('Sync Completed')
    expect(lines.at(-1)?.message).toBe('Sync Completed')
    expect(lines.some((line) => /batch|re-run/i.test(line.message) && line.method === 'Synchronize')).toBe(false)
    expect(last.counters.project?.created).toBeGreaterThan(0)
    expect(last.remainingProjects).toBe(0)
  })

  test('a further run writes nothing at all (§7.3)', async () => {
    await control.clearJournal()
    const run = await world.run()
    expect(await writes(control)).toEqual([])
    expect(run.counters.project).toMatchObject({ updated: 0, created: 0, notReached: 0 })
  })

  test('changed totals make a project due though its modified date did not move (§5.1)', async () => {
    const edited = (await control.journal({ system: 'erp' })).find((call) => call.name === 'GetProjectTotals')
    const key = Number(/\d+/.exec(edited?.query ?? '')?.[0])
    await control.act({ action: 'set-totals', key, totals: { SpentLabor: 123456.78 } })
    await control.clearJournal()
    const run = await world.run()
    expect(run.counters.project?.updated).toBe(1)
    expect(await writes(control)).toHaveLength(1)
  })
})

test('keep going does in one run what single runs do in several (§6.4, §13.12)', async () => {
  const single = await openWorld({ ...SIZE, settings: { batchSize: BATCH } })
  let run = await single.run()
  while (run.state === 'more_batches') run = await single.run()
  const wanted = await sandboxControl(single.sandbox.controlUrl).snapshot('crm')
  await single.close()

  const world = await openWorld({ ...SIZE, settings: { batchSize: BATCH } })
  const whole = await world.run({ allBatches: true })
  const lines = (await logOf(whole.id)).filter((line) => line.message.startsWith('Batch '))
  const got = await sandboxControl(world.sandbox.controlUrl).snapshot('crm')
  await world.close()

  expect(whole.message).toBe('Sync Completed')
  expect(lines[0]?.message).toBe('Batch 1 of 3 completed: 40 projects.')
  expect(lines).toHaveLength(3)
  expect(whole.batchesDone).toBe(3)
  expect(got.duplicates).toEqual([])
  expect(got.records).toEqual(wanted.records)
})
