import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkConnection, openPorts, prepareConnection, saveDraft } from '#lib/console'
import { advanceRun } from '#lib/engine/advance'
import { startRun } from '#lib/engine/start'
import { createLogger } from '#lib/ops/logger'
import { type Sandbox, startSandbox } from '#lib/sandbox/sandbox'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { NO_OPTIONS } from '../support/world.ts'

/** Every credential of this pair is a canary: none of them may be found anywhere after a run (invariant 17). */
let sandbox: Sandbox
let testDatabase: TestDatabase
const kept = { ...process.env }

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  process.env.DATABASE_URL = testDatabase.url
  process.env.CROSSWALK_ENCRYPTION_KEY = randomBytes(32).toString('base64')
  await connectDatabase(testDatabase.url)
  sandbox = await startSandbox({ projects: 30, clients: 8, contacts: 12, employees: 6 })
  const port = (url: string) => new URL(url).host
  process.env.CROSSWALK_ALLOWED_HOSTS = `${port(sandbox.erpUrl)},${port(sandbox.crmUrl)}`
})
afterAll(async () => {
  await sandbox.close()
  await closeDatabase()
  await testDatabase.drop()
  for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name]
  Object.assign(process.env, kept)
})

function canaries(): string[] {
  const { ajera, vantagepoint } = sandbox.credentials
  return [
    ajera.password,
    new URL(ajera.url).search.slice(1),
    vantagepoint.password,
    vantagepoint.clientId,
    vantagepoint.clientSecret,
  ]
}

/** Every row of every table of the product and of the queue, as text. */
async function everythingStored(): Promise<string> {
  const tables = await database().$queryRaw<{ schema: string; name: string }[]>`
    SELECT schemaname AS schema, tablename AS name FROM pg_tables WHERE schemaname IN ('public', 'pgboss')`
  const texts = await Promise.all(
    tables.map(({ schema, name }) =>
      database().$queryRawUnsafe<{ text: string }[]>(`SELECT t::text AS text FROM "${schema}"."${name}" t`),
    ),
  )
  return texts
    .flat()
    .map((row) => row.text)
    .join('\n')
}

function credentials() {
  const { ajera, vantagepoint } = sandbox.credentials
  return {
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
}

test('after saving, checking and a whole run no credential is in any table, job or log line', async () => {
  const id = await saveDraft({ credentials: credentials(), settings: { erpRate: 500 } }, 'ann@example.com')
  await prepareConnection()
  const findings = await checkConnection(id)
  const started = await startRun({
    connectionId: id,
    trigger: 'manual',
    startedBy: 'ann@example.com',
    options: NO_OPTIONS,
  })
  await advanceRun(started.runId, openPorts, new AbortController().signal, (error) => {
    throw error
  })
  const run = await findRun(started.runId)
  const stored = `${await everythingStored()}\n${JSON.stringify(findings)}`
  expect(run?.finishedAt).not.toBeNull()
  expect(run?.counters.project?.considered).toBe(30)
  for (const canary of canaries()) expect(stored).not.toContain(canary)
  // Sensitive fields of employees are in the ERP's answers and must have been dropped on arrival.
  expect(stored).not.toMatch(/SocialSecurityNumber|BirthDate|PayRates|CreditCards/)
})

test('a log line about a failed call keeps no query, credential or token', () => {
  let written = ''
  const log = createLogger({ write: (text: string) => (written += text) })
  const { ajera, vantagepoint } = sandbox.credentials
  const cause = new Error(`POST ${ajera.url} failed`)
  log.error(
    {
      err: new Error(`fetch ${ajera.url}`, { cause }),
      password: vantagepoint.password,
      clientSecret: vantagepoint.clientSecret,
    },
    'call failed',
  )
  for (const canary of canaries()) expect(written).not.toContain(canary)
})
