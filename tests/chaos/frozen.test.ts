import { setTimeout as timer } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import { startRun } from '#lib/engine/start'
import { sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import { advancingChild } from '../support/advance-in-child.ts'
import { NO_OPTIONS, openWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

/** What the database holds of a run: nothing of it may change any more. */
async function stateOf(runId: string) {
  const run = await database().syncRun.findUniqueOrThrow({ where: { id: runId } })
  const items = await database().syncItem.findMany({ where: { runId }, orderBy: { id: 'asc' } })
  const mappings = await database().crmMapping.findMany({ orderBy: { id: 'asc' } })
  const lines = await database().integrationLogEntry.count({ where: { runId } })
  return { run, items, mappings, lines }
}

test('a process that is frozen in the middle loses its run to another within a minute, and changes nothing when it wakes', async () => {
  world = await openWorld({ projects: 60, clients: 20, contacts: 60, employees: 20 })
  const control = sandboxControl(world.sandbox.controlUrl)
  await control.setFaults({ crm: { latencyMs: 20, autoNumber: { employee: 'on' } } })
  const options = { ...NO_OPTIONS, allBatches: true }
  const { runId } = await startRun({ connectionId: world.connectionId, trigger: 'cli', startedBy: 'chaos', options })
  const { child, gone } = advancingChild(world, runId)
  while ((await control.counters()).crm.writes < 12) await timer(5)
  child.kill('SIGSTOP')
  const frozenAt = Date.now()
  await control.setFaults({ crm: { latencyMs: 0 } })

  // It still holds the lock that a killed process would have lost.
  const first = await advanceRun(runId, world.openPorts, new AbortController().signal, () => undefined)
  expect(first).toEqual({ ended: false, reason: 'busy' })
  for (;;) {
    const { ended } = await advanceRun(runId, world.openPorts, new AbortController().signal, () => undefined)
    if (ended) break
    await timer(500)
  }
  expect(Date.now() - frozenAt).toBeLessThan(60_000)
  const run = await findRun(runId)
  expect(run?.message).toBe('Sync Completed')
  const before = await stateOf(runId)
  const { writes } = (await control.counters()).crm

  child.kill('SIGCONT')
  await gone
  expect(await stateOf(runId)).toEqual(before)
  const sent = (await control.journal({ system: 'crm', wrote: true })).slice(writes)
  expect(sent.map(({ name }) => name)).toEqual([])
  expect((await control.snapshot('crm')).duplicates).toEqual([])
  for (const counts of Object.values(run?.counters ?? {})) expect(addsUp(counts)).toBe(true)
}, 120_000)
