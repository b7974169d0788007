import { createHash } from 'node:crypto'
import type { Prisma } from '#generated/client'
import { type Database, database, type Transaction } from './database.ts'

/** Any number that no other lock of this product takes. */
const AUDIT_LOCK = 4_701_223_961
const PAGE = 1000

export interface AuditEntry {
  /** A user's e-mail address, `cli`, or `sync`. */
  readonly actor: string
  /** Subject and verb, e.g. `connection.save`. */
  readonly action: string
  /** What it was done to: an id, a key, an address. */
  readonly subject?: string
  /** Never a secret (guide/security.md, "Never stored or logged"). */
  readonly details?: Record<string, unknown>
}

/**
 * Appends one event inside the caller's transaction, so that the deed and its trace stand or fall together. Every event
 * carries the hash of the one before it; the lock makes the chain one line under any load.
 */
export async function appendAudit(tx: Transaction, entry: AuditEntry): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${AUDIT_LOCK}::bigint)`
  const previous = await tx.auditEvent.findFirst({ orderBy: { seq: 'desc' }, select: { hash: true } })
  const event = {
    at: new Date(),
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject ?? null,
    details: JSON.parse(JSON.stringify(entry.details ?? {})) as Prisma.JsonObject,
    prevHash: previous?.hash ?? null,
  }
  await tx.auditEvent.create({ data: { ...event, hash: auditHash(event) } })
}

interface HashedEvent {
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly subject: string | null
  readonly details: Prisma.JsonValue
  readonly prevHash: string | null
}

/** SHA-256 over the event's values in a fixed order. jsonb keeps no order of keys, so they are sorted first. */
function auditHash({ at, actor, action, subject, details, prevHash }: HashedEvent): string {
  const text = JSON.stringify([prevHash, at.toISOString(), actor, action, subject, sorted(details)])
  return createHash('sha256').update(text).digest('hex')
}

function sorted(value: Prisma.JsonValue | undefined): Prisma.JsonValue {
  if (value === null || value === undefined || typeof value !== 'object') return value ?? null
  if (Array.isArray(value)) return value.map(sorted)
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  )
}

export type AuditVerdict = { readonly ok: true; readonly events: number } | { readonly ok: false; readonly seq: bigint }

/** Walks the whole chain. The first event whose hash or predecessor does not fit is named. */
export async function verifyAuditChain(db: Database = database()): Promise<AuditVerdict> {
  let previous: string | null = null
  let events = 0
  let seq = -1n
  for (;;) {
    const page: Prisma.AuditEventGetPayload<object>[] = await db.auditEvent.findMany({
      where: { seq: { gt: seq } },
      orderBy: { seq: 'asc' },
      take: PAGE,
    })
    for (const event of page) {
      if (event.prevHash !== previous || event.hash !== auditHash(event)) return { ok: false, seq: event.seq }
      previous = event.hash
      seq = event.seq
      events += 1
    }
    if (page.length < PAGE) return { ok: true, events }
  }
}
