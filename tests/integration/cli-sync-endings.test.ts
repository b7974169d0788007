import { afterEach, describe, expect, test } from 'vitest'
import type { RunDocument } from '#lib/engine/run-document'
import { type CliWorld, documentOf, openCliWorld, type RunningCli } from '../support/cli.ts'

let world: CliWorld | null = null
afterEach(async () => {
  await world?.close()
  world = null
})

async function open(...given: Parameters<typeof openCliWorld>): Promise<CliWorld> {
  world = await openCliWorld(...given)
  return world
}

/** A first sync that is in the middle of its writes and will be for a while. */
async function slowSync(at: CliWorld, ...words: string[]): Promise<RunningCli> {
  await at.control.setFaults({ crm: { latencyMs: 60 } })
  const running = at.start('sync', '--json', ...words)
  await untilWrites(at, 10)
  return running
}

async function untilWrites(at: CliWorld, count: number): Promise<void> {
  while ((await at.control.counters()).crm.writes < count) await new Promise(setImmediate)
}

describe('how a sync ends', () => {
  test('1 when a system does not let it in, with the reason on the log and nothing changed (§2.4)', async () => {
    const at = await open({}, { VANTAGEPOINT_PASSWORD: 'wrong' })
    const result = await at.run('sync', '--json')
    const run = documentOf(result)
    expect(result.status).toBe(1)
    expect(run.status).toBe('failed')
    expect(run.message).toContain('Vantagepoint')
    expect((await at.control.journal()).filter((call) => call.wrote)).toEqual([])
    const errors = documentOf<{ code: string; message: string }[]>(await at.run('log', '--severity', 'error', '--json'))
    expect(errors[0]?.code).toMatch(/^CW-\d{4}$/)
    expect(result.stderr + result.stdout).not.toContain('    at ')
  })

  test('3 when records failed and no batch is left, and the other records went on', async () => {
    const at = await open(
      { faults: { crm: { requiredFields: { contact: ['Email'] } } } },
      { CROSSWALK_BATCH_SIZE: '500' },
    )
    const result = await at.run('sync', '--json')
    const run = documentOf(result)
    expect(result.status).toBe(3)
    expect(run.status).toBe('completed_with_errors')
    expect(run.message).toBe('Sync Completed')
    expect(run.outcomes.contact.failed).toBeGreaterThan(0)
    expect(run.outcomes.project.updated).toBeGreaterThan(0)
  })

  test('5 when Ctrl-C asks it to stop: at the next record, what is done stays done (§10.5)', async () => {
    const at = await open()
    const running = await slowSync(at)
    // The terminal tells the whole process group, and `crosswalk` passes on what it hears: that is one Ctrl-C.
    running.child.kill('SIGINT')
    running.child.kill('SIGINT')
    const result = await running.result
    const run = documentOf(result)
    expect(result.status).toBe(5)
    expect(run.status).toBe('cancelled')
    expect(run.message).toMatch(/^The sync was cancelled/)
    expect(result.stderr).toContain('Cancelling at the next record.')
    const next = documentOf(await at.run('sync', '--all-batches', '--json'))
    expect(next.status).toBe('completed')
    expect((await at.control.snapshot('crm')).duplicates).toEqual([])
  })

  test('a second Ctrl-C ends the process at once, and the next sync continues the run', async () => {
    const at = await open()
    await at.control.setFaults({ crm: { only: 'POST', hanging: 50 } })
    const running = at.start('sync')
    await running.untilSaid('started.')
    while ((await at.control.journal({ system: 'crm' })).every((call) => call.status !== 0))
      await new Promise(setImmediate)
    running.child.kill('SIGINT')
    await running.untilSaid('Cancelling at the next record.')
    // Two signals in quick succession are one key press that was passed on, so this person presses until it ends.
    const pressing = setInterval(() => running.child.kill('SIGINT'), 400)
    expect((await running.result).status).toBe(130)
    clearInterval(pressing)
    await at.control.setFaults({ crm: { hanging: 0 } })
    const [left] = documentOf<RunDocument[]>(await at.run('runs', '--json'))
    expect(left?.status).toBe('running')
    const cancelled = await at.run('sync', '--json')
    expect(cancelled.status).toBe(5)
    expect(documentOf(cancelled).runId).toBe(left?.runId)
  })
})

