import { randomUUIDv7 } from 'node:crypto'
import { type Database, database, type Transaction } from './database.ts'

/** Any number that no other lock of this product takes. */
const INSTALLATION_LOCK = 4_701_223_960

/** Names this installation for good; made at its first use. Keys of records that a run creates derive from it. */
export async function installationId(): Promise<string> {
  const known = await findInstallation(database())
  return known?.id ?? (await database().$transaction(ensureInstallation)).id
}

export interface Installation {
  readonly id: string
  /** SHA-256 of the one-time set-up token; `null`: none is open. */
  readonly setupTokenHash: string | null
}

/** The one row, made when missing. The lock lasts for the transaction, so what follows in it is alone. */
export async function ensureInstallation(tx: Transaction): Promise<Installation> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${INSTALLATION_LOCK}::bigint)`
  const known = await findInstallation(tx)
  return known ?? (await tx.installation.create({ data: { id: randomUUIDv7() } }))
}

export async function saveSetupTokenHash(tx: Transaction, id: string, hash: string | null): Promise<void> {
  await tx.installation.update({ where: { id }, data: { setupTokenHash: hash } })
}

export async function findInstallation(db: Database = database()): Promise<Installation | null> {
  return db.installation.findFirst({ orderBy: { createdAt: 'asc' }, select: { id: true, setupTokenHash: true } })
}
