import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fieldMapOf, readConnectionMap } from '#lib/connection-field-map'
import { openPorts, saveDraft } from '#lib/console'
import { defaultFieldMap } from '#lib/default-field-map'
import { advanceRun } from '#lib/engine/advance'
import { startRun } from '#lib/engine/start'
import { describedCrm, type MapAnswer, saveEditedMap, setMapBack } from '#lib/field-map-desk'
import { tryEntry, tryMap } from '#lib/field-map-trial'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { type Sandbox, startSandbox } from '#lib/sandbox/sandbox'
import { type ConnectionView, currentConnection } from '#lib/store/connections'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { mapVersion } from '#lib/store/field-map'
import { findRun, type Run } from '#lib/store/runs'
import { findTestPair, listErpValues, searchTestPairs, type TestPair } from '#lib/store/views-field-map'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { putEntry, withoutEntry } from '#lib/sync/map-edit'
import type { RecordType } from '#lib/sync/records'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { NO_OPTIONS } from '../support/world.ts'

/** A connection's own field map from the screen's questions to what stands in the CRM, over real HTTP. */
let testDatabase: TestDatabase
let sandbox: Sandbox
let control: SandboxControl
let connection: ConnectionView
const kept = { ...process.env }

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  process.env.DATABASE_URL = testDatabase.url
  process.env.CROSSWALK_ENCRYPTION_KEY = randomBytes(32).toString('base64')
  await connectDatabase(testDatabase.url)
  sandbox = await startSandbox({ projects: 40, clients: 12, contacts: 12, employees: 8 })
  control = sandboxControl(sandbox.controlUrl)
  const host = (url: string) => new URL(url).host
  process.env.CROSSWALK_ALLOWED_HOSTS = `${host(sandbox.erpUrl)},${host(sandbox.crmUrl)}`
  const { ajera, vantagepoint } = sandbox.credentials
  const credentials = {
    erpUrl: ajera.url,
    erpUsername: ajera.username,
    erpPassword: ajera.password,
    crmUrl: vantagepoint.url,
    crmDatabase: vantagepoint.database,
    crmClientId: vantagepoint.clientId,
    crmClientSecret: vantagepoint.clientSecret,
    crmUsername: vantagepoint.username,
    crmPassword: vantagepoint.password,
  }
  await saveDraft({ credentials, settings: { erpRate: null, graceSeconds: 0 } }, 'ann@example.com')
  const current = await currentConnection()
  if (!current) throw new Error('The connection was not saved.')
  connection = current
}, 60_000)
afterAll(async () => {
  await sandbox.close()
  await closeDatabase()
  await testDatabase.drop()
  for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name]
  Object.assign(process.env, kept)
})

async function run(): Promise<Run> {
  const options = { ...NO_OPTIONS, allBatches: true, includeClosed: true }
  const { runId } = await startRun({ connectionId: connection.id, trigger: 'cli', startedBy: 'test', options })
  await advanceRun(runId, openPorts, new AbortController().signal, (error) => {
    throw error
  })
  const ended = await findRun(runId)
  if (!ended) throw new Error('The run is gone.')
  return ended
}

async function edit(
  type: RecordType,
  after: (entries: readonly FieldMapEntry[]) => readonly FieldMapEntry[],
): Promise<MapAnswer> {
  const expected = mapVersion((await readConnectionMap(connection.id)).fieldMap[type])
  return saveEditedMap(connection, { type, by: 'ann@example.com', expected, after })
}

const add = (type: RecordType, entry: FieldMapEntry) => edit(type, (entries) => putEntry(entries, entry.crm, entry))

async function syncedPair(type: RecordType = 'project'): Promise<TestPair> {
  const pair = await findTestPair(connection.id, type, null)
  if (!pair) throw new Error('The sandbox has no such pair.')
  return pair
}

/** One record as the CRM holds it, as far as the map names its fields. */
async function crmFields(hub: 'project' | 'firm', key: string): Promise<Record<string, unknown>> {
  const ports = await openPorts(connection.id)
  try {
    const [record] = await ports.crm.read(hub === 'firm' ? 'client' : 'project', [key])
    return { ...record?.fields }
  } finally {
    await ports.close()
  }
}

const region: FieldMapEntry = {
  erp: '',
  crm: 'CustRegion',
  owner: 'erp',
  transform: { kind: 'text' },
  label: 'Region',
  constant: 'North',
}
const method: FieldMapEntry = {
  erp: 'CustomFields.Delivery method',
  crm: 'CustDeliveryMethod',
  owner: 'erp',
  transform: { kind: 'text' },
  label: 'Delivery method',
}
const office: FieldMapEntry = { ...method, erp: 'Location', crm: 'City', label: 'City', onlyIfEmpty: true }

