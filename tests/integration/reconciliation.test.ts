import { afterEach, beforeEach, expect, test } from 'vitest'
import { comparisonOptions } from '#lib/engine/comparison'
import { applyPlan } from '#lib/engine/plans'
import { startRun } from '#lib/engine/start'
import { database } from '#lib/store/database'
import { findDriftPoints } from '#lib/store/drift'
import { findPlanOfRun } from '#lib/store/plans'
import type { Run } from '#lib/store/runs'
import type { RecordType } from '#lib/sync/records'
import { openInStep, type Pair, type WayBack } from '../support/way-back.ts'
import { logOf, NO_OPTIONS } from '../support/world.ts'

/** A comparison of both sides (issue 4.8): what it counts, that it writes nothing, and that its plan is the repair. */
let back: WayBack
beforeEach(async () => {
  back = await openInStep({ contacts: 24 })
})
afterEach(() => back.world.close())

async function compare(): Promise<Run> {
  const { runId } = await startRun({
    connectionId: back.world.connectionId,
    trigger: 'cli',
    startedBy: 'test',
    options: comparisonOptions(NO_OPTIONS),
    purpose: { kind: 'reconcile' },
  })
  return back.world.advance(runId)
}

/** What a comparison has counted, by type; types without any drift are left out. */
async function driftOf(run: Run): Promise<Partial<Record<RecordType, { differing: number; missing: number }>>> {
  const points = await findDriftPoints(back.world.connectionId, new Date(0))
  const own = points.filter((point) => point.runId === run.id && point.differing + point.missing > 0)
  return Object.fromEntries(own.map(({ type, differing, missing }) => [type, { differing, missing }]))
}

async function pair(type: RecordType, index: number): Promise<Pair> {
  const found = (await back.pairs(type))[index]
  if (!found) throw new Error('The firm is too small for this test.')
  return found
}

test('two systems that are in step have no drift, and every pair that is kept in step was compared', async () => {
  const closed = await pair('project', 0)
  await back.inErp('project', closed.erpKey, { Status: 'Closed' })
  const run = await compare()
  expect(run.state).toBe('previewed')
  expect(await driftOf(run)).toEqual({})
  const points = await findDriftPoints(back.world.connectionId, new Date(0))
  for (const { type, compared } of points) {
    expect(`${type}: ${compared}`).toBe(`${type}: ${(await back.pairs(type)).length}`)
  }
  expect(await back.pairs('project')).not.toContainEqual(closed)
  expect(points.length).toBeGreaterThan(3)
})

test('a record that has a namesake to be paired with, and differs from it, lacks its partner and is no differing pair', async () => {
  const { erpKey } = await pair('client', 0)
  await database().crmMapping.updateMany({
    where: { type: 'client', erpKey },
    data: { removedAt: new Date(), removedBy: 'test', removedCause: 'For this test.' },
  })
  expect(await driftOf(await compare())).toEqual({ client: { differing: 0, missing: 1 } })
})

test('edits on both sides are counted record by record; comparing writes nothing; applying the plan repairs all of it', async () => {
  const [inErp, inCrm, owned] = [await pair('project', 0), await pair('project', 1), await pair('project', 2)]
  const [client, contact, lost] = [await pair('client', 0), await pair('contact', 0), await pair('contact', 1)]
  await back.inErp('project', inErp.erpKey, { Description: 'Renamed in the books' })
  // Both fields of one record are one difference.
  await back.inCrm('project', inCrm.crmId, { Memo: 'Talk to the harbour master.' })
  const { Status } = (await back.crm('project', owned.crmId)).fields
  await back.inCrm('project', owned.crmId, { Status: Status === 'A' ? 'I' : 'A', Memo: 'Changed too' })
  await back.inCrm('client', client.crmId, { PrimaryEmail: 'front@desk.example' })
  await back.inErp('contact', contact.erpKey, { Title: 'Harbour master' })
  await back.control.act({ action: 'delete', side: 'crm', type: 'contact', key: lost.crmId })
  await back.control.clearJournal()

  const comparison = await compare()
  expect(await back.writes()).toEqual({ erp: [], crm: [] })
  expect(await driftOf(comparison)).toEqual({
    project: { differing: 3, missing: 0 },
    client: { differing: 1, missing: 0 },
    contact: { differing: 1, missing: 1 },
  })
  const differing = await database().syncItem.findMany({
    where: { runId: comparison.id, action: 'update' },
    distinct: ['type', 'erpKey'],
    select: { type: true, erpKey: true },
  })
  expect(new Set(differing.map(({ type, erpKey }) => `${type} ${erpKey}`))).toEqual(
    new Set([
      ...[inErp, inCrm, owned].map(({ erpKey }) => `project ${erpKey}`),
      `client ${client.erpKey}`,
      `contact ${contact.erpKey}`,
    ]),
  )

  const plan = await findPlanOfRun(comparison.id)
  const applied = await applyPlan({ planId: plan?.id ?? '', by: 'ada@firm.example', trigger: 'manual' })
  if (!applied.ok) throw new Error(applied.message)
  const repair = await back.world.advance(applied.runId)
  expect(repair.state).toBe('completed')
  expect((await back.crm('project', owned.crmId)).fields.Status).toBe(Status)
  expect((await back.erp('client', client.erpKey)).fields.Email).toBe('front@desk.example')
  expect(await driftOf(await compare())).toEqual({})
})

test('a change that the reading of changes has passed over is found: a comparison reads everything', async () => {
  const silent = await pair('project', 0)
  await back.inCrm('project', silent.crmId, { Memo: 'Came with a time stamp of long ago.' })
  await database().watermark.updateMany({ where: { side: 'crm' }, data: { value: new Date('2199-01-01') } })
  await back.run()
  expect(await back.writes()).toEqual({ erp: [], crm: [] })
  expect(await driftOf(await compare())).toEqual({ project: { differing: 1, missing: 0 } })
})

test('a comparison says of itself what it found, and leaves neither backlog nor conflict', async () => {
  await back.inErp('project', (await pair('project', 0)).erpKey, { Description: 'Renamed in the books' })
  const before = await database().fieldConflict.count()
  const run = await compare()
  const lines = await logOf(run.id)
  expect(lines[0]?.message).toBe(
    'A comparison of Ajera and Vantagepoint was started by test. It writes to neither of them.',
  )
  expect(lines.at(-1)?.message).toMatch(
    /^Comparison completed: \d+ pairs, 1 of them differs\. Nothing was changed in either system\.$/,
  )
  expect(run).toMatchObject({ kind: 'reconcile', remainingProjects: 0 })
  expect(await database().fieldConflict.count()).toBe(before)
})
