import { z } from 'zod'
import { Prisma } from '#generated/client'
import { database } from './database.ts'
import { decodePlace, encodePlace, type KeysetPage, type PageRequest, toKeysetPage } from './keyset.ts'

/** One message of the history. Moments are ISO 8601 UTC. */
export interface MessageView {
  readonly id: string
  readonly createdAt: string
  readonly channelKind: 'email' | 'webhook'
  readonly target: string
  readonly subject: string
  readonly state: 'waiting' | 'sent' | 'failed'
  readonly attempts: number
  /** Why it has not arrived, or not yet. */
  readonly problem: string | null
  readonly sentAt: string | null
  /** Of a message that waits: when it is tried next. */
  readonly dueAt: string
}

const placeSchema = z.tuple([z.iso.datetime(), z.uuid(), z.int().min(0)])

/** A page of what was sent, or tried, the newest first, by keyset over (created, id). */
export async function listMessages(request: PageRequest): Promise<KeysetPage<MessageView>> {
  const wanted = request.before ?? request.after ?? null
  const place = wanted === null ? null : decodePlace(wanted, placeSchema)
  const walk = place !== null && request.before ? 'backward' : 'forward'
  const beyond =
    place === null
      ? Prisma.sql`true`
      : Prisma.sql`(n.created_at, n.id) ${walk === 'forward' ? Prisma.sql`<` : Prisma.sql`>`} (${place[0]}::timestamptz, ${place[1]}::uuid)`
  const order = walk === 'forward' ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const read = await database().$queryRaw<MessageView[]>`
    SELECT n.id::text AS id, ${utc('n.created_at')} AS "createdAt", c.kind::text AS "channelKind", c.target, n.subject,
           n.state::text AS state, n.attempts, n.problem, ${utc('n.sent_at')} AS "sentAt", ${utc('n.due_at')} AS "dueAt"
      FROM notification n JOIN notification_channel c ON c.id = n.channel_id
     WHERE ${beyond} ORDER BY n.created_at ${order}, n.id ${order} LIMIT ${request.size + 1}`
  return toKeysetPage({
    read,
    size: request.size,
    walk,
    isFromPlace: place !== null,
    position: place?.[2] ?? 0,
    badPlace: wanted !== null && place === null,
    place: (row, position) => encodePlace([row.createdAt, row.id, position]),
  })
}

/** With microseconds, which a place in a link must not lose. */
function utc(column: string): Prisma.Sql {
  return Prisma.sql`to_char(${Prisma.raw(column)} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}
