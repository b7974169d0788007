import { afterAll, beforeAll, expect, test } from 'vitest'
import { addsUp } from '#lib/sync/outcome'
import { logOf, openWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ projects: 120, clients: 30, contacts: 60, employees: 20, settings: { batchSize: 40 } })
})
afterAll(() => world.close())

test('a first run pairs by name, sends one batch and says how often to run again', async () => {
  const run = await world.run()
  console.log(JSON.stringify(run, null, 1))
  const lines = await logOf(run.id)
  console.log(lines.map((l) => `${l.severity} ${l.code ?? ''} ${l.method}: ${l.message}`).slice(0, 400).join('\n'))
  for (const counts of Object.values(run.counters)) expect(addsUp(counts)).toBe(true)
  expect(run.state).toBe('more_batches')
})
