import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { enqueueDueDigests, raiseAlert, recoverAlert } from '#lib/engine/alerts'
import { startNotifier } from '#lib/notifier'
import { addChannel, saveMailAccess } from '#lib/ops/message-access'
import { sendDueMessages, sendTest } from '#lib/ops/notify'
import { listOpenAlerts } from '#lib/store/alerts'
import { setChannelEnabled } from '#lib/store/channels'
import { saveConnection } from '#lib/store/connections'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { takeDueMessages } from '#lib/store/notifications'
import { ALERT_KINDS } from '#lib/sync/alerts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  MAIL_PASSWORD,
  MAIL_USER,
  type MailRoom,
  openMailRoom,
  openReceiver,
  type Receiver,
} from '../support/post-office.ts'

const kept = { ...process.env }
let testDatabase: TestDatabase
let mailRoom: MailRoom
let receiver: Receiver
let connectionId: string

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  process.env.DATABASE_URL = testDatabase.url
  process.env.CROSSWALK_ENCRYPTION_KEY = randomBytes(32).toString('base64')
  process.env.NEXTAUTH_URL = 'https://crosswalk.example.com/'
  await connectDatabase(testDatabase.url)
  receiver = await openReceiver()
})
beforeEach(async () => {
  await mailRoom?.close()
  mailRoom = await openMailRoom()
  process.env.CROSSWALK_ALLOWED_HOSTS = `127.0.0.1:${mailRoom.port},${receiver.host}`
  receiver.answer(204)
  ;(receiver.calls as unknown[]).length = 0
  await database().notificationChannel.deleteMany()
  await database().connection.deleteMany()
  connectionId = await saveConnection({
    name: 'Firm A',
    origin: 'screen',
    fingerprint: randomUUID(),
    credentials: {},
    settings: {},
  })
  await saveMailAccess(serverOf(mailRoom), MAIL_PASSWORD, 'ann@example.com')
})
afterAll(async () => {
  await mailRoom.close()
  await receiver.close()
  await closeDatabase()
  await testDatabase.drop()
  for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name]
  Object.assign(process.env, kept)
})

function serverOf({ port }: { port: number }, secure = false) {
  return { host: '127.0.0.1', port, secure, username: MAIL_USER, sender: 'crosswalk@example.com' }
}

function channel(kind: 'email' | 'webhook', target: string, mode: 'each' | 'digest' = 'each') {
  return addChannel({ kind, target, mode, alertKinds: ALERT_KINDS, createdBy: 'ann@example.com' })
}

function fail(message = 'Ajera stayed away.'): Promise<void> {
  return raiseAlert(connectionId, 'run_failed', message, randomUUID())
}

async function send(): Promise<number> {
  return sendDueMessages((error) => {
    throw error
  })
}

/** As if the time to wait had passed. */
async function makeDue(): Promise<void> {
  await database().notification.updateMany({ where: { state: 'waiting' }, data: { dueAt: new Date(0) } })
}

function history() {
  return database().notification.findMany({ orderBy: { id: 'asc' } })
}

test('one message when it breaks, none while it stays broken, one when it is over', async () => {
  await channel('email', 'ann@example.com')
  await fail()
  await fail('It failed again.')
  await send()
  await fail('And again.')
  await send()
  expect(mailRoom.mails.map(({ subject }) => subject)).toEqual(['Crosswalk: the sync of Firm A failed'])
  expect((await listOpenAlerts(connectionId)).map(({ message }) => message)).toEqual(['Ajera stayed away.'])

  await recoverAlert(connectionId, 'run_failed', 'A run has ended well again.')
  await recoverAlert(connectionId, 'run_failed', 'A run has ended well again.')
  await send()
  expect(mailRoom.mails.map(({ subject }) => subject)).toEqual([
    'Crosswalk: the sync of Firm A failed',
    'Crosswalk: the sync of Firm A works again',
  ])
  expect(await listOpenAlerts(connectionId)).toEqual([])

  await fail()
  await send()
  expect(mailRoom.mails).toHaveLength(3)
})

