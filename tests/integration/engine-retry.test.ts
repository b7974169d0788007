import { afterEach, expect, test } from 'vitest'
import { startOne, startRetry } from '#lib/engine/retry'
import { startRun } from '#lib/engine/start'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { type FailedChoice, findFailedRecords, tallyFailedRecords } from '#lib/store/failed-items'
import type { Run } from '#lib/store/runs'
import { findBacklog } from '#lib/store/views-runs'
import { addsUp, type OutcomeCounts } from '#lib/sync/outcome'
import { logOf, NO_OPTIONS, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 40, clients: 10, contacts: 20, employees: 8 }
/** Large enough for projects without a match and for some to be created. */
const LARGER = { ...SIZE, projects: 250 }
const BY = { trigger: 'cli', startedBy: 'ann@example.com' } as const

let world: World
let control: SandboxControl

async function open(options: Parameters<typeof openWorld>[0] = {}): Promise<void> {
  world = await openWorld({ ...SIZE, ...options })
  control = sandboxControl(world.sandbox.controlUrl)
}
afterEach(() => world.close())

async function retry(runId: string, choice: FailedChoice = {}): Promise<Run> {
  const started = await startRetry(runId, choice, BY)
  if (!started.ok) throw new Error(`The retry was refused: ${started.reason}.`)
  await control.clearJournal()
  return world.advance(started.runId)
}

async function pairs(type: 'project' | 'contact') {
  const found = await database().crmMapping.findMany({
    where: { type, removedAt: null, lastSyncedAt: { not: null } },
    orderBy: { erpKey: 'asc' },
  })
  return found.map(({ erpKey, crmId }) => ({ erpKey, crmId }))
}

const edit = (type: 'project' | 'contact', key: string, fields: Record<string, string>) =>
  control.act({ action: 'edit', side: 'erp', type, key: Number(key), fields })

/** Ten changed contacts of which three have a state that the CRM does not know. */
async function poisonThree(): Promise<{ poisoned: string[]; run: Run }> {
  await world.run({ allBatches: true })
  const keys = (await pairs('contact')).slice(0, 10).map((pair) => pair.erpKey)
  const poisoned = keys.slice(0, 3)
  for (const key of keys) {
    await edit('contact', key, { Title: `Partner ${key}`, Country: 'USA', State: poisoned.includes(key) ? 'ZZ' : 'NY' })
  }
  return { poisoned, run: await world.run() }
}

const heal = (keys: readonly string[]) => Promise.all(keys.map((key) => edit('contact', key, { State: 'NY' })))

/** Names of the CRM records that were written since the journal was cleared. */
async function written(): Promise<string[]> {
  return (await control.journal({ system: 'crm', wrote: true })).map((call) => call.name)
}

function considered(run: Run): Record<string, number> {
  const counts = Object.entries(run.counters) as [string, OutcomeCounts][]
  return Object.fromEntries(counts.map(([type, { considered: count }]) => [type, count]))
}

test('three poisoned records of ten are explained, and one, then all of them are sent again when healed (§6.5, §7.8)', async () => {
  await open()
  const { poisoned, run } = await poisonThree()
  expect(run.counters.contact).toMatchObject({ updated: 7, failed: 3 })
  expect(await tallyFailedRecords(run.id)).toEqual([{ code: 'CW-1115', records: 3 }])
  const ids = new Map((await pairs('contact')).map(({ erpKey, crmId }) => [erpKey, crmId]))
  const [first, ...others] = poisoned
  await heal(poisoned)

  const one = await retry(run.id, { record: { type: 'contact', side: 'erp', key: first ?? '' } })
  expect(await written()).toEqual([`PUT /contact/${ids.get(first ?? '')}`])
  expect(one).toMatchObject({ state: 'completed', message: 'Sync Completed', kind: 'retry', sourceRunId: run.id })
  expect(considered(one)).toEqual({ contact: 1 })
  expect(one.counters.contact).toMatchObject({ updated: 1, failed: 0 })

  const all = await retry(run.id)
  expect((await written()).toSorted()).toEqual(others.map((key) => `PUT /contact/${ids.get(key)}`).toSorted())
  expect(considered(all)).toEqual({ contact: 3 })
  expect(all.counters.contact).toMatchObject({ updated: 2, unchanged: 1, failed: 0 })
  for (const counts of Object.values(all.counters)) expect(addsUp(counts)).toBe(true)
  expect((await world.run()).counters.contact).toMatchObject({ updated: 0, failed: 0 })
})