describe('a map that was edited', () => {
  test('the default map has nothing wrong with it in this CRM, and the first run settles every pair', async () => {
    const described = await describedCrm(connection, true)
    if (!described.ok) throw new Error(described.error)
    for (const type of ['project', 'client', 'vendor', 'contact', 'employee'] as const) {
      expect((await edit(type, (entries) => [...entries])).ok).toBe(true)
    }
    expect((await run()).message).toBe('Sync Completed')
    expect((await run()).counters.project).toMatchObject({ updated: 0 })
  })

  test('carries custom fields, constants and only-if-empty fields into the CRM, and is quiet afterwards (§9, §7.3)', async () => {
    const pair = await syncedPair()
    const other = (await searchTestPairs(connection.id, 'project', { text: '', limit: 5 })).find(
      (one) => one.crmId !== pair.crmId && one.lastSyncedAt,
    )
    if (!other) throw new Error('The sandbox has one pair only.')
    const erp = { action: 'edit', side: 'erp', type: 'project' } as const
    await control.act({
      ...erp,
      key: Number(pair.erpKey),
      fields: { Location: 'Oslo', CustomFields: { 'Delivery method': { Value: 'CM at risk', AllowEdit: true } } },
    })
    await control.act({ ...erp, key: Number(other.erpKey), fields: { Location: 'Bergen' } })
    await control.act({ action: 'edit', side: 'crm', type: 'project', key: other.crmId, fields: { City: 'Rome' } })
    for (const entry of [region, method, office])
      expect(await add('project', entry)).toEqual({ ok: true, warnings: [] })

    const changed = await run()
    expect(changed.message).toBe('Sync Completed')
    expect(changed.counters.project?.updated).toBeGreaterThan(10)
    expect(await crmFields('project', pair.crmId)).toMatchObject({
      CustRegion: 'North',
      CustDeliveryMethod: 'CM at risk',
      City: 'Oslo',
    })
    expect(await crmFields('project', other.crmId)).toMatchObject({ CustRegion: 'North', City: 'Rome' })
    await control.clearJournal()
    await run()
    expect((await control.journal()).filter((call) => call.wrote)).toEqual([])
  })

  test('an edited value map makes the records due that it changes (§7.6, §5.1)', async () => {
    const [entry] = defaultFieldMap.project.filter(({ crm }) => crm === 'Status')
    if (entry?.transform.kind !== 'values') throw new Error('Status has no value map.')
    const seen = await listErpValues(connection.id, 'project', 'Status', 50)
    const active = seen.find(({ value }) => value === 'Active')?.count ?? 0
    expect(active).toBeGreaterThan(3)
    const values = { ...entry.transform.values, Active: 'I' }
    expect((await add('project', { ...entry, transform: { kind: 'values', values } })).ok).toBe(true)
    const changed = await run()
    const statuses = await database().$queryRaw<{ status: string }[]>`
      SELECT DISTINCT c.fields->>'Status' AS status FROM crm_mapping m
        JOIN project p ON p.connection_id = m.connection_id AND p.key = m.erp_key AND p.sync_to_crm
        JOIN crm_record c ON c.connection_id = m.connection_id AND c.type = m.type AND c.id = m.crm_id
       WHERE m.type = 'project' AND m.removed_at IS NULL AND p.fields->>'Status' = 'Active'`
    expect(statuses).toEqual([{ status: 'I' }])
    expect(changed.counters.project?.updated).toBeGreaterThan(3)
  })

  test('a shared field that is given to the ERP is put back from the next run on (§9, §13.5)', async () => {
    const pair = await syncedPair('client')
    const [email] = defaultFieldMap.client.filter(({ crm }) => crm === 'PrimaryEmail')
    if (email?.owner !== 'shared') throw new Error('The e-mail address is not shared.')
    const erp = { action: 'edit', side: 'erp', type: 'client', key: Number(pair.erpKey) } as const
    await control.act({ ...erp, fields: { Email: 'books@example.com' } })
    await run()
    expect((await crmFields('firm', pair.crmId)).PrimaryEmail).toBe('books@example.com')
    const fields = { PrimaryEmail: 'leads@example.com' }
    await control.act({ action: 'edit', side: 'crm', type: 'firm', key: pair.crmId, fields })
    expect((await add('client', { ...email, owner: 'erp' })).ok).toBe(true)
    await run()
    expect((await crmFields('firm', pair.crmId)).PrimaryEmail).toBe('books@example.com')
  })

  test('set back to the default, it no longer sends what it added, and leaves in the CRM what is there', async () => {
    const pair = await syncedPair()
    const expected = mapVersion((await fieldMapOf(connection.id)).project)
    expect((await setMapBack(connection, { type: 'project', by: 'ann@example.com', expected })).ok).toBe(true)
    const fields = { CustRegion: 'South' }
    await control.act({ action: 'edit', side: 'crm', type: 'project', key: pair.crmId, fields })
    await run()
    expect((await fieldMapOf(connection.id)).project).toEqual(defaultFieldMap.project)
    const shown: FieldMapEntry = { ...region, constant: undefined, owner: 'crm', role: 'read-only' }
    expect((await add('project', shown)).ok).toBe(true)
    expect((await crmFields('project', pair.crmId)).CustRegion).toBe('South')
  })
})

