import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkConnection, openPorts, prepareConnection, saveDraft } from '#lib/console'
import { advanceRun } from '#lib/engine/advance'
import { raiseAlert } from '#lib/engine/alerts'
import { startRun } from '#lib/engine/start'
import { createLogger } from '#lib/ops/logger'
import { addChannel, saveMailAccess } from '#lib/ops/message-access'
import { sendDueMessages, sendTest } from '#lib/ops/notify'
import { type Sandbox, startSandbox } from '#lib/sandbox/sandbox'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { MAIL_PASSWORD, MAIL_USER, openMailRoom, openReceiver } from '../support/post-office.ts'
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

test('a mail server’s password and a webhook’s secret are in no table, outcome or log line, whatever becomes of a message', async () => {
  const connection = await database().connection.findFirstOrThrow()
  const mailRoom = await openMailRoom()
  const receiver = await openReceiver()
  process.env.CROSSWALK_ALLOWED_HOSTS = `127.0.0.1:${mailRoom.port},${receiver.host}`
  let logged = ''
  const log = createLogger({ write: (text: string) => (logged += text) })
  const server = { host: '127.0.0.1', port: mailRoom.port, secure: false, username: MAIL_USER, sender: 'a@example.com' }
  const shared = { mode: 'each', alertKinds: ['run_failed'], createdBy: 'ann@example.com' } as const
  await saveMailAccess(server, MAIL_PASSWORD, 'ann@example.com')
  const mail = await addChannel({ kind: 'email', target: 'ops@example.com', ...shared })
  const hook = await addChannel({ kind: 'webhook', target: receiver.url, ...shared })
  await raiseAlert(connection.id, 'run_failed', 'It stopped.', null)
  expect(await sendDueMessages((error) => log.error(error))).toBe(2)
  await saveMailAccess(server, `wrong ${MAIL_PASSWORD}`, 'ann@example.com')
  receiver.answer(500)
  const text = { subject: 'Test', body: 'Test' }
  const outcomes = await Promise.all([mail, hook].map(({ id }) => sendTest(id, text, (error) => log.error(error))))
  await Promise.all([mailRoom.close(), receiver.close()])
  expect(mailRoom.mails).toHaveLength(1)
  expect(receiver.calls).toHaveLength(2)
  const everything = `${await everythingStored()}\n${JSON.stringify(outcomes)}\n${logged}`
  for (const canary of [MAIL_PASSWORD, hook.secret ?? 'none']) expect(everything).not.toContain(canary)
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
