import { randomUUIDv7 } from 'node:crypto'
import { Prisma } from '#generated/client'
import type { AlertKind } from '#lib/sync/alerts'
import { type Database, database } from './database.ts'

/**
 * The queue of messages and their history. Each is sent at least once: a process that dies between the sending and the
 * note of it leaves the message to another one. Its id is the same every time, so a receiver can tell.
 */

/** After so many seconds a message is tried again; after the last of these it is given up. */
const RETRY_AFTER_SECONDS = [60, 5 * 60, 30 * 60, 2 * 60 * 60]
/** Longer than any attempt takes: a message taken by a process that has died is free again after this. */
const TAKEN_FOR_SECONDS = 5 * 60

export interface AlertMessage {
  readonly alertId: string
  readonly alertKind: AlertKind
  readonly kind: 'broken' | 'recovered'
  readonly subject: string
  readonly body: string
}

/**
 * Queues a message about an alert, one for each channel that wants to hear of every single event of its kind. That it
 * is over, only those are told who were told of its beginning.
 */
export async function enqueueAlertMessage(tx: Database, message: AlertMessage): Promise<void> {
  const { alertId, alertKind, kind, subject, body } = message
  const channels = await tx.notificationChannel.findMany({
    where: {
      enabled: true,
      mode: 'each',
      alertKinds: { has: alertKind },
      ...(kind === 'recovered' ? { deliveries: { some: { alertId, kind: 'broken' } } } : {}),
    },
    select: { id: true },
  })
  await tx.notification.createMany({
    data: channels.map(({ id: channelId }) => ({ id: randomUUIDv7(), channelId, alertId, kind, subject, body })),
  })
}

/** A message that this process has taken to send it. */
export interface TakenMessage {
  readonly id: string
  /** Which attempt this is, from 1; also what shows that nobody else has taken it since. */
  readonly attempts: number
  readonly kind: 'broken' | 'recovered' | 'digest' | 'test'
  readonly subject: string
  readonly body: string
  readonly createdAt: Date
  readonly channel: {
    readonly id: string
    readonly kind: 'email' | 'webhook'
    readonly target: string
    readonly sealedSecret: string | null
  }
  readonly alert: {
    readonly kind: AlertKind
    readonly runId: string | null
    readonly message: string
    readonly connection: { readonly id: string; readonly name: string }
  } | null
}

/**
 * Takes due messages, each for one process alone whatever their number. That something is over is never told before
 * that it broke.
 */
export async function takeDueMessages(most: number): Promise<TakenMessage[]> {
  const taken = await database().$queryRaw<{ id: string }[]>`
    WITH due AS MATERIALIZED (
      SELECT n.id FROM notification n JOIN notification_channel c ON c.id = n.channel_id
       WHERE n.state = 'waiting' AND n.due_at <= now() AND c.enabled
         AND NOT (n.kind = 'recovered' AND EXISTS (
               SELECT 1 FROM notification b
                WHERE b.alert_id = n.alert_id AND b.channel_id = n.channel_id AND b.kind = 'broken' AND b.state = 'waiting'))
       ORDER BY n.due_at, n.id LIMIT ${most} FOR UPDATE OF n SKIP LOCKED
    )
    UPDATE notification SET attempts = attempts + 1, due_at = now() + ${TAKEN_FOR_SECONDS} * interval '1 second'
      FROM due WHERE notification.id = due.id
    RETURNING notification.id`
  return findTaken(taken.map(({ id }) => id))
}

/** Stores a test as a message that this process has taken already, so that no worker sends it as well. */
export async function insertTestMessage(
  channelId: string,
  text: { readonly subject: string; readonly body: string },
): Promise<TakenMessage | null> {
  const id = randomUUIDv7()
  const dueAt = new Date(Date.now() + TAKEN_FOR_SECONDS * 1000)
  const data = { id, channelId, kind: 'test' as const, attempts: 1, dueAt, ...text }
  await database().notification.create({ data })
  const [taken] = await findTaken([id])
  return taken ?? null
}

async function findTaken(ids: readonly string[]): Promise<TakenMessage[]> {
  if (ids.length === 0) return []
  return database().notification.findMany({
    where: { id: { in: [...ids] } },
    orderBy: { id: 'asc' },
    select: {
      id: true,
      attempts: true,
      kind: true,
      subject: true,
      body: true,
      createdAt: true,
      channel: { select: { id: true, kind: true, target: true, sealedSecret: true } },
      alert: {
        select: { kind: true, runId: true, message: true, connection: { select: { id: true, name: true } } },
      },
    },
  })
}

type Taken = Pick<TakenMessage, 'id' | 'attempts'>

export async function markSent({ id, attempts }: Taken): Promise<void> {
  await database().notification.updateMany({
    where: { id, attempts, state: 'waiting' },
    data: { state: 'sent', sentAt: new Date(), problem: null },
  })
}

/** Puts a message off that could not be sent, or gives it up. `problem`: why, as a sentence without any secret. */
export async function markNotSent(
  { id, attempts }: Taken,
  problem: string,
  { mayRetry }: { readonly mayRetry: boolean },
): Promise<void> {
  const wait = mayRetry ? RETRY_AFTER_SECONDS[attempts - 1] : undefined
  const next =
    wait === undefined ? Prisma.sql`state = 'failed'` : Prisma.sql`due_at = now() + ${wait} * interval '1 second'`
  await database().$executeRaw`
    UPDATE notification SET problem = ${problem}, ${next}
     WHERE id = ${id}::uuid AND attempts = ${attempts} AND state = 'waiting'`
}
