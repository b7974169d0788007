import { afterEach, expect, test } from 'vitest'
import type { OpenPorts } from '#lib/engine/context'
import { requestCancel, startRun } from '#lib/engine/start'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { PROJECT_TYPES } from '#lib/sandbox/firm/lists'
import { database } from '#lib/store/database'
import { markSending } from '#lib/store/intents'
import { findRun } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import { type Crm, RemoteFailure } from '#lib/sync/ports'
import { logOf, NO_OPTIONS, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 60, clients: 15, contacts: 30, employees: 10 }

let world: World
let control: SandboxControl

async function open(options: Parameters<typeof openWorld>[0] = {}): Promise<void> {
  world = await openWorld({ ...SIZE, ...options })
  control = sandboxControl(world.sandbox.controlUrl)
}
afterEach(() => world.close())

async function pairs(type: 'project' | 'client' | 'contact' | 'employee' = 'project') {
  return database().crmMapping.findMany({ where: { type, removedAt: null }, orderBy: { erpKey: 'asc' } })
}

test('a project that failed does not hold the backlog open and is due again afterwards (§6.5)', async () => {
  await open({ settings: { batchSize: 20 } })
  await world.run()
  const [poisoned] = await database().crmMapping.findMany({
    where: { type: 'project', removedAt: null, lastSyncedAt: null },
    orderBy: { erpKey: 'asc' },
  })
  if (!poisoned) throw new Error('No project is left in the backlog.')
  const refusing: OpenPorts = async (connectionId) => {
    const ports = await world.openPorts(connectionId)
    return { ...ports, crm: { ...ports.crm, update: refuseOne(ports.crm, poisoned.crmId) } }
  }

  let run = await world.run({}, refusing)
  while (run.state === 'more_batches') run = await world.run({}, refusing)
  const failed = await database().integrationLogEntry.findMany({
    where: { severity: 'error', erpKey: poisoned.erpKey },
  })
  expect(run.message).toBe('Sync Completed')
  expect(failed).toHaveLength(1)
  expect(failed[0]?.message).toContain(poisoned.erpName)

  const next = await world.run({}, refusing)
  expect(next.state).toBe('completed_with_errors')
  expect(next.counters.project?.failed).toBeGreaterThan(0)
})

function refuseOne(crm: Crm, id: string): Crm['update'] {
  return async (type, crmId, ...rest) => {
    if (crmId !== id) return crm.update(type, crmId, ...rest)
    const message = 'Vantagepoint does not accept this project.'
    throw new RemoteFailure({ side: 'crm', failureClass: 'definite', reason: 'invalid', message })
  }
}

test('records that the CRM refuses do not stop the others, and each is explained (§7.8)', async () => {
  await open()
  await control.setFaults({ crm: { rights: { contact: { read: true, write: false } } } })
  const run = await world.run({ allBatches: true })
  const lines = (await logOf(run.id)).filter((line) => line.severity === 'error' && line.method.endsWith('Contact'))
  expect(run.state).toBe('completed_with_errors')
  expect(run.counters.contact?.failed).toBe(lines.length)
  expect(run.counters.project?.updated).toBeGreaterThan(30)
})

test('a first run maps projects whose switch is off and sends nothing for them (§4.1)', async () => {
  await open()
  const run = await world.run({ allBatches: true })
  const off = await database().project.findMany({ where: { syncToCrm: false, createInCrm: false, closed: false } })
  const paired = await pairs()
  const mapped = off.filter((project) => paired.some((pair) => pair.erpKey === project.key))
  expect(mapped.length).toBeGreaterThan(0)
  for (const project of mapped) {
    expect(paired.find((pair) => pair.erpKey === project.key)?.lastSyncedAt).toBeNull()
  }
  expect(run.counters.project?.mapped).toBeGreaterThanOrEqual(mapped.length)
})

test('map unsynced turns Sync to CRM on in the ERP for what it maps (§4.3)', async () => {
  await open()
  await world.run({ allBatches: true, mapUnsynced: true })
  const writes = (await control.journal({ system: 'erp' })).filter((call) => call.wrote)
  expect(writes.length).toBeGreaterThan(0)
  expect(await database().project.count({ where: { syncToCrm: false, createInCrm: false, closed: false } })).toBe(
    (await unpairedUnsynced()).length,
  )
})

