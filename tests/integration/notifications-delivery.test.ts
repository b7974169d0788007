import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { raiseAlert } from '#lib/engine/alerts'
import { saveMailAccess } from '#lib/ops/message-access'
import { sendTest } from '#lib/ops/notify'
import { database } from '#lib/store/database'
import { takeDueMessages } from '#lib/store/notifications'
import {
  channel,
  fail,
  history,
  makeDue,
  type NotificationBench,
  openNotificationBench,
  send,
  serverOf,
} from '../support/notification-bench.ts'
import { openMailRoom } from '../support/post-office.ts'

let bench: NotificationBench

beforeAll(async () => {
  bench = await openNotificationBench()
})
beforeEach(() => bench.reset())
afterAll(() => bench.close())

test('a mail says what happened, why and what to do, and leads to the run', async () => {
  await channel('email', 'ann@example.com')
  const runId = randomUUID()
  await raiseAlert(bench.connectionId, 'brake_pulled', 'The brake stopped the <b>sync</b>.', runId)
  await send()
  const [mail] = bench.mailRoom.mails
  expect(mail?.to).toEqual(['ann@example.com'])
  expect(mail?.raw).toContain('The brake stopped the <b>sync</b>.')
  expect(mail?.raw).toContain('The brake stopped the &lt;b&gt;sync&lt;/b&gt;.')
  expect(mail?.raw).toMatch(/Why: .*\r\n\r\nWhat to do: /)
  expect(mail?.raw).toContain(`Open the run: https://crosswalk.example.com/sync/${runId}`)
  expect(mail?.raw).toContain('Auto-Submitted: auto-generated')
})

test('a mail server that is down is tried again after 1, 5, 30 and 120 minutes, then given up, and the history says why', async () => {
  await channel('email', 'ann@example.com')
  await bench.mailRoom.close()
  await fail(bench)
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
  const { port } = bench.mailRoom
  await bench.mailRoom.close()
  await fail(bench)
  await send()
  bench.mailRoom = await openMailRoom({ port })
  await makeDue()
  await send()
  expect(bench.mailRoom.mails).toHaveLength(1)
  expect(await history()).toMatchObject([{ state: 'sent', attempts: 2, problem: null }])
})

test('a message whose sender died is sent by the next one', async () => {
  await channel('email', 'ann@example.com')
  await fail(bench)
  expect(await takeDueMessages(10)).toHaveLength(1)
  expect(await send()).toBe(0)
  await makeDue()
  expect(await send()).toBe(1)
  expect(bench.mailRoom.mails).toHaveLength(1)
})

test('a wrong password is told without the password, and without what the server says of it', async () => {
  const { id } = await channel('email', 'ann@example.com')
  await saveMailAccess(serverOf(bench.mailRoom), 'wrong-and-secret-password', 'ann@example.com')
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
  bench.mailRoom.unknown.add('nobody@example.com')
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
  expect(bench.mailRoom.mails).toEqual([])
})

test('an installation without a mail server says so', async () => {
  await database().mailServer.deleteMany()
  const { id } = await channel('email', 'ann@example.com')
  expect(await sendTest(id, { subject: 'Test', body: 'Test' }, console.error)).toEqual({
    ok: false,
    problem: 'No mail server is entered under Settings, Notifications.',
  })
})
