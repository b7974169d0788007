import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { enqueueDueDigests, raiseAlert, recoverAlert } from '#lib/engine/alerts'
import { database } from '#lib/store/database'
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

test('a digest comes once a day whatever the number of workers, with what broke, is open and is over', async () => {
  await channel('email', 'ann@example.com', 'digest')
  await database().notificationChannel.updateMany({ data: { createdAt: new Date('2026-11-20T00:00:00Z') } })
  await fail(bench)
  await raiseAlert(bench.connectionId, 'drift', 'They differ.', null)
  await recoverAlert(bench.connectionId, 'drift')
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
  expect(bench.mailRoom.mails).toHaveLength(2)
})

test('a day on which nothing happened has no digest, and the next one leaves nothing out', async () => {
  await channel('email', 'ann@example.com', 'digest')
  await database().notificationChannel.updateMany({ data: { createdAt: at('20T00:00') } })
  await enqueueDueDigests(at('24T09:00'))
  expect(await history()).toEqual([])
  await fail(bench)
  await database().alert.updateMany({ data: { openedAt: at('25T08:30'), recoveredAt: at('25T08:40') } })
  await enqueueDueDigests(at('25T09:00'))
  expect(await history()).toEqual([])
  await enqueueDueDigests(at('26T09:00'))
  expect(await history()).toMatchObject([{ subject: 'Crosswalk: the day in short, 1 over' }])
})

function at(dayAndTime: string): Date {
  return new Date(`2026-11-${dayAndTime}:00Z`)
}