describe('a map is checked by both systems before it is saved', () => {
  test('an entry that cannot work is told and nothing is saved', async () => {
    const before = await fieldMapOf(connection.id)
    const answer = await add('project', { ...region, crm: 'CustNowhere' })
    expect(answer).toMatchObject({ ok: false, findings: [{ level: 'error', crm: 'CustNowhere', part: 'crm' }] })
    expect(await edit('project', (entries) => withoutEntry(entries, 'Name'))).toMatchObject({ ok: false })
    expect(await fieldMapOf(connection.id)).toEqual(before)
  })

  test('a list that no entry named before is asked for', async () => {
    const stage: FieldMapEntry = {
      ...method,
      erp: 'BillingType',
      crm: 'Stage',
      label: 'Stage',
      transform: { kind: 'code', table: 'CFGProjectStage' },
    }
    expect(await add('project', stage)).toMatchObject({ ok: true })
    expect(await add('project', { ...stage, transform: { kind: 'code', table: 'NoSuchList' } })).toMatchObject({
      ok: false,
      findings: [{ part: 'transform' }],
    })
  })

  test('while the CRM does not answer, nothing is saved and the reason is told', async () => {
    await control.setFaults({ crm: { passwordGrant: false, refreshGrant: false } })
    try {
      const answer = await add('project', { ...region, constant: 'West' })
      expect(answer).toMatchObject({ ok: false, error: expect.stringMatching(/^Nothing was saved.*Vantagepoint/) })
    } finally {
      await control.setFaults({ crm: { passwordGrant: true, refreshGrant: true } })
    }
  })
})

describe('a real record beside each entry', () => {
  test('shows what the ERP holds, what would be sent and what the CRM holds, with the names behind keys', async () => {
    const described = await describedCrm(connection, false)
    if (!described.ok) throw new Error(described.error)
    const pair = await syncedPair()
    const at = {
      type: 'project',
      fieldMap: await fieldMapOf(connection.id),
      description: described.value.description,
    } as const
    const trials = await tryMap(connection, at, pair)
    expect(trials.get('Status')?.field).toMatchObject({ erp: expect.any(String), erpInCrmForm: 'A', crm: 'A' })
    const manager = trials.get('ProjMgr')
    expect(manager?.names.erp).toMatch(/\w+ \w+/)
    expect(manager?.names.crm).toBe(manager?.names.sent)
    expect(trials.get('WBS1')?.field.crm).toBe(pair.crmId)
    expect(trials.size).toBe((await fieldMapOf(connection.id)).project.length)
  })

  test('an entry that is not saved is tried on both systems as they stand now, and nothing is kept of it', async () => {
    const pair = await syncedPair()
    await control.act({
      action: 'edit',
      side: 'crm',
      type: 'project',
      key: pair.crmId,
      fields: { CustSquareFeet: 1200 },
    })
    const entry: FieldMapEntry = {
      ...method,
      erp: 'HoursBudget',
      crm: 'CustSquareFeet',
      transform: { kind: 'decimal', places: 0 },
    }
    const before = await readConnectionMap(connection.id)
    const tried = await tryEntry(connection, { type: 'project', crm: null, entry }, pair)
    expect(tried).toMatchObject({ ok: true, value: { findings: [], trial: { field: { crm: '1200' } } } })
    expect(await readConnectionMap(connection.id)).toEqual(before)
    const wrong = await tryEntry(
      connection,
      { type: 'project', crm: null, entry: { ...entry, transform: { kind: 'text' } } },
      pair,
    )
    expect(wrong).toMatchObject({ ok: true, value: { findings: [{ part: 'transform', level: 'error' }] } })
  })

  test('is found by name and key of either side, the last synced one first', async () => {
    const pair = await syncedPair()
    for (const text of [pair.erpKey, pair.crmId, pair.erpName.slice(2, 12).toUpperCase()]) {
      const found = await searchTestPairs(connection.id, 'project', { text, limit: 10 })
      expect(
        found.map(({ erpKey }) => erpKey),
        text,
      ).toContain(pair.erpKey)
    }
    expect(await findTestPair(connection.id, 'project', 'no such key')).toBeNull()
    expect(await findTestPair(connection.id, 'vendor', 'x%_\\')).toBeNull()
  })

  test('values that occur are counted, empty ones left out', async () => {
    const seen = await listErpValues(connection.id, 'project', 'Status', 50)
    expect(seen.reduce((sum, { count }) => sum + count, 0)).toBe(await database().project.count())
    expect(await listErpValues(connection.id, 'project', "no'such field", 5)).toEqual([])
  })
})
