import { afterEach, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import type { OpenPorts } from '#lib/engine/context'
import { startUndo, type UndoStarted } from '#lib/engine/start-undo'
import { database } from '#lib/store/database'
import { findRun, type Run } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import type { FieldChange } from '#lib/sync/plan'
import type { Fields } from '#lib/sync/records'
import { logOf, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 60, clients: 15, contacts: 30, employees: 10 }
const TYPES = ['employee', 'client', 'contact', 'project'] as const

let world: World

async function open(options: Parameters<typeof openWorld>[0] = {}): Promise<void> {
  world = await openWorld({ ...SIZE, ...options })
}
afterEach(() => world.close())

const CHOICES = { reason: 'The wrong template.', pins: false }

function start(sourceRunId: string, choices = CHOICES): Promise<UndoStarted> {
  return startUndo(sourceRunId, { trigger: 'cli', startedBy: 'ann@example.com', choices })
}

async function advance(runId: string, ports: OpenPorts = world.openPorts, stop = new AbortController()): Promise<Run> {
  const defects: unknown[] = []
  await advanceRun(runId, ports, stop.signal, (error) => defects.push(error))
  if (defects.length > 0) throw defects[0]
  const run = await findRun(runId)
  if (!run) throw new Error('The run is gone.')
  return run
}

async function undo(sourceRunId: string, choices = CHOICES): Promise<Run> {
  const started = await start(sourceRunId, choices)
  if (!started.ok) throw new Error(started.message)
  return advance(started.runId)
}

/** Every CRM record as it stands in the CRM, by type and id. */
async function crmNow(): Promise<Map<string, Fields>> {
  const ports = await world.openPorts(world.connectionId)
  const found = new Map<string, Fields>()
  try {
    for (const type of TYPES) {
      for await (const page of ports.crm.readChanged(type, null)) {
        for (const record of page.records) found.set(`${type} ${record.id}`, record.fields)
      }
    }
  } finally {
    await ports.close()
  }
  return found
}

async function itemsOf(runId: string) {
  const rows = await database().syncItem.findMany({ where: { runId }, orderBy: { id: 'asc' } })
  return rows.map((row) => ({ ...row, changes: row.changes as unknown as FieldChange[] }))
}

/** Of records of the CRM, the links that were empty before: §13.11 lets nobody clear them. */
function linksThatStay(items: Awaited<ReturnType<typeof itemsOf>>): Map<string, string[]> {
  const kept = items.map((item) => [
    `${item.type} ${item.crmId}`,
    item.changes.filter((change) => change.kept?.includes('never cleared')).map((change) => change.field),
  ])
  return new Map(kept as [string, string[]][])
}

function expectToAddUp(run: Run): void {
  for (const counts of Object.values(run.counters)) expect(addsUp(counts)).toBe(true)
}

test('the undo of a first sync puts every field back, ends the pairs and names what was created (§12)', async () => {
  await open()
  const before = await crmNow()
  const source = await world.run({ allBatches: true })
  const created = (await itemsOf(source.id)).filter((item) => item.outcome === 'created')
  const written = (await itemsOf(source.id)).filter((item) => item.outcome === 'updated')
  expect(created.length).toBeGreaterThan(0)
  expect(written.length).toBeGreaterThan(30)

  const run = await undo(source.id)
  expect(run.state).toBe('completed')
  expectToAddUp(run)
  const after = await crmNow()
  const links = linksThatStay(await itemsOf(run.id))
  for (const [key, fields] of before) {
    const stay = Object.fromEntries([...(links.get(key) ?? [])].map((field) => [field, after.get(key)?.[field]]))
    expect([key, after.get(key)]).toEqual([key, { ...fields, ...stay }])
  }
  expect(await database().crmMapping.count({ where: { removedAt: null } })).toBe(0)
  const removed = await database().crmMapping.findMany({ where: { createdInRun: source.id } })
  expect(new Set(removed.map((pair) => pair.removedBy))).toEqual(new Set(['ann@example.com']))
  expect(new Set(removed.map((pair) => pair.removedCause))).toEqual(new Set(['The run that had added it was undone.']))

  const lines = await logOf(run.id)
  expect(lines[0]?.message).toContain(`The undo of run ${source.id} was started by ann@example.com`)
  expect(lines[0]?.message).toContain('The wrong template.')
  const stays = lines.filter((line) => line.code === 'CW-1504')
  expect(new Set(stays.map((line) => line.erpKey))).toEqual(new Set(created.map((item) => item.erpKey)))
  expect(lines.at(-1)?.message).toBe(run.message)
  expect(run.message).toMatch(/^Undo completed: \d+ records put back, \d+ kept in part or whole, 0 failed\.$/)
})
