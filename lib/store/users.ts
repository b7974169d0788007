import { randomUUIDv7 } from 'node:crypto'
import type { Role } from '#generated/enums'
import { type Database, database } from './database.ts'

/** What screens and commands may hold of an account: never the password's hash. */
export interface UserView {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly disabledAt: Date | null
  readonly createdAt: Date
  /** Newest sign of life over all sessions. */
  readonly lastSeenAt: Date | null
}

/** What the check of a password needs. */
export interface UserSecret {
  readonly id: string
  readonly email: string
  readonly passwordHash: string | null
  readonly disabledAt: Date | null
}

const VIEW = {
  id: true,
  email: true,
  name: true,
  role: true,
  disabledAt: true,
  createdAt: true,
  sessions: { select: { lastSeenAt: true }, orderBy: { lastSeenAt: 'desc' }, take: 1 },
} as const

/** E-mail addresses are kept and compared in lower case, without the space around them. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase()
}

export async function findUserSecret(email: string): Promise<UserSecret | null> {
  return database().user.findUnique({
    where: { email: normaliseEmail(email) },
    select: { id: true, email: true, passwordHash: true, disabledAt: true },
  })
}

export async function findUser(id: string, db: Database = database()): Promise<UserView | null> {
  const row = await db.user.findUnique({ where: { id }, select: VIEW })
  return row ? toView(row) : null
}

export async function findUserByEmail(email: string, db: Database = database()): Promise<UserView | null> {
  const row = await db.user.findUnique({ where: { email: normaliseEmail(email) }, select: VIEW })
  return row ? toView(row) : null
}

export async function listUsers(): Promise<UserView[]> {
  return (await database().user.findMany({ select: VIEW, orderBy: { email: 'asc' } })).map(toView)
}

export interface NewUser {
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly passwordHash: string
}

/** Answers the new account's id, or `null` when the address has one already. */
export async function insertUser(db: Database, user: NewUser): Promise<string | null> {
  const id = randomUUIDv7()
  const { count } = await db.user.createMany({
    data: [{ ...user, id, email: normaliseEmail(user.email) }],
    skipDuplicates: true,
  })
  return count === 1 ? id : null
}

export async function updatePasswordHash(db: Database, id: string, passwordHash: string): Promise<void> {
  await db.user.update({ where: { id }, data: { passwordHash } })
}

export async function updateUserRole(db: Database, id: string, role: Role): Promise<void> {
  await db.user.update({ where: { id }, data: { role } })
}

export async function updateUserDisabled(db: Database, id: string, disabledAt: Date | null): Promise<void> {
  await db.user.update({ where: { id }, data: { disabledAt } })
}

/** Has anybody ever been made administrator? A disabled one counts: set-up does not open again by itself. */
export async function hasAdministrator(db: Database = database()): Promise<boolean> {
  return (await db.user.findFirst({ where: { role: 'admin' }, select: { id: true } })) !== null
}

/** Administrators who can still get in, other than this one. Locks them, so two removals cannot cross. */
export async function countOtherAdministrators(db: Database, id: string): Promise<number> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM user_account WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR UPDATE`
  return rows.filter((row) => row.id !== id).length
}

function toView({ sessions, ...row }: Omit<UserView, 'lastSeenAt'> & { sessions: { lastSeenAt: Date }[] }): UserView {
  return { ...row, lastSeenAt: sessions[0]?.lastSeenAt ?? null }
}
