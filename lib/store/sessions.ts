import { randomUUIDv7 } from 'node:crypto'
import type { Role } from '#generated/enums'
import { type Database, database } from './database.ts'

export interface SessionLimits {
  readonly idleMinutes: number
  readonly absoluteHours: number
}

export interface LiveSession {
  readonly sessionId: string
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: Role
}

/** A sign of life is written at most this often: every request reads, few write. */
const TOUCH_SECONDS = 60

export async function insertSession(db: Database, userId: string): Promise<string> {
  const id = randomUUIDv7()
  await db.userSession.create({ data: { id, userId } })
  return id
}

/**
 * The session and its user as they stand now, or `null` when it was ended, idle for too long, too old, or its user is
 * disabled. Ages are taken by the database's clock. Notes the sign of life.
 */
export async function findLiveSession(sessionId: string, limits: SessionLimits): Promise<LiveSession | null> {
  const [row] = await database().$queryRaw<(LiveSession & { stale: boolean })[]>`
    SELECT s.id::text AS "sessionId", u.id::text AS id, u.email, u.name, u.role::text AS role,
           s.last_seen_at < now() - make_interval(secs => ${TOUCH_SECONDS}) AS stale
      FROM user_session s JOIN user_account u ON u.id = s.user_id
     WHERE s.id = ${sessionId}::uuid AND s.revoked_at IS NULL AND u.disabled_at IS NULL
       AND s.last_seen_at > now() - make_interval(mins => ${limits.idleMinutes}::int)
       AND s.created_at > now() - make_interval(hours => ${limits.absoluteHours}::int)`
  if (!row) return null
  const { stale, ...session } = row
  if (stale) {
    await database()
      .$executeRaw`UPDATE user_session SET last_seen_at = now() WHERE id = ${sessionId}::uuid AND revoked_at IS NULL`
  }
  return session
}

/** Answers whether it was still open. */
export async function endSession(db: Database, sessionId: string): Promise<boolean> {
  const { count } = await db.userSession.updateMany({
    where: { id: sessionId, revokedAt: null },
    data: { revokedAt: new Date() },
  })
  return count === 1
}

/** Ends all sessions of a user, except perhaps the one that asks. */
export async function endSessionsOf(db: Database, userId: string, except?: string): Promise<number> {
  const { count } = await db.userSession.updateMany({
    where: { userId, revokedAt: null, ...(except ? { id: { not: except } } : {}) },
    data: { revokedAt: new Date() },
  })
  return count
}
