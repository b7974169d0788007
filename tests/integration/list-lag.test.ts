import { afterEach, expect, test } from 'vitest'
import { findConnection } from '#lib/store/connections'
import { openWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const SIZE = { projects: 20, clients: 6, contacts: 10, employees: 10 }

test('how long the CRM takes to list what it has numbered itself is measured, and the longest is kept (guide/reliability.md, K2)', async () => {
  world = await openWorld({ ...SIZE, faults: { crm: { autoNumber: { employee: 'on' }, searchLagMs: 700 } } })
  expect((await findConnection(world.connectionId))?.listLagMilliseconds).toBeNull()
  const run = await world.run({ allBatches: true })
  expect(run.counters.employee?.created).toBeGreaterThan(0)
  const measured = (await findConnection(world.connectionId))?.listLagMilliseconds
  expect(measured).toBeGreaterThanOrEqual(600)
  expect(measured).toBeLessThan(5_000)
})

test('where every key is chosen by us, nothing is asked for it', async () => {
  world = await openWorld(SIZE)
  await world.run({ allBatches: true })
  expect((await findConnection(world.connectionId))?.listLagMilliseconds).toBeNull()
})
