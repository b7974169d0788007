import { afterEach, expect, test } from 'vitest'
import { sandboxControl } from '#lib/sandbox/control'
import { apiUsageToday } from '#lib/store/api-usage'
import { updateConnectionSettings } from '#lib/store/connections'
import { findBudget } from '#lib/store/views-budget'
import { findRunView } from '#lib/store/views-runs'
import { openWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

test('every call of every run is counted on its day, and stands beside what the API allows', async () => {
  world = await openWorld({ projects: 20, clients: 6, contacts: 10, employees: 6 })
  const control = sandboxControl(world.sandbox.controlUrl)
  await world.run({ allBatches: true })
  const { id } = await world.run({ allBatches: true })
  const made = await control.counters()
  expect(await apiUsageToday(world.connectionId)).toEqual({ erp: made.erp.calls, crm: made.crm.calls })

  await updateConnectionSettings(world.connectionId, { erpDailyCalls: made.erp.calls - 1, crmDailyCalls: null })
  const budget = await findBudget(world.connectionId, await findRunView(id), new Date())
  expect(budget.erp).toMatchObject({ usedToday: made.erp.calls, limit: made.erp.calls - 1, isShort: true })
  expect(budget.crm).toMatchObject({ usedToday: made.crm.calls, limit: null, isShort: false })
  expect(budget.finishesAt).toBeNull()
})
