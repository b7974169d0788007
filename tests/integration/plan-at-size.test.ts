import { afterEach, expect, test, vi } from 'vitest'
import { applyPlan } from '#lib/engine/plans'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findPlanOfRun } from '#lib/store/plans'
import type { Fields } from '#lib/sync/records'
import { countsAddUp, crmNow, undo } from '../support/undo.ts'
import { logOf, openWorld, type World } from '../support/world.ts'

// Thousands of calls over HTTP, and the machine may be busy with other test files.
vi.setConfig({ testTimeout: 600_000 })

const CHANGES = 1000
const STALE = 30
const SINCE = 7

let world: World
let control: SandboxControl

afterEach(() => world.close())

interface Pair {
  readonly erpKey: string
  readonly crmId: string
}

/** Pairs of open projects that are set to sync, by key. */
async function syncedProjects(): Promise<Pair[]> {
  return database().$queryRaw<Pair[]>`
    SELECT m.erp_key AS "erpKey", m.crm_id AS "crmId"
      FROM crm_mapping m JOIN project p ON p.connection_id = m.connection_id AND p.key = m.erp_key
     WHERE m.type = 'project' AND m.removed_at IS NULL AND p.sync_to_crm AND NOT p.closed
     ORDER BY m.erp_key LIMIT ${CHANGES}`
}

function editErp({ erpKey }: Pair, fields: Record<string, string | number>) {
  return control.act({ action: 'edit', side: 'erp', type: 'project', key: Number(erpKey), fields })
}

function editCrm({ crmId }: Pair, fields: Record<string, string>) {
  return control.act({ action: 'edit', side: 'crm', type: 'project', key: crmId, fields })
}

/** One half of the changes is of an amount that the ERP owns, the other of a note that both sides may change. */
function change(index: number): { erp: Record<string, string | number>; crm: Fields } {
  const amount = 4_000_000 + index
  if (index % 2 === 0) return { erp: { ConstructionCost: amount }, crm: { TotalProjectCost: `${amount}.00` } }
  return { erp: { Notes: `Planned ${index}` }, crm: { Memo: `Planned ${index}` } }
}

/** The same field, as somebody changes it in the CRM. */
function laterChange(index: number): Record<string, string> {
  return index % 2 === 0 ? { TotalProjectCost: '1234.00' } : { Memo: 'Since then' }
}

async function editUnderneath(pair: Pair, index: number): Promise<void> {
  if (index % 3 === 0) await editErp(pair, { ConstructionCost: 5_000_000 + index })
  else if (index % 3 === 1) await editErp(pair, { Description: `Renamed underneath ${index}` })
  else await editCrm(pair, { Memo: `Edited underneath ${index}` })
}

test('a plan of 1,000 changes with 30 edited underneath applies 970 and reports 30 stale; its undo puts back all but what was edited since, and names it (§12)', async () => {
  const engine = { projectTotals: 'never', crmConcurrency: 8, erpConcurrency: 8 } as const
  world = await openWorld({ projects: 1110, clients: 10, contacts: 10, employees: 10, engine })
  control = sandboxControl(world.sandbox.controlUrl)
  await world.run({ allBatches: true })
  const pairs = await syncedProjects()
  expect(pairs).toHaveLength(CHANGES)
  for (const [index, pair] of pairs.entries()) await editErp(pair, change(index).erp)
  const was = await crmNow(world)

  const previewed = await world.run({ preview: true, allBatches: true })
  expect(previewed.counters.project?.updated).toBe(CHANGES)
  expect(await crmNow(world)).toEqual(was)
  const underneath = pairs.slice(0, STALE)
  for (const [index, pair] of underneath.entries()) await editUnderneath(pair, index)
  const edited = await crmNow(world)

  const applied = await applyPlanOf(previewed.id)
  expect(applied.counters.project).toMatchObject({ considered: CHANGES, updated: CHANGES - STALE, skipped: STALE })
  expect(countsAddUp(applied)).toBe(true)
  expect(keysOf(await linesOf(applied.id, 'CW-1502'))).toEqual(keysOf(underneath))
  const after = await crmNow(world)
  for (const [index, pair] of pairs.entries()) {
    const wanted = index < STALE ? edited.get(nameOf(pair)) : { ...was.get(nameOf(pair)), ...change(index).crm }
    expect([pair, inCents(after.get(nameOf(pair)))]).toEqual([pair, inCents(wanted)])
  }

  const since = pairs.slice(STALE, STALE + SINCE)
  for (const [index, pair] of since.entries()) await editCrm(pair, laterChange(STALE + index))
  const later = await crmNow(world)
  const undone = await undo(world, applied.id)
  const putBack = CHANGES - STALE - SINCE
  expect(undone.message).toBe(`Undo completed: ${putBack} records put back, ${SINCE} kept in part or whole, 0 failed.`)
  expect(undone.counters.project).toMatchObject({ considered: CHANGES - STALE, updated: putBack, skipped: SINCE })
  expect(countsAddUp(undone)).toBe(true)
  expect(keysOf(await linesOf(undone.id, 'CW-1503'))).toEqual(keysOf(since))
  const end = await crmNow(world)
  for (const [index, pair] of pairs.entries()) {
    const isKept = index < STALE + SINCE
    expect([pair, inCents(end.get(nameOf(pair)))]).toEqual([pair, inCents((isKept ? later : was).get(nameOf(pair)))])
  }
})

async function applyPlanOf(runId: string) {
  const plan = await findPlanOfRun(runId)
  if (!plan) throw new Error('The preview left no plan.')
  const started = await applyPlan({ planId: plan.id, by: 'test', trigger: 'cli' })
  if (!started.ok) throw new Error(started.message)
  return world.advance(started.runId)
}

async function linesOf(runId: string, code: string) {
  return (await logOf(runId)).filter((line) => line.code === code)
}

function nameOf({ crmId }: Pair): string {
  return `project ${crmId}`
}

/** The CRM pads amounts in its own way. */
function inCents(fields: Fields | undefined): Fields {
  return { ...fields, TotalProjectCost: Number(fields?.TotalProjectCost ?? 0).toFixed(2) }
}

function keysOf(rows: readonly { readonly erpKey: string | null }[]): (string | null)[] {
  return rows.map((row) => row.erpKey).sort()
}