async function unpairedUnsynced(): Promise<string[]> {
  const paired = new Set((await pairs()).map((pair) => pair.erpKey))
  const off = await database().project.findMany({ where: { syncToCrm: false, createInCrm: false, closed: false } })
  return off.map((project) => project.key).filter((key) => !paired.has(key))
}

test('where the API user may not write, one warning says so and the mapping carries the switch (§4.3)', async () => {
  await open()
  await control.setFaults({ erp: { deniedMethods: ['UpdateProjects'] } })
  const run = await world.run({ allBatches: true, mapUnsynced: true })
  const warnings = (await logOf(run.id)).filter((line) => line.code === 'CW-1203')
  expect(warnings).toHaveLength(1)
  const carrying = await database().crmMapping.findMany({ where: { syncOverride: true, matchedBy: 'name' } })
  expect(carrying.length).toBeGreaterThan(0)
  const sent = carrying.filter((pair) => pair.lastSyncedAt !== null)
  expect(sent.length).toBeGreaterThan(0)
})

test('closed projects wait for Sync closed projects (§5.2, §13.15)', async () => {
  await open()
  await world.run({ allBatches: true })
  const closed = await database().project.findMany({ where: { closed: true, syncToCrm: true } })
  const before = await pairs()
  const waiting = before.filter((pair) => closed.some((project) => project.key === pair.erpKey))
  expect(waiting.length).toBeGreaterThan(0)
  for (const pair of waiting) expect(pair.lastSyncedAt).toBeNull()
  const run = await world.run({ allBatches: true, includeClosed: true })
  expect(run.counters.project?.updated).toBeGreaterThan(0)
})

test('a run that finds a backlog continues it with the options of the run that left it (§2.3)', async () => {
  await open({ settings: { batchSize: 10 } })
  const first = await world.run({ includeClosed: true })
  const second = await world.run({ includeClosed: false })
  expect(first.state).toBe('more_batches')
  expect(second).toMatchObject({ drainId: first.drainId, continuesRunId: first.id, options: { includeClosed: true } })
  expect((await logOf(second.id))[0]?.message).toContain('continues the backlog')
})

test('fifty simultaneous starts make one run (§2.1)', async () => {
  await open()
  const start = () =>
    startRun({ connectionId: world.connectionId, trigger: 'cli', startedBy: 'test', options: NO_OPTIONS })
  const started = await Promise.all(Array.from({ length: 50 }, start))
  expect(started.filter((one) => one.ok)).toHaveLength(1)
  expect(new Set(started.map((one) => one.runId)).size).toBe(1)
  expect(await database().syncRun.count()).toBe(1)
})