test('a mail says what happened, why and what to do, and leads to the run', async () => {
  await channel('email', 'ann@example.com')
  const runId = randomUUID()
  await raiseAlert(connectionId, 'brake_pulled', 'The brake stopped the <b>sync</b>.', runId)
  await send()
  const [mail] = mailRoom.mails
  expect(mail?.to).toEqual(['ann@example.com'])
  expect(mail?.raw).toContain('The brake stopped the <b>sync</b>.')
  expect(mail?.raw).toContain('The brake stopped the &lt;b&gt;sync&lt;/b&gt;.')
  expect(mail?.raw).toMatch(/Why: .*\r\n\r\nWhat to do: /)
  expect(mail?.raw).toContain(`Open the run: https://crosswalk.example.com/sync/${runId}`)
  expect(mail?.raw).toContain('Auto-Submitted: auto-generated')
})

test('twelve alerts raised at once from two sides open one alert and queue one message', async () => {
  await channel('email', 'ann@example.com')
  await Promise.all(Array.from({ length: 12 }, () => fail()))
  expect(await database().alert.count()).toBe(1)
  expect(await history()).toHaveLength(1)
})

test('four senders at once send each message once', async () => {
  await Promise.all(Array.from({ length: 12 }, (_, index) => channel('email', `person-${index}@example.com`)))
  await fail()
  await recoverAlert(connectionId, 'run_failed')
  await Promise.all([send(), send(), send(), send()])
  await Promise.all([send(), send(), send(), send()])
  await Promise.all([send(), send(), send(), send()])
  expect(mailRoom.mails).toHaveLength(24)
  expect(new Set(mailRoom.mails.map(({ id }) => id)).size).toBe(24)
  expect((await history()).every(({ state, attempts }) => state === 'sent' && attempts === 1)).toBe(true)
})

test('two workers bring what waits to people by themselves, all of it and each once', async () => {
  await Promise.all(Array.from({ length: 25 }, (_, index) => channel('email', `person-${index}@example.com`)))
  await fail()
  const notifiers = [startNotifier(), startNotifier()]
  await vi.waitFor(async () => expect((await history()).every(({ state }) => state === 'sent')).toBe(true), 20_000)
  await Promise.all(notifiers.map((notifier) => notifier.stop()))
  expect(mailRoom.mails).toHaveLength(25)
})

test('that it is over is never told before that it broke', async () => {
  await channel('email', 'ann@example.com')
  mailRoom.unknown.add('ann@example.com')
  await fail()
  await recoverAlert(connectionId, 'run_failed')
  await send()
  mailRoom.unknown.clear()
  expect(await send()).toBe(0)
  await makeDue()
  await send()
  await send()
  expect(mailRoom.mails.map(({ subject }) => subject)).toEqual([
    'Crosswalk: the sync of Firm A failed',
    'Crosswalk: the sync of Firm A works again',
  ])
})

test('only those hear of an end who were told of its beginning', async () => {
  await fail()
  await channel('email', 'late@example.com')
  await recoverAlert(connectionId, 'run_failed')
  expect(await history()).toEqual([])
})

test('a channel hears only of the kinds it wants, and of nothing while it is switched off', async () => {
  const { id } = await addChannel({
    kind: 'email',
    target: 'ann@example.com',
    mode: 'each',
    alertKinds: ['drift'],
    createdBy: 'ann@example.com',
  })
  await fail()
  expect(await history()).toEqual([])
  await raiseAlert(connectionId, 'drift', 'They differ.', null)
  await setChannelEnabled(id, false)
  await send()
  expect(mailRoom.mails).toEqual([])
  expect((await history()).map(({ state, problem }) => [state, problem])).toEqual([
    ['failed', 'The channel was switched off before this was sent.'],
  ])
})

test('a mail server that is down is tried again after 1, 5, 30 and 120 minutes, then given up, and the history says why', async () => {
  await channel('email', 'ann@example.com')
  await mailRoom.close()
  await fail()
  const waits: number[] = []
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await makeDue()
    expect(await send()).toBe(1)
    const [message] = await history()
    if (message?.state === 'waiting') waits.push(Math.round((message.dueAt.getTime() - Date.now()) / 60_000))
  }
  expect(waits).toEqual([1, 5, 30, 120])
  await makeDue()
  expect(await send()).toBe(0)
  expect(await history()).toMatchObject([
    { state: 'failed', attempts: 5, problem: 'The mail server could not be reached: the connection was refused.' },
  ])
})

