import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { raiseAlert } from '#lib/engine/alerts'
import { sendTest } from '#lib/ops/notify'
import {
  channel,
  fail,
  history,
  makeDue,
  type NotificationBench,
  openNotificationBench,
  send,
} from '../support/notification-bench.ts'

let bench: NotificationBench

beforeAll(async () => {
  bench = await openNotificationBench()
})
beforeEach(() => bench.reset())
afterAll(() => bench.close())

test('a webhook is signed so that its receiver can tell who sent it, and when', async () => {
  const { secret } = await channel('webhook', bench.receiver.url)
  const runId = randomUUID()
  await raiseAlert(bench.connectionId, 'run_failed', 'Ajera stayed away.', runId)
  await send()
  const [call] = bench.receiver.calls
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
    connection: { id: bench.connectionId, name: 'Firm A' },
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
  await channel('webhook', bench.receiver.url)
  bench.receiver.answer(status, headers as Record<string, string>)
  await fail(bench)
  await send()
  expect(bench.receiver.calls).toHaveLength(1)
  expect(await history()).toMatchObject([{ state: 'waiting', attempts: 1, problem: expect.stringContaining(words) }])
  bench.receiver.answer(200)
  await makeDue()
  await send()
  expect(await history()).toMatchObject([{ state: 'sent', attempts: 2 }])
  const ids = bench.receiver.calls.map(({ body }) => JSON.parse(body).id)
  expect(new Set(ids).size).toBe(1)
})

test('a webhook at a private address is refused unless the operator has listed it', async () => {
  const { id } = await channel('webhook', bench.receiver.url.replace('http:', 'https:'))
  process.env.CROSSWALK_ALLOWED_HOSTS = ''
  const outcome = await sendTest(id, { subject: 'Test', body: 'Test' }, console.error)
  expect(outcome).toMatchObject({ ok: false, problem: expect.stringContaining('private or reserved') })
  expect(bench.receiver.calls).toEqual([])
})
