import { afterEach, expect, test } from 'vitest'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findPlanOfRun } from '#lib/store/plans'
import { addsUp } from '#lib/sync/outcome'
import { logOf, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 60, clients: 12, contacts: 20, employees: 8 }

let world: World
let control: SandboxControl

async function open(options: Parameters<typeof openWorld>[0] = {}): Promise<void> {
  world = await openWorld({ ...SIZE, ...options })
  control = sandboxControl(world.sandbox.controlUrl)
}
afterEach(() => world.close())

async function writes(): Promise<number> {
  const calls = [...(await control.journal({ system: 'erp' })), ...(await control.journal({ system: 'crm' }))]
  return calls.filter((call) => call.wrote).length
}

/** What a preview must leave as it was: everything but what was read, the run, its plan and its log. */
async function bookkeeping() {
  const db = database()
  return {
    mappings: await db.crmMapping.findMany({ orderBy: { id: 'asc' } }),
    findings: await db.matchFinding.findMany({ orderBy: { erpKey: 'asc' } }),
    conflicts: await db.fieldConflict.findMany({ orderBy: { id: 'asc' } }),
    never: await db.neverMatch.findMany(),
  }
}

test.each([
  ['a first sync', {}],
  ['a first sync of everything', { allBatches: true, includeClosed: true, mapUnsynced: true, whenNoMatch: 'create' }],
] as const)(
  'the preview of %s counts exactly what the sync then does, and writes nothing anywhere (§13.16)',
  async (_, options) => {
    await open({ settings: { batchSize: 20 } })
    const before = await bookkeeping()
    const preview = await world.run({ ...options, preview: true })
    expect(preview.state).toBe('previewed')
    expect(await writes()).toBe(0)
    expect(await bookkeeping()).toEqual(before)
    for (const counts of Object.values(preview.counters)) expect(addsUp(counts)).toBe(true)

    const run = await world.run(options)
    expect(preview.counters).toEqual(run.counters)
    expect(preview.remainingProjects).toBe(run.remainingProjects)
  },
)

test('a preview after a backlog says what the next run of it does, and leaves it to that run (§2.3)', async () => {
  await open({ settings: { batchSize: 20 } })
  const first = await world.run()
  expect(first.state).toBe('more_batches')
  const preview = await world.run({ preview: true })
  const second = await world.run()
  expect(second.continuesRunId).toBe(first.id)
  expect(preview.counters).toEqual(second.counters)
})

test('a plan names every change field by field, old and new, with its reason (§2.2)', async () => {
  await open()
  const preview = await world.run({ preview: true, allBatches: true })
  const plan = await findPlanOfRun(preview.id)
  const items = await database().syncItem.findMany({ where: { runId: preview.id } })
  const updates = items.filter((item) => item.action === 'update')
  expect(plan?.state).toBe('open')
  expect(updates.length).toBeGreaterThan(20)
  for (const item of updates) {
    expect(item.changes).toContainEqual(expect.objectContaining({ field: expect.any(String), reason: 'first-sync' }))
    expect(item.erpHash).not.toBeNull()
    expect(item.crmHash).not.toBeNull()
  }
  expect(items.filter((item) => item.action === 'map').length).toBeGreaterThan(0)
  expect((await logOf(preview.id)).at(-1)?.message).toBe('Preview completed. Nothing was changed in either system.')
})
