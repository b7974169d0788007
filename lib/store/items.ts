import { randomUUIDv7 } from 'node:crypto'
import type { Prisma } from '#generated/client'
import type { Outcome } from '#lib/sync/outcome'
import type { FieldChange } from '#lib/sync/plan'
import type { RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'

/** One record in one run that has something to do. Records with nothing to do are only counted. */

export type ItemAction = 'create' | 'update' | 'map' | 'unmap'

export interface NewItem {
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string | null
  readonly action: ItemAction
  readonly batch: number
  readonly position: number
}

export interface Item extends NewItem {
  readonly id: string
  readonly type: RecordType
  readonly state: 'planned' | 'sending' | 'done' | 'failed' | 'left'
  readonly intentKey: string | null
  readonly intentAt: Date | null
  readonly sends: number
}

const ITEM = {
  id: true,
  type: true,
  erpKey: true,
  erpName: true,
  crmId: true,
  action: true,
  batch: true,
  position: true,
  state: true,
  intentKey: true,
  intentAt: true,
  sends: true,
} as const

/** Replaces a type's planned items, in case an earlier attempt at planning was cut short. */
export async function replacePlannedItems(
  tx: Database,
  at: { readonly runId: string; readonly connectionId: string; readonly type: RecordType },
  items: readonly NewItem[],
): Promise<void> {
  await tx.syncItem.deleteMany({ where: { runId: at.runId, type: at.type, state: 'planned' } })
  if (items.length === 0) return
  await tx.$executeRaw`
    INSERT INTO sync_item (id, run_id, connection_id, type, erp_key, erp_name, crm_id, action, batch, position)
    SELECT i.id, ${at.runId}::uuid, ${at.connectionId}::uuid, ${at.type}::record_type, i.erp_key, i.erp_name, i.crm_id,
           i.action::item_action, i.batch, i.position
      FROM unnest(${items.map(() => randomUUIDv7())}::uuid[], ${items.map((i) => i.erpKey)}::text[],
                  ${items.map((i) => i.erpName)}::text[], ${items.map((i) => i.crmId)}::text[],
                  ${items.map((i) => i.action)}::text[], ${items.map((i) => i.batch)}::int[],
                  ${items.map((i) => i.position)}::int[])
        AS i(id, erp_key, erp_name, crm_id, action, batch, position)
    ON CONFLICT DO NOTHING`
}

/** The next planned items of one kind, in sending order. */
export async function findPlannedItems(want: {
  readonly runId: string
  readonly type: RecordType
  readonly action: 'create' | 'update'
  readonly batch: number
  readonly limit: number
}): Promise<Item[]> {
  return database().syncItem.findMany({
    where: { runId: want.runId, type: want.type, action: want.action, batch: want.batch, state: 'planned' },
    orderBy: { position: 'asc' },
    take: want.limit,
    select: ITEM,
  })
}

export async function findPlannedKeys(runId: string, type: RecordType, action: 'create' | 'update'): Promise<string[]> {
  const where = { runId, type, action, state: 'planned' as const }
  const rows = await database().syncItem.findMany({ where, select: { erpKey: true } })
  return rows.map((row) => row.erpKey)
}

/** Batches (or waves) that still hold planned items of one kind, ascending. */
export async function findPlannedBatches(
  runId: string,
  type: RecordType,
  action: 'create' | 'update',
): Promise<number[]> {
  const rows = await database().syncItem.groupBy({
    by: ['batch'],
    where: { runId, type, action, state: 'planned' },
    orderBy: { batch: 'asc' },
  })
  return rows.map((row) => row.batch)
}

/** How many projects each batch of a run holds: the first number is that of batch 1. */
export async function findBatchSizes(runId: string): Promise<number[]> {
  const rows = await database().syncItem.groupBy({
    by: ['batch'],
    where: { runId, type: 'project', action: 'update' },
    orderBy: { batch: 'asc' },
    _count: true,
  })
  return rows.map((row) => row._count)
}

/** Creates of a run that have no outcome: not sent yet, or sent without an answer. */
export async function countOpenCreates(runId: string, type: RecordType): Promise<number> {
  return database().syncItem.count({ where: openCreates(runId, type) })
}

export async function findOpenCreates(runId: string, type: RecordType): Promise<Item[]> {
  return database().syncItem.findMany({
    where: openCreates(runId, type),
    orderBy: { position: 'asc' },
    select: ITEM,
  })
}

function openCreates(runId: string, type: RecordType): Prisma.SyncItemWhereInput {
  return { runId, type, action: 'create', state: { in: ['planned', 'sending'] } }
}

/**
 * Writes down, before anything is sent, that these creates may now happen and under which key (sync-rules §10.1).
 * The intent's time is the database's, so that two machines agree on how old it is. Answers the ids that may be sent:
 * a record that a person has paired since the plan was made is not among them.
 */
export async function markSending(
  tx: Database,
  intents: readonly { readonly id: string; readonly intentKey: string | null }[],
): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE sync_item i
       SET state = 'sending', intent_key = t.intent_key, intent_at = now(), sends = i.sends + 1
      FROM unnest(${intents.map((t) => t.id)}::uuid[], ${intents.map((t) => t.intentKey)}::text[]) AS t(id, intent_key)
     WHERE i.id = t.id
       AND NOT EXISTS (SELECT 1 FROM crm_mapping m
                        WHERE m.connection_id = i.connection_id AND m.type = i.type AND m.erp_key = i.erp_key
                          AND m.removed_at IS NULL)
     RETURNING i.id`
  return new Set(rows.map((row) => row.id))
}

/** Takes back an intent that was certainly not sent. */
export async function unmarkSending(tx: Database, ids: readonly string[]): Promise<void> {
  await tx.syncItem.updateMany({ where: { id: { in: [...ids] }, state: 'sending' }, data: { state: 'planned' } })
}

/** Creates whose answer is not known, of any run of the connection. */
export async function findOpenIntents(connectionId: string, type: RecordType): Promise<(Item & { runId: string })[]> {
  return database().syncItem.findMany({
    where: { connectionId, type, state: 'sending', action: 'create' },
    orderBy: { position: 'asc' },
    select: { ...ITEM, runId: true },
  })
}

/** An intent of an earlier run that came to nothing: its record is an ordinary candidate again. */
export async function dropIntent(tx: Database, id: string): Promise<void> {
  await tx.syncItem.updateMany({ where: { id, state: 'sending' }, data: { state: 'left' } })
}

export interface SettledItem {
  readonly id: string
  readonly state: 'done' | 'failed' | 'sending' | 'planned'
  readonly outcome: Outcome | null
  readonly crmId: string | null
  readonly problemCode: string | null
  readonly message: string | null
  readonly changes: readonly FieldChange[]
}

export async function settleItems(tx: Database, items: readonly SettledItem[]): Promise<void> {
  if (items.length === 0) return
  await tx.$executeRaw`
    UPDATE sync_item i
       SET state = s.state::item_state, outcome = s.outcome, crm_id = coalesce(s.crm_id, i.crm_id),
           problem_code = s.problem_code, message = s.message, changes = s.changes::jsonb, settled_at = now()
      FROM unnest(${items.map((i) => i.id)}::uuid[], ${items.map((i) => i.state)}::text[],
                  ${items.map((i) => i.outcome)}::text[], ${items.map((i) => i.crmId)}::text[],
                  ${items.map((i) => i.problemCode)}::text[], ${items.map((i) => i.message)}::text[],
                  ${items.map((i) => JSON.stringify(i.changes))}::text[])
        AS s(id, state, outcome, crm_id, problem_code, message, changes)
     WHERE i.id = s.id`
}

/** Items that a run ends without: `left`, outcome `notReached`. Creates in flight stay `sending` for the next run. */
export async function leaveUnsentItems(tx: Database, runId: string): Promise<void> {
  await tx.syncItem.updateMany({
    where: { runId, state: 'planned' },
    data: { state: 'left', outcome: 'notReached', settledAt: new Date() },
  })
}

/** Records of a run that failed, and creates that it ends without an answer to. */
export async function countFailedItems(runId: string): Promise<number> {
  return database().syncItem.count({ where: { runId, OR: [{ outcome: 'failed' }, { state: 'sending' }] } })
}