test('a retry says in its first line what it sends again and in which run that failed (§11)', async () => {
  await open()
  const { poisoned, run } = await poisonThree()
  const again = await retry(run.id, { code: 'CW-1115' })
  const lines = await logOf(again.id)
  expect(lines[0]?.message).toMatch(
    new RegExp(
      `^The sync was started by ann@example\\.com for 3 contacts and no other record\\. They failed in run ${run.id}`,
    ),
  )
  expect(lines.at(-1)?.message).toBe('Sync Completed')
  expect(lines.filter((line) => line.severity === 'error').map((line) => line.erpKey)).toEqual(poisoned)
  expect(again.state).toBe('completed_with_errors')
  const tries = await database().crmMapping.findMany({ where: { type: 'contact', erpKey: { in: poisoned } } })
  expect(tries.map((pair) => pair.attempts)).toEqual([2, 2, 2])
})

test('the group of one problem is sent again and the other failed records are left (§7.8)', async () => {
  await open()
  await world.run({ allBatches: true })
  const contacts = (await pairs('contact')).slice(0, 4)
  const projects = (await pairs('project')).slice(0, 2)
  for (const { erpKey } of contacts) await edit('contact', erpKey, { Country: 'USA', State: 'ZZ' })
  await control.setFaults({ crm: { rights: { project: { read: true, write: false } } } })
  for (const { erpKey } of projects) await edit('project', erpKey, { Notes: 'Seen with the client.' })
  const run = await world.run()
  expect(await tallyFailedRecords(run.id)).toEqual([
    { code: 'CW-1108', records: 2 },
    { code: 'CW-1115', records: 4 },
  ])
  await control.setFaults({ crm: { rights: { project: { read: true, write: true } } } })
  await heal(contacts.map((pair) => pair.erpKey))

  const group = await retry(run.id, { code: 'CW-1108' })
  expect((await written()).toSorted()).toEqual(projects.map(({ crmId }) => `PUT /project/${crmId}`).toSorted())
  expect(considered(group)).toEqual({ project: 2 })
  expect(await database().crmMapping.count({ where: { type: 'contact', lastProblem: 'CW-1115' } })).toBe(4)
})

test('a retry reads totals, flags and candidates of the selected records only, whatever else has changed (§5.1)', async () => {
  await open()
  await world.run({ allBatches: true })
  const [failing, ...changed] = (await pairs('project')).slice(0, 5)
  await control.setFaults({ crm: { rights: { project: { read: true, write: false } } } })
  await edit('project', failing?.erpKey ?? '', { Notes: 'One.' })
  const run = await world.run()
  await control.setFaults({ crm: { rights: { project: { read: true, write: true } } } })
  for (const { erpKey } of changed) await edit('project', erpKey, { Notes: 'Another.' })
  await control.act({ action: 'add', side: 'erp', type: 'client', fields: { Description: 'Brand New Client' } })
  const [gone] = await pairs('contact')
  await control.act({ action: 'delete', side: 'crm', type: 'contact', key: gone?.crmId ?? '' })
  const findings = await database().matchFinding.findMany({ orderBy: [{ type: 'asc' }, { erpKey: 'asc' }] })

  const again = await retry(run.id)
  expect(await written()).toEqual([`PUT /project/${failing?.crmId}`])
  const totals = (await control.journal({ system: 'erp' })).filter((call) => call.name === 'GetProjectTotals')
  // One of them is the check's own question.
  expect(totals).toHaveLength(2)
  expect(considered(again)).toEqual({ project: 1 })
  expect(await database().matchFinding.findMany({ orderBy: [{ type: 'asc' }, { erpKey: 'asc' }] })).toEqual(findings)
  expect(await pairs('contact')).toContainEqual(gone)
  const next = await world.run()
  expect(await pairs('contact')).not.toContainEqual(gone)
  expect(next.counters.project?.updated).toBe(4)
  expect(next.counters.client?.created).toBe(1)
})

