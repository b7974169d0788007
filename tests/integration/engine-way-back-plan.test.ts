import { afterEach, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import { applyPlan } from '#lib/engine/plans'
import { database } from '#lib/store/database'
import { findPlanOfRun } from '#lib/store/plans'
import { findRun, type Run } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import { openInStep, type WayBack } from '../support/way-back.ts'

/** The way back in a plan: seen without a write, approved, and applied as it is (sync-rules §8 step 9, §13.16). */

let back: WayBack
afterEach(() => back.world.close())

async function apply(planId: string): Promise<Run> {
  const applied = await applyPlan({ planId, by: 'test', trigger: 'cli' })
  if (!applied.ok) throw new Error(applied.message)
  const defects: unknown[] = []
  await advanceRun(applied.runId, back.world.openPorts, new AbortController().signal, (error) => defects.push(error))
  expect(defects).toEqual([])
  const run = await findRun(applied.runId)
  if (!run) throw new Error('The run is gone.')
  for (const counts of Object.values(run.counters)) expect(addsUp(counts)).toBe(true)
  return run
}

test('a preview shows what the ERP would take and writes nothing; applied, it is taken, but what changed since is stale (§8.9, §13.16)', async () => {
  back = await openInStep({ engine: { defaultTemplate: 'General Services' } })
  const [kept, edited] = await back.pairs('contact')
  const [project] = await back.pairs('project')
  if (!kept || !edited || !project) throw new Error('The firm is too small.')
  await back.inCrm('contact', kept.crmId, { Title: 'Pilot' })
  await back.inCrm('contact', edited.crmId, { Title: 'Stoker' })
  // Both directions for one record: what the run itself writes to the CRM makes its other half no stale one.
  await back.inCrm('project', project.crmId, { Memo: 'From the CRM' })
  await back.inErp('project', project.erpKey, { ConstructionCost: 4711 })
  const firm = { ClientID: 'F'.repeat(32), Name: 'Harbour Trust', ClientInd: 'Y', AjeraSync: 'Y' }
  await back.control.act({ action: 'add', side: 'crm', type: 'firm', fields: firm })
  const pier = { WBS1: 'H-1', Name: 'Pier', LongName: 'Pier', ClientID: firm.ClientID, AjeraSync: 'Y' }
  await back.control.act({ action: 'add', side: 'crm', type: 'project', fields: pier })

  const preview = await back.run({ preview: true })
  expect(preview.state).toBe('previewed')
  expect(await back.writes()).toEqual({ erp: [], crm: [] })
  expect(await database().crmMapping.count({ where: { erpKey: { startsWith: 'new:' } } })).toBe(0)
  const plan = await findPlanOfRun(preview.id)
  const planned = await database().syncItem.findMany({ where: { runId: preview.id, direction: 'to_erp' } })
  expect(planned.map((item) => [item.type, item.action, item.crmId, item.outcome]).sort()).toEqual(
    [
      ['client', 'create', firm.ClientID, 'created'],
      ['contact', 'update', kept.crmId, 'updated'],
      ['contact', 'update', edited.crmId, 'updated'],
      ['project', 'create', 'H-1', 'created'],
      ['project', 'update', project.crmId, 'updated'],
    ].sort(),
  )
  await back.inErp('contact', edited.erpKey, { Notes: 'Changed underneath' })

  const run = await apply(plan?.id ?? '')
  expect(run.counters.client).toMatchObject({ created: 1 })
  expect(run.counters.contact).toMatchObject({ updated: 1, skipped: 1 })
  expect(run.counters.project).toMatchObject({ created: 1, updated: 1, considered: 2 })
  expect((await back.erp('contact', kept.erpKey)).fields.Title).toBe('Pilot')
  expect((await back.erp('contact', edited.erpKey)).fields.Title).not.toBe('Stoker')
  expect((await back.erp('project', project.erpKey)).fields.Notes).toBe('From the CRM')
  const [trust] = await back.erpNamed('client', 'Harbour Trust')
  expect((await back.erpNamed('project', 'Pier')).map((one) => one.fields.ClientKey)).toEqual([trust?.key])
  const stale = await database().syncItem.findMany({ where: { runId: run.id, problemCode: 'CW-1502' } })
  expect(stale.map((item) => item.erpKey)).toEqual([edited.erpKey])

  await back.settle()
  expect((await back.erp('contact', edited.erpKey)).fields).toMatchObject({
    Title: 'Stoker',
    Notes: 'Changed underneath',
  })
})
