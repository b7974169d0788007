import { afterEach, expect, test, vi } from 'vitest'
import type { OpenPorts } from '#lib/engine/context'
import { requestCancel, startRun } from '#lib/engine/start'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import type { Crm } from '#lib/sync/ports'
import type { RecordType } from '#lib/sync/records'
import { advanceInChild } from '../support/advance-in-child.ts'
import { advance, countsAddUp, crmNow, editClients, itemsOf, notBack, startUndoOf, undo } from '../support/undo.ts'
import { logOf, NO_OPTIONS, openWorld, type World } from '../support/world.ts'

// Each test has two or three whole runs in it, and the machine may be busy with other test files.
vi.setConfig({ testTimeout: 120_000 })

const SIZE = { projects: 60, clients: 15, contacts: 30, employees: 10 }

let world: World
let control: SandboxControl

async function open(options: Parameters<typeof openWorld>[0] = {}): Promise<void> {
  world = await openWorld({ ...SIZE, ...options })
  control = sandboxControl(world.sandbox.controlUrl)
}
afterEach(() => world.close())

/** The world's ports with parts of the CRM replaced. */
function portsWith(replace: (crm: Crm) => Partial<Crm>): OpenPorts {
  return async (connectionId) => {
    const ports = await world.openPorts(connectionId)
    return { ...ports, crm: { ...ports.crm, ...replace(ports.crm) } }
  }
}

/** Calls `then` when the CRM has carried out its `count`th update, before anything of it is stored. */
function afterUpdates(count: number, then: () => Promise<unknown> | unknown): OpenPorts {
  let updates = 0
  return portsWith((crm) => ({
    async update(...call) {
      const record = await crm.update(...call)
      updates += 1
      if (updates === count) await then()
      return record
    },
  }))
}

test('an undo of six hundred records that stops twice in the middle goes on where it was (§10.4, §12)', async () => {
  await open({ projects: 460, clients: 60, contacts: 150, employees: 30 })
  const before = await crmNow(world)
  const source = await world.run({ allBatches: true, includeClosed: true })
  const started = await startUndoOf(source.id)
  if (!started.ok) throw new Error(started.message)
  for (const count of [120, 150]) {
    const stop = new AbortController()
    const stopped = await advance(
      started.runId,
      afterUpdates(count, () => stop.abort(new Error('Stopping.'))),
      stop,
    )
    expect(stopped.state).toBe('running')
  }
  const run = await advance(started.runId, world.openPorts)
  expect(run.state).toBe('completed')
  expect(countsAddUp(run)).toBe(true)
  const considered = Object.values(run.counters).reduce((sum, counts) => sum + counts.considered, 0)
  expect(considered).toBeGreaterThanOrEqual(600)
  const items = await itemsOf(run.id)
  expect(new Set(items.map((item) => item.state))).toEqual(new Set(['done']))
  const after = await crmNow(world)
  expect(notBack(before, after, items)).toEqual([])
  expect((await logOf(run.id)).filter((line) => line.message.startsWith('The undo was taken up again'))).toHaveLength(2)
}, 600_000)

test('a cancelled undo stops at the next record, and another goes on with what is left (§10.5, §12)', async () => {
  await open()
  const source = await world.run({ allBatches: true })
  const started = await startUndoOf(source.id)
  if (!started.ok) throw new Error(started.message)
  const cancelled = await advance(
    started.runId,
    afterUpdates(10, () => requestCancel(started.runId, 'ann@example.com')),
  )
  expect(cancelled.state).toBe('cancelled')
  expect(countsAddUp(cancelled)).toBe(true)
  expect(cancelled.message).toContain('The undo was cancelled by ann@example.com')
  const done = (await itemsOf(cancelled.id)).filter((item) => item.state === 'done')
  const left = (await itemsOf(cancelled.id)).filter((item) => item.state === 'left')
  expect(done.length).toBeGreaterThanOrEqual(10)
  expect(left.length).toBeGreaterThan(10)

  const second = await undo(world, source.id)
  expect(second.state).toBe('completed')
  const key = (item: { type: RecordType; direction: string; erpKey: string }) =>
    `${item.type} ${item.direction} ${item.erpKey}`
  expect((await itemsOf(second.id)).map(key).sort()).toEqual(left.map(key).sort())
  expect(await database().crmMapping.count({ where: { removedAt: null } })).toBe(0)
})

test('a record that the CRM refuses is told as failed, and another undo tries it and no other (§7.8, §12)', async () => {
  await open()
  await world.run({ allBatches: true })
  const pairs = await editClients(control, 3)
  const source = await world.run({ allBatches: true })
  await control.setFaults({ crm: { rights: { firm: { read: true, write: false } } } })
  const first = await undo(world, source.id)
  expect(first.state).toBe('completed_with_errors')
  expect(first.message).toBe('Undo completed: 0 records put back, 0 kept in part or whole, 3 failed.')
  expect(first.counters.client).toMatchObject({ considered: 3, failed: 3 })
  await control.setFaults({ crm: { rights: { firm: { read: true, write: true } } } })
  const second = await undo(world, source.id)
  expect(second.message).toBe('Undo completed: 3 records put back, 0 kept in part or whole, 0 failed.')
  expect((await itemsOf(second.id)).map((item) => item.erpKey).sort()).toEqual(pairs.map((pair) => pair.erpKey).sort())
})

test.each([
  ['Vantagepoint', 'erp', 'crm.update:1'],
  ['Ajera', 'crm', 'erp.update:1'],
] as const)(
  'what a process had written to %s when it died counts as written by the run, and its undo puts it back (§10.4, §12)',
  async (_, edited, point) => {
    await open()
    await world.run({ allBatches: true })
    await world.run({ allBatches: true })
    const pair = await database().crmMapping.findFirstOrThrow({
      where: { type: 'contact', removedAt: null },
      orderBy: { erpKey: 'asc' },
    })
    const titles = async () => {
      const ports = await world.openPorts(world.connectionId)
      const [[erp], [crm]] = [
        await ports.erp.read('contact', [pair.erpKey]),
        await ports.crm.read('contact', [pair.crmId]),
      ]
      await ports.close()
      return { erp: erp?.fields.Title ?? null, crm: crm?.fields.Title ?? null }
    }
    const before = await titles()
    const fields = { Title: 'Harbour master' }
    if (edited === 'erp') {
      await control.act({ action: 'edit', side: 'erp', type: 'contact', key: Number(pair.erpKey), fields })
    } else await control.act({ action: 'edit', side: 'crm', type: 'contact', key: pair.crmId, fields })

    const options = { ...NO_OPTIONS, allBatches: true }
    const { runId } = await startRun({ connectionId: world.connectionId, trigger: 'cli', startedBy: 'test', options })
    expect(await advanceInChild(world, runId, { point })).toBe('killed')
    expect(await titles()).toEqual({ erp: 'Harbour master', crm: 'Harbour master' })
    const run = await world.advance(runId)
    expect(run.counters.contact).toMatchObject({ updated: 1, failed: 0 })
    expect((await undo(world, runId)).message).toContain('1 record put back')
    expect(await titles()).toEqual({ ...before, [edited]: 'Harbour master' })
  },
)