test('a retry within a drain neither ends the backlog nor makes one, and a failure in it is tried by no batch (§6.2, §6.5)', async () => {
  await open({ settings: { batchSize: 10 } })
  const first = await world.run()
  expect(first.state).toBe('more_batches')
  await control.setFaults({ crm: { rights: { project: { read: true, write: false } } } })
  const second = await world.run()
  expect(second.counters.project?.failed).toBe(10)
  const backlog = await findBacklog(world.connectionId)

  const still = await retry(second.id, { code: 'CW-1108' })
  expect(still.counters.project).toMatchObject({ considered: 10, failed: 10, notReached: 0 })
  expect(await findBacklog(world.connectionId)).toEqual(backlog)
  await control.setFaults({ crm: { rights: { project: { read: true, write: true } } } })
  const { scope } = await findFailedRecords(second.id)
  const [one] = scope.project?.erp ?? []
  await retry(second.id, { record: { type: 'project', side: 'erp', key: one ?? '' } })
  expect(await findBacklog(world.connectionId)).toEqual(backlog)

  await control.clearJournal()
  const third = await world.run({ allBatches: true })
  expect(third).toMatchObject({ drainId: first.drainId, message: 'Sync Completed' })
  const failedInDrain = (scope.project?.erp ?? []).slice(1)
  const ids = await database().crmMapping.findMany({ where: { type: 'project', erpKey: { in: failedInDrain } } })
  const sent = await written()
  expect(ids.filter(({ crmId }) => sent.includes(`PUT /project/${crmId}`))).toEqual([])
  expect((await world.run({ allBatches: true })).counters.project?.updated).toBe(9)
})

test('a failed create is made once by its retry, and waits while a backlog remains (§6.2, §10.1)', async () => {
  await open(LARGER)
  await control.setFaults({ crm: { rights: { project: { read: true, write: false } } } })
  const run = await world.run({ allBatches: true })
  const creates = await database().syncItem.findMany({
    where: { runId: run.id, type: 'project', action: 'create', problemCode: 'CW-1108' },
  })
  expect(creates.length).toBeGreaterThan(0)
  await control.setFaults({ crm: { rights: { project: { read: true, write: true } } } })
  const [one] = creates
  const choice: FailedChoice = { record: { type: 'project', side: 'erp', key: one?.erpKey ?? '' } }
  await database().syncRun.update({ where: { id: run.id }, data: { remainingProjects: 3, remainingRuns: 1 } })
  expect((await retry(run.id, choice)).counters.project).toMatchObject({ considered: 1, skipped: 1, created: 0 })
  await database().syncRun.update({ where: { id: run.id }, data: { remainingProjects: 0, remainingRuns: 0 } })
  expect((await retry(run.id, choice)).counters.project).toMatchObject({ considered: 1, created: 1 })
  expect((await retry(run.id, choice)).counters.project).toMatchObject({ considered: 1, unchanged: 1 })
  expect((await control.snapshot('crm')).duplicates).toEqual([])
})

test('a project that the ERP could not be given is created there by its retry, and no other flagged one (§8.9)', async () => {
  await open()
  await world.run({ allBatches: true })
  const [firm] = await database().crmMapping.findMany({ where: { type: 'client', removedAt: null }, take: 1 })
  const add = (number: string, template: string) =>
    control.act({
      action: 'add',
      side: 'crm',
      type: 'project',
      fields: {
        WBS1: number,
        Name: `Pier ${number}`,
        LongName: `Pier ${number}`,
        ChargeType: 'R',
        AjeraSync: 'Y',
        ClientID: firm?.crmId ?? '',
        ProjectTemplate: template,
      },
    })
  await add('H-1', 'Nowhere')
  await add('H-2', 'Nowhere')
  const run = await world.run()
  expect(await tallyFailedRecords(run.id)).toEqual([{ code: 'CW-1406', records: 2 }])
  for (const key of ['H-1', 'H-2']) {
    const fields = { ProjectTemplate: 'Standard Architecture' }
    await control.act({ action: 'edit', side: 'crm', type: 'project', key, fields })
  }
  const again = await retry(run.id, { record: { type: 'project', side: 'crm', key: 'H-1' } })
  expect((await logOf(again.id))[0]?.message).toContain(
    'for the Vantagepoint project H-1 and no other record. It failed',
  )
  expect((await control.journal({ system: 'erp', wrote: true })).map((call) => call.name)).toEqual(['CreateProjects'])
  expect(again.counters).toMatchObject({ project: { considered: 1, created: 1 } })
  expect(addsUp(again.counters.project as OutcomeCounts)).toBe(true)
})

