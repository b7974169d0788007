import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunDocument } from '#lib/engine/run-document'
import { addsUp } from '#lib/sync/outcome'
import { type CliWorld, documentOf, openCliWorld } from '../support/cli.ts'

describe('crosswalk runs undo', () => {
  let world: CliWorld
  let source: RunDocument
  beforeAll(async () => {
    world = await openCliWorld()
    source = documentOf(await world.run('sync', '--all-batches', '--json'))
  })
  afterAll(() => world.close())

  test('a run that there is not is told, and nothing is done', async () => {
    const result = await world.run('runs', 'undo', '00000000-0000-7000-8000-000000000001')
    expect(result.status).toBe(2)
    expect(result.stderr).toContain('There is no run')
  })

  test('it undoes the run in its own process and prints the document of the undo (§12)', async () => {
    const result = await world.run('runs', 'undo', source.runId, '--pin', '--reason', 'Wrong firm', '--json')
    const undo = documentOf(result)
    expect(result.status).toBe(0)
    expect(undo).toMatchObject({ trigger: 'cli', status: 'completed' })
    expect(undo.runId).not.toBe(source.runId)
    expect(undo.message).toMatch(/^Undo completed: \d+ records? put back, \d+ kept in part or whole, 0 failed\.$/)
    for (const counts of Object.values(undo.outcomes)) expect(addsUp(counts)).toBe(true)
    expect(result.stderr).toContain(`it undoes run ${source.runId}`)
    const log = documentOf<{ message: string }[]>(
      await world.run('log', '--run', undo.runId, '--method', 'Synchronize', '--json'),
    )
    expect(log.at(-1)?.message).toContain(`The undo of run ${source.runId} was started by cli from the command line.`)
    expect(log.at(-1)?.message).toContain('Reason: “Wrong firm”.')
    const pairs = documentOf<{ status: string }[]>(await world.run('mappings', '--json'))
    expect(pairs.filter((pair) => pair.status === 'active')).toEqual([])
  })

  test('a second time it is refused with the reason, and so is the undo itself (§12)', async () => {
    const again = await world.run('runs', 'undo', source.runId, '--json')
    expect(again).toMatchObject({ status: 1, stdout: '' })
    expect(again.stderr).toContain('This run has been undone already.')
    const [newest] = documentOf<RunDocument[]>(await world.run('runs', '--json'))
    const undo = await world.run('runs', 'undo', newest?.runId ?? '')
    expect(undo.status).toBe(1)
    expect(undo.stderr).toContain('An undo cannot be undone.')
  })
})
