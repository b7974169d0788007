import { afterEach, expect, test } from 'vitest'
import { sandboxControl } from '#lib/sandbox/control'
import { openInStep, type WayBack } from '../support/way-back.ts'
import { openWorld } from '../support/world.ts'

/** What must not matter (guide/reliability.md, invariants 11 and 18). */
let back: WayBack | null = null
afterEach(async () => {
  await back?.world.close()
  back = null
})

test.each([
  ['ten minutes fast, then right again', 600],
  ['ten minutes slow, then right again', -600],
])('both remote clocks are %s: no edit on either side is lost (§3.4)', async (_, clockSkewSeconds) => {
  back = await openInStep()
  const { control } = back
  const pairs = (await back.pairs('contact')).slice(0, 6)
  const titles = new Map<string, string>()
  async function edit(round: string): Promise<void> {
    for (const [index, { erpKey, crmId }] of pairs.entries()) {
      const title = `${round} ${index}`
      titles.set(erpKey, title)
      if (index % 2 === 0) await back?.inErp('contact', erpKey, { Title: title })
      else await back?.inCrm('contact', crmId, { Title: title })
    }
  }
  await control.setFaults({ erp: { clockSkewSeconds }, crm: { clockSkewSeconds } })
  await edit('Skewed')
  await back.run()
  await control.setFaults({ erp: { clockSkewSeconds: 0 }, crm: { clockSkewSeconds: 0 } })
  await edit('Right')
  await back.run()
  await back.run()
  await back.writes()
  await back.run()
  expect(await back.writes()).toEqual({ erp: [], crm: [] })
  for (const { erpKey, crmId } of pairs) {
    expect((await back.erp('contact', erpKey)).fields.Title).toBe(titles.get(erpKey))
    expect((await back.crm('contact', crmId)).fields.Title).toBe(titles.get(erpKey))
  }
})

test('in which order and in pages of which size a system answers does not matter (§4.7)', async () => {
  const ends: (readonly string[])[] = []
  for (const crm of [{}, { maxPageSize: 7, unorderedRows: 'shuffled' }, { maxPageSize: 1000 }] as const) {
    const world = await openWorld({ projects: 60, clients: 15, contacts: 30, employees: 10, faults: { crm } })
    expect((await world.run({ allBatches: true, mapUnsynced: true, includeClosed: true })).message).toBe(
      'Sync Completed',
    )
    ends.push((await sandboxControl(world.sandbox.controlUrl).snapshot('crm')).records)
    await world.close()
  }
  expect(ends[1]).toEqual(ends[0])
  expect(ends[2]).toEqual(ends[0])
})