test('where nothing failed a retry is refused with a sentence, and where a run goes it attaches to that one (§2.1)', async () => {
  await open()
  const run = await world.run({ allBatches: true })
  await database().syncItem.updateMany({ where: { runId: run.id, outcome: 'failed' }, data: { outcome: 'skipped' } })
  expect(await startRetry(run.id, {}, BY)).toEqual({
    ok: false,
    reason: 'nothing-failed',
    message: 'No record of that run failed.',
  })
  expect(await startRetry('01900000-0000-7000-8000-000000000000', {}, BY)).toMatchObject({ reason: 'unknown-run' })
  const going = await startRun({ connectionId: world.connectionId, ...BY, options: NO_OPTIONS })
  const attached = { ok: false, reason: 'already-running', runId: going.runId }
  expect(await startRetry(run.id, {}, BY)).toEqual(attached)
  expect(await startOne(world.connectionId, { type: 'project', side: 'erp', key: '1' }, BY)).toEqual(attached)
})

test('one record that a person chooses is synced alone, closed or not, and every other change waits (§5.2, §11)', async () => {
  await open()
  await world.run({ allBatches: true })
  const [chosen, other] = (await pairs('project')).slice(0, 2)
  for (const pair of [chosen, other]) await edit('project', pair?.erpKey ?? '', { Notes: 'Moved.', Status: 'Closed' })
  const started = await startOne(world.connectionId, { type: 'project', side: 'erp', key: chosen?.erpKey ?? '' }, BY)
  if (!started.ok) throw new Error(started.reason)
  await control.clearJournal()
  const run = await world.advance(started.runId)
  expect(await written()).toEqual([`PUT /project/${chosen?.crmId}`])
  expect(run.counters).toMatchObject({ project: { considered: 1, updated: 1 } })
  expect((await logOf(run.id))[0]?.message).toContain(`for the Ajera project ${chosen?.erpKey} and no other record.`)
})

test('a record that is not known, or a type that was never synced, is refused with what to do first (§4.1)', async () => {
  await open()
  const record = { type: 'client', side: 'erp', key: '1' } as const
  expect(await startOne(world.connectionId, record, BY)).toMatchObject({ ok: false, reason: 'unknown-record' })
  await world.run({ allBatches: true })
  const known = await database().client.findFirstOrThrow()
  await database().crmMapping.deleteMany({ where: { type: 'client' } })
  expect(await startOne(world.connectionId, { ...record, key: known.key }, BY)).toMatchObject({
    ok: false,
    reason: 'never-synced',
  })
})

test('a record that has found its partner meanwhile is paired and sent alone; the finding of its neighbour stays (§4.2)', async () => {
  await open(LARGER)
  await world.run({ allBatches: true })
  const left = await database().matchFinding.findMany({ where: { type: 'project', kind: 'no_match' } })
  const [chosen, neighbour] = left
  if (!chosen || !neighbour) throw new Error('The sandbox has too few projects without a match.')
  for (const [index, { erpName }] of [chosen, neighbour].entries()) {
    const name = [...erpName].slice(0, 40).join('')
    const fields = { WBS1: `NEW-${index}`, Name: name, LongName: erpName, ChargeType: 'R' }
    await control.act({ action: 'add', side: 'crm', type: 'project', fields })
  }
  const started = await startOne(world.connectionId, { type: 'project', side: 'erp', key: chosen.erpKey }, BY)
  if (!started.ok) throw new Error(started.reason)
  await world.advance(started.runId)
  const paired = await database().crmMapping.findMany({ where: { createdInRun: started.runId } })
  expect(paired.map((pair) => pair.erpKey)).toEqual([chosen.erpKey])
  const now = await database().matchFinding.findMany({ where: { type: 'project', kind: 'no_match' } })
  expect(now.map((finding) => finding.erpKey)).not.toContain(chosen.erpKey)
  expect(now.find((finding) => finding.erpKey === neighbour.erpKey)).toEqual(neighbour)
})
