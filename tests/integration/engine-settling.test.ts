import { afterEach, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import { startRun } from '#lib/engine/start'
import { sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import { insertRun } from '../support/run-rows.ts'
import { NO_OPTIONS, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 60, clients: 15, contacts: 30, employees: 10 }

let world: World
afterEach(() => world.close())

test('the database holds one open run per connection, whoever inserts it (§2.1)', async () => {
  world = await openWorld({ projects: 1, clients: 1, contacts: 1, employees: 1 })
  await insertRun(world.connectionId, { state: 'queued' })
  await expect(insertRun(world.connectionId, { state: 'running' })).rejects.toThrow(/unique constraint/i)
  await insertRun(world.connectionId, { state: 'completed' })
  expect(await database().syncRun.count()).toBe(2)
})

test('outcome, log line, mapping and base of a record are stored together or not at all, and only after its answer (§10.3, §7.1)', async () => {
  world = await openWorld(SIZE)
  const control = sandboxControl(world.sandbox.controlUrl)
  await database().$executeRawUnsafe('CREATE SEQUENCE updates_logged')
  await database().$executeRawUnsafe(`
    CREATE FUNCTION refuse_line() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('updates_logged') >= 26 THEN RAISE EXCEPTION 'refused'; END IF;
      RETURN NEW;
    END $$`)
  await database().$executeRawUnsafe(`
    CREATE TRIGGER refuse_line BEFORE INSERT ON integration_log_entry FOR EACH ROW
    WHEN (NEW.method = 'Vantagepoint Update Project' AND NEW.severity = 'info') EXECUTE FUNCTION refuse_line()`)
  const options = { ...NO_OPTIONS, allBatches: true }
  const { runId } = await startRun({ connectionId: world.connectionId, trigger: 'cli', startedBy: 'test', options })
  const defects: unknown[] = []
  await advanceRun(runId, world.openPorts, new AbortController().signal, (error) => defects.push(error))
  expect((await findRun(runId))?.state).toBe('failed')
  expect(defects).toHaveLength(1)

  const keys = (rows: { erpKey: string | null }[]) => rows.map(({ erpKey }) => erpKey).sort()
  const settled = await database().syncItem.findMany({ where: { runId, type: 'project', outcome: 'updated' } })
  const lines = await database().integrationLogEntry.findMany({
    where: { runId, method: 'Vantagepoint Update Project', severity: 'info' },
  })
  const items = await database().syncItem.findMany({ where: { runId, type: 'project' } })
  const written = await database().crmMapping.findMany({
    where: { type: 'project', erpKey: { in: items.map(({ erpKey }) => erpKey) }, lastSyncedAt: { not: null } },
  })
  const answered = (await control.journal({ system: 'crm' })).filter((call) => /^PUT \/project\//.test(call.name))
  expect(settled.length).toBeGreaterThan(0)
  expect(settled.length).toBeLessThan(answered.length)
  expect(keys(lines)).toEqual(keys(settled))
  expect(keys(written)).toEqual(keys(settled))
  for (const { crmId, base } of written) {
    const crm = await database().crmRecord.findFirst({ where: { type: 'project', id: crmId } })
    expect(crm?.fields).toMatchObject({ AjeraSync: 'Y' })
    expect(base).toMatchObject({ AjeraSync: 'Y' })
  }

  await database().$executeRawUnsafe('DROP TRIGGER refuse_line ON integration_log_entry')
  expect((await world.run({ allBatches: true })).message).toBe('Sync Completed')
  expect((await world.run()).counters.project).toMatchObject({ updated: 0, created: 0 })
})

test('pairs that agree count as mapped without a write; the external key travels with the first write and makes nothing due (§13.3, §13.6)', async () => {
  world = await openWorld(SIZE)
  const control = sandboxControl(world.sandbox.controlUrl)
  const run = await world.run({ allBatches: true })
  const keyOf = async (id: string) =>
    (await database().crmRecord.findFirst({ where: { type: 'contact', id } }))?.externalKey ?? null
  const pairs = await database().crmMapping.findMany({ where: { type: 'contact', matchedBy: 'name' } })
  const sent = await database().syncItem.findMany({ where: { runId: run.id, type: 'contact' } })
  const agreed = pairs.filter(({ erpKey }) => sent.every((item) => item.erpKey !== erpKey))
  const updated = pairs.filter(({ erpKey }) => sent.some((item) => item.erpKey === erpKey))
  expect(agreed.length).toBeGreaterThan(0)
  expect(updated.length).toBeGreaterThan(0)
  expect(run.counters.contact?.mapped).toBe(agreed.length)
  for (const { crmId, base } of agreed) {
    expect(base).not.toBeNull()
    expect(await keyOf(crmId)).toBeNull()
  }
  for (const { crmId, erpKey } of updated) expect(await keyOf(crmId)).toBe(erpKey)

  const [pair] = agreed
  if (!pair) return
  await control.clearJournal()
  const key = Number(pair.erpKey)
  await control.act({ action: 'edit', side: 'erp', type: 'contact', key, fields: { Title: 'Harbour master' } })
  await world.run()
  const writes = (await control.journal({ system: 'crm' })).filter((call) => call.wrote)
  expect(writes).toHaveLength(1)
  expect(await keyOf(pair.crmId)).toBe(pair.erpKey)
})
