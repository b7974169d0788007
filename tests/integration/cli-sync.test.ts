import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunDocument } from '#lib/engine/run-document'
import { batchSentence } from '#lib/sync/batch'
import { addsUp } from '#lib/sync/outcome'
import { type CliWorld, documentOf, openCliWorld, SMALL_BATCH, SMALL_FIRM } from '../support/cli.ts'

const COUNT_KEYS = [
  'considered',
  'created',
  'updated',
  'unchanged',
  'mapped',
  'skipped',
  'conflict',
  'failed',
  'notReached',
]

async function writes(world: CliWorld): Promise<string[]> {
  return (await world.control.journal()).filter((call) => call.wrote).map((call) => call.name)
}

describe('run by run', () => {
  let world: CliWorld
  let first: RunDocument
  beforeAll(async () => {
    world = await openCliWorld()
  })
  afterAll(() => world.close())

  test('a first sync sends one batch, prints the sentence with the right number and exits with 4 (§6.1, §13.8)', async () => {
    const result = await world.run('sync', '--json')
    first = documentOf(result)
    expect(result.status).toBe(4)
    expect(first.status).toBe('more_batches')
    expect(first.outcomes.project).toMatchObject({ considered: SMALL_FIRM.projects, updated: SMALL_BATCH })
    const { remainingProjects, remainingRuns } = first.batches
    expect(remainingRuns).toBe(Math.ceil(remainingProjects / SMALL_BATCH))
    expect(remainingProjects).toBe(first.outcomes.project.notReached)
    expect(first.message).toBe(batchSentence(remainingProjects, SMALL_BATCH))
  })

  test('the document has exactly the keys of the contract, in its order', () => {
    expect(Object.keys(first)).toEqual([
      'runId',
      'trigger',
      'status',
      'startedAt',
      'finishedAt',
      'options',
      'batches',
      'outcomes',
      'message',
    ])
    expect(first.trigger).toBe('cli')
    expect(first.startedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(first.finishedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(first.options).toEqual({
      mapUnsynced: false,
      whenNoMatch: 'leave',
      includeClosed: false,
      allBatches: false,
      preview: false,
    })
    expect(Object.keys(first.batches)).toEqual(['size', 'done', 'remainingProjects', 'remainingRuns'])
    expect(first.batches).toMatchObject({ size: SMALL_BATCH, done: 1 })
    expect(Object.keys(first.outcomes)).toEqual(['project', 'client', 'contact', 'employee'])
    for (const counts of Object.values(first.outcomes)) {
      expect(Object.keys(counts)).toEqual(COUNT_KEYS)
      expect(addsUp(counts)).toBe(true)
    }
  })

  test('progress and remarks go to standard error, the answer alone to standard output', async () => {
    const result = await world.run('sync')
    expect(result.status).toBe(4)
    expect(result.stderr).toMatch(/^Run [0-9a-f-]{36} started\.$/m)
    expect(result.stderr).toContain('It continues the backlog of the run before it.')
    expect(result.stdout).toMatch(/^The sync contained more than 20 projects\. Please re-run/)
    expect(result.stdout).not.toContain('started.')
  })

  test('re-running drains the backlog and ends with Sync Completed (§6.3)', async () => {
    let result = await world.run('sync', '--json')
    for (let again = 0; result.status === 4 && again < 5; again += 1) result = await world.run('sync', '--json')
    const run = documentOf(result)
    expect(result.status).toBe(0)
    expect(run.status).toBe('completed')
    expect(run.message).toBe('Sync Completed')
    expect(run.batches).toMatchObject({ remainingProjects: 0, remainingRuns: 0 })
  })

  test('a further run sends no POST and no PUT (§7.3)', async () => {
    await world.control.clearJournal()
    const result = await world.run('sync')
    expect(result.status).toBe(0)
    expect(result.stdout).toMatch(/^Sync Completed\n/)
    expect(await writes(world)).toEqual([])
    expect((await world.control.journal({ system: 'crm' })).length).toBeGreaterThan(0)
  })

  test('runs shows them newest first, and each by its id', async () => {
    const runs = documentOf<RunDocument[]>(await world.run('runs', '--json'))
    expect(runs.length).toBeGreaterThanOrEqual(4)
    expect(runs.at(-1)).toEqual(first)
    expect(documentOf(await world.run('runs', 'show', first.runId, '--json'))).toEqual(first)
    const shown = await world.run('runs', 'show', first.runId)
    expect(shown.stdout).toContain(first.message)
    expect((await world.run('runs')).stdout).toContain(first.runId)
  })

  test('cancelling a run that has ended says so and exits with 1', async () => {
    const result = await world.run('runs', 'cancel', first.runId)
    expect(result.status).toBe(1)
    expect(result.stderr).toContain('has ended already')
  })
})

test('--all-batches does it in one run (§6.4)', async () => {
  const world = await openCliWorld()
  try {
    const result = await world.run('sync', '--all-batches', '--json')
    const run = documentOf(result)
    expect(result.status).toBe(0)
    expect(run.message).toBe('Sync Completed')
    expect(run.options.allBatches).toBe(true)
    expect(run.batches.done).toBe(Math.ceil(run.outcomes.project.updated / SMALL_BATCH))
    const log = documentOf<{ message: string }[]>(await world.run('log', '--json', '--method', 'Synchronize'))
    expect(log[0]?.message).toBe('Sync Completed')
    expect(log.some((line) => /^Batch 2 of \d completed: 20 projects\.$/.test(line.message))).toBe(true)
    expect(log.some((line) => line.message.includes('re-run'))).toBe(false)
  } finally {
    await world.close()
  }
})
