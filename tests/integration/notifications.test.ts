import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { raiseAlert, recoverAlert } from '#lib/engine/alerts'
import { startNotifier } from '#lib/notifier'
import { addChannel } from '#lib/ops/message-access'
import { listOpenAlerts } from '#lib/store/alerts'
import { setChannelEnabled } from '#lib/store/channels'
import { database } from '#lib/store/database'
import { listMessages } from '#lib/store/views-notifications'
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

test('one message when it breaks, none while it stays broken, one when it is over', async () => {
  await channel('email', 'ann@example.com')
  await fail(bench)
  await fail(bench, 'It failed again.')
  await send()
  await fail(bench, 'And again.')
  await send()
  expect(bench.mailRoom.mails.map(({ subject }) => subject)).toEqual(['Crosswalk: the sync of Firm A failed'])
  expect((await listOpenAlerts(bench.connectionId)).map(({ message }) => message)).toEqual(['Ajera stayed away.'])

  await recoverAlert(bench.connectionId, 'run_failed', 'A run has ended well again.')
  await recoverAlert(bench.connectionId, 'run_failed', 'A run has ended well again.')
  await send()
  expect(bench.mailRoom.mails.map(({ subject }) => subject)).toEqual([
    'Crosswalk: the sync of Firm A failed',
    'Crosswalk: the sync of Firm A works again',
  ])
  expect(await listOpenAlerts(bench.connectionId)).toEqual([])

  await fail(bench)
  await send()
  expect(bench.mailRoom.mails).toHaveLength(3)
})

test('twelve alerts raised at once from two sides open one alert and queue one message', async () => {
  await channel('email', 'ann@example.com')
  await Promise.all(Array.from({ length: 12 }, () => fail(bench)))
  expect(await database().alert.count()).toBe(1)
  expect(await history()).toHaveLength(1)
})

test('four senders at once send each message once', async () => {
  await Promise.all(Array.from({ length: 12 }, (_, index) => channel('email', `person-${index}@example.com`)))
  await fail(bench)
  await recoverAlert(bench.connectionId, 'run_failed')
  await Promise.all([send(), send(), send(), send()])
  await Promise.all([send(), send(), send(), send()])
  await Promise.all([send(), send(), send(), send()])
  expect(bench.mailRoom.mails).toHaveLength(24)
  expect(new Set(bench.mailRoom.mails.map(({ id }) => id)).size).toBe(24)
  expect((await history()).every(({ state, attempts }) => state === 'sent' && attempts === 1)).toBe(true)
})

test('two workers bring what waits to people by themselves, all of it and each once', async () => {
  await Promise.all(Array.from({ length: 25 }, (_, index) => channel('email', `person-${index}@example.com`)))
  await fail(bench)
  const notifiers = [startNotifier(), startNotifier()]
  await vi.waitFor(async () => expect((await history()).every(({ state }) => state === 'sent')).toBe(true), 20_000)
  await Promise.all(notifiers.map((notifier) => notifier.stop()))
  expect(bench.mailRoom.mails).toHaveLength(25)
})

test('that it is over is never told before that it broke', async () => {
  await channel('email', 'ann@example.com')
  bench.mailRoom.unknown.add('ann@example.com')
  await fail(bench)
  await recoverAlert(bench.connectionId, 'run_failed')
  await send()
  bench.mailRoom.unknown.clear()
  expect(await send()).toBe(0)
  await makeDue()
  await send()
  await send()
  expect(bench.mailRoom.mails.map(({ subject }) => subject)).toEqual([
    'Crosswalk: the sync of Firm A failed',
    'Crosswalk: the sync of Firm A works again',
  ])
})

test('only those hear of an end who were told of its beginning', async () => {
  await fail(bench)
  await channel('email', 'late@example.com')
  await recoverAlert(bench.connectionId, 'run_failed')
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
  await fail(bench)
  expect(await history()).toEqual([])
  await raiseAlert(bench.connectionId, 'drift', 'They differ.', null)
  await setChannelEnabled(id, false)
  await send()
  expect(bench.mailRoom.mails).toEqual([])
  expect((await history()).map(({ state, problem }) => [state, problem])).toEqual([
    ['failed', 'The channel was switched off before this was sent.'],
  ])
})

test('the history is paged from the newest on, forwards and back, and a place that cannot be read is said to be so', async () => {
  const { id } = await channel('email', 'ann@example.com')
  for (let index = 1; index <= 5; index += 1) {
    const text = { subject: `Message ${index}`, body: '', createdAt: new Date(Date.UTC(2026, 10, index)) }
    await database().notification.create({ data: { id: randomUUID(), channelId: id, kind: 'test', ...text } })
  }
  const subjects = (page: { rows: readonly { subject: string }[] }) => page.rows.map(({ subject }) => subject)
  const first = await listMessages({ size: 2 })
  const second = await listMessages({ size: 2, after: first.next })
  const last = await listMessages({ size: 2, after: second.next })
  expect([first, second, last].map(subjects)).toEqual([
    ['Message 5', 'Message 4'],
    ['Message 3', 'Message 2'],
    ['Message 1'],
  ])
  expect([first.previous, last.next, last.position]).toEqual([null, null, 5])
  expect(subjects(await listMessages({ size: 2, before: last.previous }))).toEqual(['Message 3', 'Message 2'])
  expect(await listMessages({ size: 2, after: 'nonsense' })).toMatchObject({ badPlace: true, position: 1 })
})
