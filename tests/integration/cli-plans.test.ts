import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CliWorld, documentOf, openCliWorld } from '../support/cli.ts'

describe('a plan at the command line', () => {
  let world: CliWorld
  beforeAll(async () => {
    world = await openCliWorld()
  })
  afterAll(() => world.close())

  async function writes(): Promise<number> {
    return (await world.control.journal()).filter((call) => call.wrote).length
  }

  test('a preview prints the planned outcomes, exits with 0 and writes nothing (§13.16)', async () => {
    const result = await world.run('sync', '--preview', '--all-batches', '--json')
    const preview = documentOf(result)
    expect(result.status).toBe(0)
    expect(preview.status).toBe('previewed')
    expect(preview.options.preview).toBe(true)
    expect(preview.outcomes.project.updated).toBeGreaterThan(0)
    expect(await writes()).toBe(0)

    const [plan] = JSON.parse((await world.run('plans', '--json')).stdout)
    expect(plan).toMatchObject({ planId: preview.runId, state: 'open', createdBy: 'cli' })
    const shown = JSON.parse((await world.run('plans', 'show', plan.planId, '--json')).stdout)
    expect(shown.changes).toContainEqual(
      expect.objectContaining({ type: 'project', kind: 'update-crm', included: true, field: 'Contract amount' }),
    )
    expect(await writes()).toBe(0)
  })

  test('apply does what was planned, once', async () => {
    const [plan] = JSON.parse((await world.run('plans', '--json')).stdout)
    const applied = await world.run('plans', 'apply', plan.planId, '--json')
    const run = documentOf(applied)
    expect(run.outcomes.project.updated).toBeGreaterThan(0)
    expect(await writes()).toBeGreaterThan(0)
    const again = await world.run('plans', 'apply', plan.planId)
    expect(again.status).toBe(1)
    expect(again.stderr).toContain('applied already')
  })

  test('a plan that is not there, and an id that is none, are told with status 2', async () => {
    const unknown = await world.run('plans', 'show', '01a205e4-2838-71b7-88fd-4b9049f851e2')
    expect(unknown).toMatchObject({ status: 2, stdout: '' })
    expect(unknown.stderr).toContain('There is no plan')
    expect((await world.run('plans', 'apply', '7')).status).toBe(2)
  })

  test('a discarded plan cannot be applied', async () => {
    const preview = documentOf(await world.run('sync', '--preview', '--json'))
    expect((await world.run('plans', 'discard', preview.runId)).status).toBe(0)
    const refused = await world.run('plans', 'apply', preview.runId)
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('discarded')
  })
})
