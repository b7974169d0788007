import { beforeAll, expect, test } from 'vitest'
import type { CrashPoint } from '#lib/engine/context'
import { requestCancel, startRun } from '#lib/engine/start'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import { advanceInChild } from '../support/advance-in-child.ts'
import { addFlagged, FLAGGED } from '../support/flagged.ts'
import { NO_OPTIONS, openWorld, type World } from '../support/world.ts'

/**
 * A process dies by its own hand at every labelled place, again and again as the run gets further: early in it, and
 * where it is in the middle of its creates (guide/reliability.md, invariants 1, 4 and 12).
 */
const SIZE = { projects: 30, clients: 8, contacts: 14, employees: 5 }
const POINTS: readonly CrashPoint[] = [
  'before-intent',
  'after-intent-commit',
  'during-send',
  'after-send-before-commit',
  'after-mapping-commit',
  'after-batch-before-watermark',
  'after-watermark',
]
/** The how-manieth time that a process comes to the place. */
const TIMES = [1, 4]

let twin: { crm: readonly string[]; erp: Readonly<Record<string, Readonly<Record<string, number>>>> }

async function firm(): Promise<{ world: World; control: SandboxControl }> {
  const world = await openWorld({ ...SIZE, settings: { batchSize: 10 } })
  const control = sandboxControl(world.sandbox.controlUrl)
  await addFlagged(control)
  return { world, control }
}

beforeAll(async () => {
  const { world, control } = await firm()
  await world.run({ allBatches: true, mapUnsynced: true })
  twin = { crm: (await control.snapshot('crm')).records, erp: (await control.snapshot('erp')).counts }
  await world.close()
})

test.each(POINTS)('a run that dies %s ends like an undisturbed one, however often (§10.4)', async (point) => {
  const { world, control } = await firm()
  const { runId } = await startRun({
    connectionId: world.connectionId,
    trigger: 'cli',
    startedBy: 'chaos',
    options: { ...NO_OPTIONS, allBatches: true, mapUnsynced: true },
  })
  const deaths: string[] = []
  for (const times of TIMES) {
    const how = await advanceInChild(world, runId, { point: `${point}:${times}` })
    deaths.push(how)
    if (how === 'ended') break
  }
  expect(deaths[0]).toBe('killed')
  await world.advance(runId)
  const run = await findRun(runId)
  const crm = await control.snapshot('crm')
  const erp = await control.snapshot('erp')
  const paired = await database().crmMapping.count({ where: { crmId: { startsWith: 'H-' }, removedAt: null } })
  await world.close()

  expect(run?.message).toBe('Sync Completed')
  expect(crm.duplicates).toEqual([])
  expect(crm.records).toEqual(twin.crm)
  for (const type of ['client', 'contact', 'project'])
    expect([type, erp.counts[type]?.api]).toEqual([type, twin.erp[type]?.api])
  expect(paired).toBe(FLAGGED)
  for (const counts of Object.values(run?.counters ?? {})) expect(addsUp(counts)).toBe(true)
})

test('a run that dies while it is being cancelled is cancelled all the same, once (§10.5)', async () => {
  const { world } = await firm()
  const { runId } = await startRun({
    connectionId: world.connectionId,
    trigger: 'cli',
    startedBy: 'chaos',
    options: NO_OPTIONS,
  })
  await requestCancel(runId, 'ann@example.com')
  expect(await advanceInChild(world, runId, { point: 'during-cancel:1' })).toBe('killed')
  expect((await findRun(runId))?.state).toBe('running')
  await world.advance(runId)
  expect((await findRun(runId))?.state).toBe('cancelled')
  const lines = await database().integrationLogEntry.count({ where: { runId, code: 'CW-1010' } })
  await world.close()
  expect(lines).toBe(1)
})