test('a mail server that comes back gets the message, and the history forgets the problem', async () => {
  await channel('email', 'ann@example.com')
  const { port } = mailRoom
  await mailRoom.close()
  await fail()
  await send()
  mailRoom = await openMailRoom({ port })
  await makeDue()
  await send()
  expect(mailRoom.mails).toHaveLength(1)
  expect(await history()).toMatchObject([{ state: 'sent', attempts: 2, problem: null }])
})

test('a message whose sender died is sent by the next one', async () => {
  await channel('email', 'ann@example.com')
  await fail()
  expect(await takeDueMessages(10)).toHaveLength(1)
  expect(await send()).toBe(0)
  await makeDue()
  expect(await send()).toBe(1)
  expect(mailRoom.mails).toHaveLength(1)
})

test('a wrong password is told without the password, and without what the server says of it', async () => {
  const { id } = await channel('email', 'ann@example.com')
  await saveMailAccess(serverOf(mailRoom), 'wrong-and-secret-password', 'ann@example.com')
  const outcome = await sendTest(id, { subject: 'Test', body: 'Test' }, console.error)
  expect(outcome).toEqual({
    ok: false,
    problem: 'The mail server refused the sign-in (535): check the user name and the password.',
  })
  expect(await history()).toMatchObject([{ kind: 'test', state: 'failed', attempts: 1 }])
  expect(JSON.stringify(await history())).not.toContain('secret-password')
})

test('an unknown mailbox and a certificate that nobody vouches for are told apart', async () => {
  const { id } = await channel('email', 'nobody@example.com')
  mailRoom.unknown.add('nobody@example.com')
  const text = { subject: 'Test', body: 'Test' }
  expect(await sendTest(id, text, console.error)).toMatchObject({
    problem: expect.stringMatching(/^The mail server did not accept the sender or the recipient \(550\)/),
  })
  const tls = await openMailRoom({ secure: true })
  process.env.CROSSWALK_ALLOWED_HOSTS = '127.0.0.1'
  await saveMailAccess(serverOf(tls, true), '', 'ann@example.com')
  expect(await sendTest(id, text, console.error)).toMatchObject({
    problem: expect.stringMatching(/^No encrypted connection to the mail server/),
  })
  await tls.close()
})

test('a mail server at a private address is refused unless the operator has listed it', async () => {
  const { id } = await channel('email', 'ann@example.com')
  process.env.CROSSWALK_ALLOWED_HOSTS = ''
  const outcome = await sendTest(id, { subject: 'Test', body: 'Test' }, console.error)
  expect(outcome).toMatchObject({ ok: false, problem: expect.stringContaining('private or reserved') })
  expect(mailRoom.mails).toEqual([])
})

test('a webhook is signed so that its receiver can tell who sent it, and when', async () => {
  const { secret } = await channel('webhook', receiver.url)
  const runId = randomUUID()
  await raiseAlert(connectionId, 'run_failed', 'Ajera stayed away.', runId)
  await send()
  const [call] = receiver.calls
  const [, t = '', v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(call?.headers['crosswalk-signature'])) ?? []
  expect(v1).toBe(
    createHmac('sha256', secret ?? '')
      .update(`${t}.${call?.body}`)
      .digest('hex'),
  )
  expect(Math.abs(Date.now() / 1000 - Number(t))).toBeLessThan(60)
  const [stored] = await history()
  expect(JSON.parse(call?.body ?? '')).toEqual({
    id: stored?.id,
    kind: 'broken',
    alert: 'run_failed',
    connection: { id: connectionId, name: 'Firm A' },
    run: { id: runId, url: `https://crosswalk.example.com/sync/${runId}` },
    subject: 'Crosswalk: the sync of Firm A failed',
    message: expect.stringMatching(/^Ajera stayed away\./),
    at: stored?.createdAt.toISOString(),
  })
})

