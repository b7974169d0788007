import { randomUUIDv7 } from 'node:crypto'
import type { Prisma } from '#generated/client'
import type { Outcome } from '#lib/sync/outcome'
import type { FieldChange } from '#lib/sync/plan'
import type { RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'

/** One record in one run that has something to do. Records with nothing to do are only counted. */

export type ItemAction = 'create' | 'update' | 'map' | 'unmap'

/** Which side an item writes. */
export type ItemDirection = 'to_crm' | 'to_erp'

/** The pair that an item of a plan makes before it writes. */
export interface Pairing {
  readonly crmName: string
  readonly turnSyncOn: boolean
}

export interface NewItem {
  /** Empty while the record is new in the ERP. */
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string | null
  readonly action: ItemAction
  readonly batch: number
  readonly position: number
  readonly changes?: readonly FieldChange[]
  /** Content hashes of both sides when it was planned. */
  readonly erpHash?: string | null
  readonly crmHash?: string | null
  readonly pairing?: Pairing | null
  /** What the record counts as in this run without this item. */
  readonly priorOutcome?: Outcome | null
}

export interface Item {
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string | null
  readonly action: ItemAction
  readonly batch: number
  readonly position: number
  readonly direction: ItemDirection
  readonly erpHash: string | null
  readonly crmHash: string | null
  readonly priorOutcome: Outcome | null
  /** What was planned (a plan that is applied) or done. */
  readonly changes: readonly FieldChange[]
  readonly id: string
  readonly type: RecordType
  readonly state: 'planned' | 'sending' | 'done' | 'failed' | 'left'
  readonly intentKey: string | null
  readonly intentAt: Date | null
  readonly sends: number
}

/** Items of one type and direction. */
export interface ItemsOf {
  readonly runId: string
  readonly type: RecordType
  readonly direction: ItemDirection
}

export const ITEM = {
  id: true,
  direction: true,
  erpHash: true,
  crmHash: true,
  priorOutcome: true,
  changes: true,
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

type ItemRow = Prisma.SyncItemGetPayload<{ select: typeof ITEM }>

// The JSON and text columns are written by this module alone, from the very types they are read back as.
export function toItem<R extends ItemRow>(row: R) {
  return {
    ...row,
    changes: row.changes as unknown as readonly FieldChange[],
    priorOutcome: row.priorOutcome as Outcome | null,
  }
}

/** Replaces the planned items of a type and direction, in case an earlier attempt at planning was cut short. */
export async function replacePlannedItems(
  tx: Database,
  at: ItemsOf & { readonly connectionId: string },
  items: readonly NewItem[],
): Promise<void> {
  const { runId, type, direction } = at
  await tx.syncItem.deleteMany({ where: { runId, type, direction, state: 'planned' } })
  if (items.length === 0) return
  await tx.$executeRaw`
    INSERT INTO sync_item (id, run_id, connection_id, type, direction, erp_key, erp_name, crm_id, action, batch, position,
                           changes, erp_hash, crm_hash, pairing, prior_outcome)
    SELECT i.id, ${runId}::uuid, ${at.connectionId}::uuid, ${type}::record_type, ${direction}::item_direction, i.erp_key,
           i.erp_name, i.crm_id, i.action::item_action, i.batch, i.position, i.changes::jsonb, i.erp_hash, i.crm_hash,
           i.pairing::jsonb, i.prior_outcome
      FROM unnest(${items.map(() => randomUUIDv7())}::uuid[], ${items.map((i) => i.erpKey)}::text[],
                  ${items.map((i) => i.erpName)}::text[], ${items.map((i) => i.crmId)}::text[],
                  ${items.map((i) => i.action)}::text[], ${items.map((i) => i.batch)}::int[],
                  ${items.map((i) => i.position)}::int[],
                  ${items.map((i) => JSON.stringify(i.changes ?? []))}::text[],
                  ${items.map((i) => i.erpHash ?? null)}::text[], ${items.map((i) => i.crmHash ?? null)}::text[],
                  ${items.map((i) => (i.pairing ? JSON.stringify(i.pairing) : null))}::text[],
                  ${items.map((i) => i.priorOutcome ?? null)}::text[])
        AS i(id, erp_key, erp_name, crm_id, action, batch, position, changes, erp_hash, crm_hash, pairing, prior_outcome)
    ON CONFLICT DO NOTHING`
}

/** An item that has its outcome already, without anything being sent for it. */
export interface DoneItem extends NewItem {
  readonly outcome: Outcome
  readonly problemCode: string | null
  readonly message: string | null
}

export async function insertDoneItems(
  tx: Database,
  at: ItemsOf & { readonly connectionId: string },
  items: readonly DoneItem[],
): Promise<void> {
  const { runId, connectionId, type, direction } = at
  await tx.syncItem.createMany({
    data: items.map(({ changes, pairing, ...item }) => ({
      ...item,
      id: randomUUIDv7(),
      runId,
      connectionId,
      type,
      direction,
      state: 'done' as const,
      changes: (changes ?? []) as unknown as Prisma.InputJsonValue,
      ...(pairing ? { pairing: pairing as unknown as Prisma.InputJsonValue } : {}),
      settledAt: new Date(),
    })),
    skipDuplicates: true,
  })
}

/** Outcomes of the items that have one already. */
export async function tallyDoneItems(of: ItemsOf): Promise<{ outcome: Outcome; count: number }[]> {
  return database().$queryRaw`
    SELECT outcome, count(*)::int AS count FROM sync_item
     WHERE run_id = ${of.runId}::uuid AND type = ${of.type}::record_type AND direction = ${of.direction}::item_direction
       AND state = 'done' AND outcome IS NOT NULL
     GROUP BY outcome`
}

/** The next planned items of one kind, in sending order. */
export async function findPlannedItems(
  want: ItemsOf & { readonly action: ItemAction; readonly batch: number; readonly limit: number },
): Promise<Item[]> {
  const { limit, ...where } = want
  const rows = await database().syncItem.findMany({
    where: { ...where, state: 'planned' },
    orderBy: { position: 'asc' },
    take: limit,
    select: ITEM,
  })
  return rows.map(toItem)
}

export async function countPlannedItems(runId: string, direction: ItemDirection): Promise<number> {
  return database().syncItem.count({ where: { runId, direction, state: 'planned' } })
}

export async function findPlannedKeys(of: ItemsOf, action: ItemAction): Promise<string[]> {
  const where = { ...of, action, state: 'planned' as const }
  const rows = await database().syncItem.findMany({ where, select: { erpKey: true } })
  return rows.map((row) => row.erpKey)
}

/** Batches (or waves) that still hold planned items of one kind, ascending. */
export async function findPlannedBatches(of: ItemsOf, action: ItemAction): Promise<number[]> {
  const rows = await database().syncItem.groupBy({
    by: ['batch'],
    where: { ...of, action, state: 'planned' },
    orderBy: { batch: 'asc' },
  })
  return rows.map((row) => row.batch)
}

/**
 * What the records of a type have come to in a run in one direction, by ERP key; planned ones by what they would come
 * to. Records with nothing to do have no item.
 */
export async function findItemOutcomes(of: ItemsOf): Promise<Map<string, Outcome>> {
  const rows = await database().syncItem.findMany({
    where: of,
    select: { erpKey: true, outcome: true, action: true, state: true },
  })
  return new Map(
    rows.flatMap(({ erpKey, outcome, action, state }): [string, Outcome][] => {
      if (outcome !== null) return [[erpKey, outcome as Outcome]]
      return state === 'planned' ? [[erpKey, action === 'create' ? 'created' : 'updated']] : []
    }),
  )
}

/** How many projects each batch of a run holds: the first number is that of batch 1. */
export async function findBatchSizes(runId: string): Promise<number[]> {
  const rows = await database().syncItem.groupBy({
    by: ['batch'],
    where: { runId, type: 'project', direction: 'to_crm', action: 'update' },
    orderBy: { batch: 'asc' },
    _count: true,
  })
  return rows.map((row) => row._count)
}

/** Creates of a run that have no outcome: not sent yet, or sent without an answer. */
export async function countOpenCreates(of: ItemsOf): Promise<number> {
  return database().syncItem.count({ where: openCreates(of) })
}

export async function findOpenCreates(of: ItemsOf): Promise<Item[]> {
  const rows = await database().syncItem.findMany({
    where: openCreates(of),
    orderBy: { position: 'asc' },
    select: ITEM,
  })
  return rows.map(toItem)
}

function openCreates(of: ItemsOf): Prisma.SyncItemWhereInput {
  return { ...of, action: 'create', state: { in: ['planned', 'sending'] } }
}

export interface SettledItem {
  readonly id: string
  readonly state: 'done' | 'failed' | 'sending' | 'planned'
  readonly outcome: Outcome | null
  readonly crmId: string | null
  readonly problemCode: string | null
  readonly message: string | null
  /** `null`: they stay as planned. */
  readonly changes: readonly FieldChange[] | null
  /** Of a record that was new in the ERP; `null`: known already. */
  readonly erpKey?: string | null
  /** Content hashes of both sides that the decision was made on; `null`: as they stand. */
  readonly erpHash?: string | null
  readonly crmHash?: string | null
}

export async function settleItems(tx: Database, items: readonly SettledItem[]): Promise<void> {
  if (items.length === 0) return
  await tx.$executeRaw`
    UPDATE sync_item i
       SET state = s.state::item_state, outcome = s.outcome, crm_id = coalesce(s.crm_id, i.crm_id),
           problem_code = s.problem_code, message = s.message, changes = coalesce(s.changes::jsonb, i.changes),
           erp_key = coalesce(s.erp_key, i.erp_key), erp_hash = coalesce(s.erp_hash, i.erp_hash),
           crm_hash = coalesce(s.crm_hash, i.crm_hash), settled_at = now()
      FROM unnest(${items.map((i) => i.id)}::uuid[], ${items.map((i) => i.state)}::text[],
                  ${items.map((i) => i.outcome)}::text[], ${items.map((i) => i.crmId)}::text[],
                  ${items.map((i) => i.problemCode)}::text[], ${items.map((i) => i.message)}::text[],
                  ${items.map((i) => (i.changes ? JSON.stringify(i.changes) : null))}::text[],
                  ${items.map((i) => i.erpKey ?? null)}::text[], ${items.map((i) => i.erpHash ?? null)}::text[],
                  ${items.map((i) => i.crmHash ?? null)}::text[])
        AS s(id, state, outcome, crm_id, problem_code, message, changes, erp_key, erp_hash, crm_hash)
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