describe('while a sync is going', () => {
  test('a second start follows it, prints its document and exits with its status (§13.9)', async () => {
    const at = await open()
    const first = await slowSync(at)
    const second = at.start('sync', '--map-unsynced', '--json')
    await second.untilSaid('A sync is going already, started by cli: following run')
    await at.control.setFaults({ crm: { latencyMs: 0 } })
    const results = await Promise.all([first.result, second.result])
    expect(results.map((result) => result.status)).toEqual([4, 4])
    expect(documentOf(results[1])).toEqual(documentOf(results[0]))
    expect(documentOf<RunDocument[]>(await at.run('runs', '--json'))).toHaveLength(1)
  })

  test('Ctrl-C in the one that follows leaves the run alone', async () => {
    const at = await open()
    const first = await slowSync(at)
    const second = at.start('sync')
    await second.untilSaid('following run')
    second.child.kill('SIGINT')
    const left = await second.result
    expect(left.status).toBe(130)
    expect(left.stderr).toContain('it goes on in another process')
    await at.control.setFaults({ crm: { latencyMs: 0 } })
    expect((await first.result).status).toBe(4)
  })

  test('runs cancel stops it from another process', async () => {
    const at = await open()
    const running = await slowSync(at)
    const [run] = documentOf<RunDocument[]>(await at.run('runs', '--json'))
    const cancel = await at.run('runs', 'cancel', run?.runId ?? '')
    expect(cancel.status).toBe(0)
    expect(cancel.stdout).toContain('stops at its next record')
    expect((await running.result).status).toBe(5)
  })

  test('runs pause lets it wait, and runs resume lets it go on, from another process', async () => {
    const at = await open()
    const running = await slowSync(at, '--all-batches')
    const [{ runId } = { runId: '' }] = documentOf<RunDocument[]>(await at.run('runs', '--json'))
    expect(await at.run('runs', 'pause', runId)).toMatchObject({ status: 0 })
    await running.untilSaid('Paused by cli')
    expect((await at.run('runs', 'pause', runId)).status).toBe(1)
    const { writes } = (await at.control.counters()).crm
    await at.control.setFaults({ crm: { latencyMs: 0 } })
    expect((await at.control.counters()).crm.writes).toBe(writes)
    expect(await at.run('runs', 'resume', runId)).toMatchObject({ status: 0 })
    expect((await at.run('runs', 'resume', runId)).status).toBe(1)
    expect(documentOf(await running.result)).toMatchObject({ runId, message: 'Sync Completed' })
  })

  test('the one that follows takes over when the other process is killed (§10.4)', async () => {
    const at = await open()
    const first = await slowSync(at)
    const second = at.start('sync', '--json')
    await second.untilSaid('following run')
    first.child.kill('SIGKILL')
    await at.control.setFaults({ crm: { latencyMs: 0 } })
    const result = await second.result
    expect(result.status).toBe(4)
    expect((await at.control.snapshot('crm')).duplicates).toEqual([])
  })
})

test('killed in the middle and started again, it ends like its undisturbed twin (§10.4)', async () => {
  const twin = await openCliWorld()
  const undisturbed = await twin.run('sync', '--all-batches')
  const expected = await twin.control.snapshot('crm')
  await twin.close()
  expect(undisturbed.status).toBe(0)

  const at = await open()
  for (const writes of [5, 30, 60]) {
    await at.control.setFaults({ crm: { latencyMs: 20 } })
    const running = at.start('sync', '--all-batches')
    await untilWrites(at, writes)
    running.child.kill('SIGKILL')
    expect((await running.result).status).toBeNull()
  }
  await at.control.setFaults({ crm: { latencyMs: 0 } })
  const last = await at.run('sync', '--json')
  expect(last.status).toBe(0)
  expect(documentOf(last).message).toBe('Sync Completed')
  const snapshot = await at.control.snapshot('crm')
  expect(snapshot.duplicates).toEqual([])
  expect(snapshot.records).toEqual(expected.records)
})