test('cancelling takes effect at the next record; what is done stays done (§10.5)', async () => {
  await open({ faults: { crm: { latencyMs: 20 } } })
  const going = world.run({ allBatches: true })
  let runId: string | undefined
  for (let tries = 0; tries < 400; tries += 1) {
    const row = await database().syncRun.findFirst({ where: { state: 'running', phase: 'send-people' } })
    if (row) {
      runId = row.id
      break
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await requestCancel(runId ?? '', 'ann@example.com')
  const run = await going
  expect(run.state).toBe('cancelled')
  expect(run.message).toContain('ann@example.com')
  for (const counts of Object.values(run.counters)) expect(addsUp(counts)).toBe(true)
  const next = await world.run({ allBatches: true })
  expect(next.message).toBe('Sync Completed')
})

test('a CRM that numbers its employees gets no second one when the answer to a create is lost (§10.1)', async () => {
  await open({ faults: { crm: { autoNumber: { employee: 'on', project: 'on' } } }, settings: {} })
  await control.setFaults({ crm: { only: 'POST /employee', lostAnswers: 1 } })
  const run = await world.run({ allBatches: true })
  const snapshot = await control.snapshot('crm')
  expect(run.message).toBe('Sync Completed')
  expect(snapshot.duplicates).toEqual([])
  expect(run.counters.employee?.created).toBeGreaterThan(0)
  expect((await logOf(run.id)).some((line) => line.code === 'CW-1404')).toBe(true)
  const again = await world.run()
  expect(again.counters.employee?.created).toBe(0)
})

test('without the external-key field the run warns, works by number and name, and creates nothing twice (§10.1)', async () => {
  await open({ faults: { crm: { externalKeyField: null, lostAnswerProbability: 0.1 } } })
  const run = await world.run({ allBatches: true })
  const lines = await logOf(run.id)
  expect(lines.filter((line) => line.code === 'CW-1004').length).toBeGreaterThan(0)
  expect(run.message).toBe('Sync Completed')
  await control.setFaults({ crm: { lostAnswerProbability: 0 } })
  const again = await world.run()
  expect(again.counters.employee?.created).toBe(0)
  expect(again.counters.client?.created).toBe(0)
})

test.each([
  [
    'the password is wrong',
    async () => control.setFaults({ crm: { passwordGrant: false, refreshGrant: false } }),
    /sign/i,
  ],
  ['the ERP answers HTML with status 200', async () => control.setFaults({ erp: { htmlPages: 100_000 } }), /Ajera/],
  [
    'the CRM list is cut in the middle',
    async () => control.setFaults({ crm: { only: 'GET /contact', truncated: 1000 } }),
    /Vantagepoint/,
  ],
])('when %s, the run fails with that reason and nothing was written', async (_, breakIt, reason) => {
  await open()
  await breakIt()
  const run = await world.run()
  expect(run.state).toBe('failed')
  expect(run.message).toMatch(reason)
  expect(run.message).not.toMatch(/<|\bat .*:\d+:\d+|stack/i)
  expect((await control.journal()).filter((call) => call.wrote)).toEqual([])
  expect((await findRun(run.id))?.finishedAt).not.toBeNull()
})

test('bad content is cut or left out with one warning each, and the other records go on (§7.4, §7.6, §13.13)', async () => {
  await open()
  await world.run({ allBatches: true })
  const [first, second] = (await pairs('project')).filter((pair) => pair.lastSyncedAt !== null)
  const clients = (await pairs('client')).slice(0, 5)
  const unknownType = PROJECT_TYPES.findIndex((type) => type.code === null) + 1
  if (!first || !second) throw new Error('The sandbox has too few pairs.')
  const edit = { action: 'edit', side: 'erp' } as const
  await control.act({ ...edit, type: 'project', key: Number(first.erpKey), fields: { Description: 'N'.repeat(3000) } })
  await control.act({
    ...edit,
    type: 'project',
    key: Number(second.erpKey),
    fields: { ProjectTypeKey: unknownType },
  })
  for (const { erpKey } of clients) {
    await control.act({
      ...edit,
      type: 'client',
      key: Number(erpKey),
      fields: { Email: `${'e'.repeat(60)}@example.com` },
    })
  }
  const run = await world.run({ allBatches: true })
  const lines = await logOf(run.id)
  const about = (key: string) => lines.filter((line) => line.erpKey === key)
  expect(about(first.erpKey).map((line) => line.severity)).toEqual(['warning', 'info'])
  expect(about(first.erpKey)[0]).toMatchObject({ code: 'CW-1301' })
  expect(about(second.erpKey)[0]).toMatchObject({ code: 'CW-1302' })
  for (const { erpKey } of clients) expect(about(erpKey)[0]).toMatchObject({ code: 'CW-1301' })
  expect(run.counters.client).toMatchObject({ updated: clients.length, failed: 0 })

  const again = await world.run()
  expect((await logOf(again.id)).filter((line) => line.severity === 'warning')).toEqual([])
})

test('a record that a person pairs while a run is planned is not created a second time', async () => {
  await open({ faults: { crm: { latencyMs: 5 } } })
  const run = await world.run({ allBatches: true })
  const created = await database().syncItem.findFirst({ where: { runId: run.id, type: 'contact', outcome: 'created' } })
  if (!created) throw new Error('The sandbox has no contact to create.')
  const marked = await database().$transaction((tx) => markSending(tx, [{ id: created.id, intentKey: null }]))
  expect(marked.size).toBe(0)
})

test('a firm whose address was lost after its creation is complete at the end of the same run', async () => {
  await open()
  await control.setFaults({ crm: { only: 'POST /firm/', lostAnswers: 1, lyingErrors: 1 } })
  const run = await world.run({ allBatches: true })
  expect(run.counters.client?.created).toBeGreaterThan(0)
  await control.clearJournal()
  const again = await world.run()
  expect(again.counters.client).toMatchObject({ updated: 0, created: 0 })
  expect((await control.snapshot('crm')).duplicates).toEqual([])
})