test.each([
  [500, {}, 'status 500'],
  [404, {}, 'status 404'],
  [302, { location: 'http://127.0.0.1:1/' }, 'a redirect (302)'],
])('a webhook that answers %i has not arrived and is tried again', async (status, headers, words) => {
  await channel('webhook', receiver.url)
  receiver.answer(status, headers as Record<string, string>)
  await fail()
  await send()
  expect(receiver.calls).toHaveLength(1)
  expect(await history()).toMatchObject([{ state: 'waiting', attempts: 1, problem: expect.stringContaining(words) }])
  receiver.answer(200)
  await makeDue()
  await send()
  expect(await history()).toMatchObject([{ state: 'sent', attempts: 2 }])
  const ids = receiver.calls.map(({ body }) => JSON.parse(body).id)
  expect(new Set(ids).size).toBe(1)
})

test('a webhook at a private address is refused unless the operator has listed it', async () => {
  const { id } = await channel('webhook', receiver.url.replace('http:', 'https:'))
  process.env.CROSSWALK_ALLOWED_HOSTS = ''
  const outcome = await sendTest(id, { subject: 'Test', body: 'Test' }, console.error)
  expect(outcome).toMatchObject({ ok: false, problem: expect.stringContaining('private or reserved') })
  expect(receiver.calls).toEqual([])
})

test('a digest comes once a day whatever the number of workers, with what broke, is open and is over', async () => {
  await channel('email', 'ann@example.com', 'digest')
  await database().notificationChannel.updateMany({ data: { createdAt: new Date('2026-11-20T00:00:00Z') } })
  await fail()
  await raiseAlert(connectionId, 'drift', 'They differ.', null)
  await recoverAlert(connectionId, 'drift')
  await database().alert.updateMany({ where: { kind: 'run_failed' }, data: { openedAt: at('25T03:00') } })
  await database().alert.updateMany({
    where: { kind: 'drift' },
    data: { openedAt: at('25T04:00'), recoveredAt: at('25T05:00') },
  })
  const morning = at('25T08:01')
  await Promise.all([enqueueDueDigests(morning), enqueueDueDigests(morning), enqueueDueDigests(morning)])
  await enqueueDueDigests(at('25T21:00'))
  const [digest, ...more] = await history()
  expect(more).toEqual([])
  expect(digest).toMatchObject({ kind: 'digest', subject: 'Crosswalk: the day in short, 1 new, 1 over' })
  expect(digest?.body).toMatch(/What broke:\n- Firm A, a sync failed: Ajera stayed away\.[\s\S]*Over:\n- Firm A, both/)

  await database().notification.updateMany({ data: { createdAt: morning } })
  await enqueueDueDigests(at('26T08:00'))
  expect((await history()).map(({ subject }) => subject)).toEqual([
    'Crosswalk: the day in short, 1 new, 1 over',
    'Crosswalk: the day in short, 1 still open',
  ])
  await makeDue()
  await send()
  expect(mailRoom.mails).toHaveLength(2)
})

test('a day on which nothing happened has no digest, and the next one leaves nothing out', async () => {
  await channel('email', 'ann@example.com', 'digest')
  await database().notificationChannel.updateMany({ data: { createdAt: at('20T00:00') } })
  await enqueueDueDigests(at('24T09:00'))
  expect(await history()).toEqual([])
  await fail()
  await database().alert.updateMany({ data: { openedAt: at('25T08:30'), recoveredAt: at('25T08:40') } })
  await enqueueDueDigests(at('25T09:00'))
  expect(await history()).toEqual([])
  await enqueueDueDigests(at('26T09:00'))
  expect(await history()).toMatchObject([{ subject: 'Crosswalk: the day in short, 1 over' }])
})

test('an installation without a mail server says so', async () => {
  await database().mailServer.deleteMany()
  const { id } = await channel('email', 'ann@example.com')
  expect(await sendTest(id, { subject: 'Test', body: 'Test' }, console.error)).toEqual({
    ok: false,
    problem: 'No mail server is entered under Settings, Notifications.',
  })
})

function at(dayAndTime: string): Date {
  return new Date(`2026-11-${dayAndTime}:00Z`)
}
