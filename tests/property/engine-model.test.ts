import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commands, type Model, type Real, sync } from '../support/engine-model.ts'
import { sow } from '../support/seed.ts'
import { openInStep } from '../support/way-back.ts'

sow('Stories of the whole engine')

const STORIES = 5

test('whatever happens on both sides and to the process, in whatever order, both systems end as a model of twenty lines says (invariants 1 to 6, 12, 14)', async () => {
  let synced = 0
  await fc.assert(
    fc.asyncProperty(fc.oneof(commands({ calm: true }), commands({ calm: false })), async (story) => {
      const back = await openInStep({ projects: 6, clients: 4, contacts: 14, employees: 3 })
      try {
        const pairs = await back.pairs('contact')
        const titles = await Promise.all(
          pairs.map(async ({ erpKey, crmId }) => [
            (await back.erp('contact', erpKey)).fields.Title ?? '',
            (await back.crm('contact', crmId)).fields.Title ?? '',
          ]),
        )
        const real: Real = { back, keys: pairs.map((pair) => ({ ...pair })), runId: null }
        const model: Model = {
          openRun: false,
          contacts: titles.map(([erp, crm], at) => ({
            erp: erp ?? '',
            crm: crm ?? '',
            agreed: crm ?? '',
            gone: false,
            unsure: false,
            at,
          })),
        }
        await fc.asyncModelRun(() => ({ model, real }), story)
        await sync.run(model, real)
        await back.writes()
        await back.run()
        expect(await back.writes()).toEqual({ erp: [], crm: [] })
        synced += model.contacts.length
      } finally {
        await back.world.close()
      }
    }),
    { numRuns: STORIES, endOnFailure: true },
  )
  expect(synced).toBeGreaterThan(STORIES)
}, 600_000)
