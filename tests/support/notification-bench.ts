import { randomBytes, randomUUID } from 'node:crypto'
import { raiseAlert } from '#lib/engine/alerts'
import { addChannel, saveMailAccess } from '#lib/ops/message-access'
import { sendDueMessages } from '#lib/ops/notify'
import { saveConnection } from '#lib/store/connections'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { ALERT_KINDS } from '#lib/sync/alerts'
import { createTestDatabase } from './database.ts'
import { MAIL_PASSWORD, MAIL_USER, type MailRoom, openMailRoom, openReceiver, type Receiver } from './post-office.ts'

/** An installation with one connection, a mail server and a receiver of webhooks, for tests of notifications. */
export interface NotificationBench {
  /** Anew with each {@link NotificationBench.reset}. */
  mailRoom: MailRoom
  readonly receiver: Receiver
  connectionId: string
  /** No channel, alert or message; the mail server is saved and its host is listed, like that of the receiver. */
  reset(): Promise<void>
  close(): Promise<void>
}

export async function openNotificationBench(): Promise<NotificationBench> {
  const kept = { ...process.env }
  const testDatabase = await createTestDatabase()
  process.env.DATABASE_URL = testDatabase.url
  process.env.CROSSWALK_ENCRYPTION_KEY = randomBytes(32).toString('base64')
  process.env.NEXTAUTH_URL = 'https://crosswalk.example.com/'
  await connectDatabase(testDatabase.url)
  const bench: NotificationBench = {
    mailRoom: await openMailRoom(),
    receiver: await openReceiver(),
    connectionId: '',
    async reset() {
      await bench.mailRoom.close()
      bench.mailRoom = await openMailRoom()
      process.env.CROSSWALK_ALLOWED_HOSTS = `127.0.0.1:${bench.mailRoom.port},${bench.receiver.host}`
      bench.receiver.reset()
      await database().notificationChannel.deleteMany()
      await database().connection.deleteMany()
      const firm = {
        name: 'Firm A',
        origin: 'screen',
        fingerprint: randomUUID(),
        credentials: {},
        settings: {},
      } as const
      bench.connectionId = await saveConnection(firm)
      await saveMailAccess(serverOf(bench.mailRoom), MAIL_PASSWORD, 'ann@example.com')
    },
    async close() {
      await bench.mailRoom.close()
      await bench.receiver.close()
      await closeDatabase()
      await testDatabase.drop()
      for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name]
      Object.assign(process.env, kept)
    },
  }
  return bench
}

export function serverOf({ port }: { port: number }, secure = false) {
  return { host: '127.0.0.1', port, secure, username: MAIL_USER, sender: 'crosswalk@example.com' }
}

/** A channel that hears of everything. */
export function channel(kind: 'email' | 'webhook', target: string, mode: 'each' | 'digest' = 'each') {
  return addChannel({ kind, target, mode, alertKinds: ALERT_KINDS, createdBy: 'ann@example.com' })
}

export function fail({ connectionId }: NotificationBench, message = 'Ajera stayed away.'): Promise<void> {
  return raiseAlert(connectionId, 'run_failed', message, randomUUID())
}

/** Sends what is due; a defect fails the test. */
export async function send(): Promise<number> {
  return sendDueMessages((error) => {
    throw error
  })
}

/** As if the time to wait had passed. */
export async function makeDue(): Promise<void> {
  await database().notification.updateMany({ where: { state: 'waiting' }, data: { dueAt: new Date(0) } })
}

/** Every message, the oldest first. */
export function history() {
  return database().notification.findMany({ orderBy: { id: 'asc' } })
}
