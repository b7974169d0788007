import type { RecordType, Side } from '#lib/sync/records'
import { type Database, database } from './database.ts'

export interface Watermark {
  /** Newest modified stamp seen, by the remote clock. */
  readonly value: Date | null
  readonly runsSinceFull: number
  readonly fullReadAt: Date | null
  /** CRM side: when the complete list of keys was last read and agreed with what had been read (sync-rules §13.10). */
  readonly keysReadAt: Date | null
}

export async function findWatermark(connectionId: string, side: Side, type: RecordType): Promise<Watermark | null> {
  return database().watermark.findUnique({
    where: { connectionId_side_type: { connectionId, side, type } },
    select: { value: true, runsSinceFull: true, fullReadAt: true, keysReadAt: true },
  })
}

/** Moves a watermark; to be called only in the transaction that stored the last page it covers (sync-rules §3.3). */
export async function moveWatermark(
  tx: Database,
  at: { readonly connectionId: string; readonly side: Side; readonly type: RecordType },
  read: { readonly value: string | null; readonly full: boolean },
): Promise<void> {
  const value = read.value ? new Date(read.value) : null
  const full = { runsSinceFull: 0, fullReadAt: new Date() }
  await tx.watermark.upsert({
    where: { connectionId_side_type: at },
    create: { ...at, value, ...full },
    update: { ...(value ? { value } : {}), ...(read.full ? full : { runsSinceFull: { increment: 1 } }) },
  })
}

/** The list of keys of these types was read, and it agreed with what had been read. */
export async function markKeysRead(tx: Database, connectionId: string, types: readonly RecordType[]): Promise<void> {
  await tx.watermark.updateMany({
    where: { connectionId, side: 'crm', type: { in: [...types] } },
    data: { keysReadAt: new Date() },
  })
}

/** What was read of this type was not everything: the next run reads it all again. */
export async function distrustRead(tx: Database, connectionId: string, type: RecordType): Promise<void> {
  await tx.watermark.updateMany({ where: { connectionId, side: 'crm', type }, data: { keysReadAt: null } })
}
