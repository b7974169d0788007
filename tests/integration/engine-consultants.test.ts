import { afterEach, expect, test } from 'vitest'
import { sandboxControl } from '#lib/sandbox/control'
import { plainName } from '../support/naive-match.ts'
import { vantagepointWire, type Wire } from '../support/sandbox-clients.ts'
import { openWorld, type World } from '../support/world.ts'

/** Consultants of the ERP as vendor firms of the CRM, apart from every client firm. */
let world: World
const folded = (name: string): string => plainName(name).toLowerCase()

afterEach(() => world.close())

test('consultants meet their vendor firms, the others become firms of their own, and no client firm is touched', async () => {
  world = await openWorld({ projects: 4, clients: 12, contacts: 4, employees: 4 })
  const crm = vantagepointWire(world.sandbox.credentials.vantagepoint)
  const control = sandboxControl(world.sandbox.controlUrl)
  const firms = async (): Promise<Wire[]> => (await crm.get('/firm')).body
  const options = { historicalConsultants: true, allBatches: true }
  const before = await firms()
  const run = await world.run(options)
  expect(run.counters.vendor).toMatchObject({ created: 5, failed: 0 })
  const after = await firms()
  const known = new Set(before.map((row) => row.ClientID))
  const made = after.filter((row) => !known.has(row.ClientID) && row.VendorInd === 'Y')
  expect(made).toHaveLength(5)
  for (const row of made) expect(row).toMatchObject({ ClientInd: 'N', CustAjeraKey: expect.stringMatching(/^8\d\d$/) })
  const clients = after.filter((row) => row.ClientInd === 'Y')
  const names = new Set(clients.map((client) => folded(client.Name)))
  expect(made.filter((row) => names.has(folded(row.Name)))).toHaveLength(1)
  for (const client of clients) expect(client.CustAjeraKey).not.toMatch(/^8\d\d$/)
  await world.run(options)
  await control.clearJournal()
  expect((await world.run(options)).counters.vendor).toMatchObject({ created: 0, updated: 0, failed: 0 })
  const { crm: quiet, erp } = await control.counters()
  expect([quiet.writes, erp.writes]).toEqual([0, 0])
})
