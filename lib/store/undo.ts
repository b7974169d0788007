import { randomUUIDv7 } from 'node:crypto'
import { z } from 'zod'
import { Prisma } from '#generated/client'
import { combineOutcomes, type Outcome } from '#lib/sync/outcome'
import type { FieldChange } from '#lib/sync/plan'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'
import type { ItemAction, ItemDirection } from './items.ts'

/** The items of an undo: what its source run wrote, created and paired, and what has become of it (sync-rules §12). */

/** One record that the source run wrote or created on one side. */
export interface WrittenItem {
  readonly id: string
  readonly type: RecordType
  readonly direction: ItemDirection
  readonly position: number
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string | null
  readonly action: ItemAction
  readonly changes: readonly FieldChange[]
}

/** Wrote fields; a failed item holds changes only where nobody knows whether the other side has carried them out. */
const WROTE = Prisma.sql`(i.action <> 'create' AND NOT (i.action = 'map' AND i.direction = 'to_crm') AND i.changes <> '[]'::jsonb
  AND (i.state = 'failed' OR (i.state = 'done' AND i.outcome IN ('updated', 'conflict', 'mapped'))))`
const CREATED = Prisma.sql`(i.action = 'create' AND i.state = 'done' AND i.outcome = 'created')`

/** What to undo of a run: left out is what an earlier undo of it, cancelled or failed, has dealt with. */
export function leftToUndo(sourceRunId: string): Prisma.Sql {
  return Prisma.sql`i.run_id = ${sourceRunId}::uuid AND (${WROTE} OR ${CREATED}) AND NOT EXISTS (
    SELECT 1 FROM sync_item u JOIN sync_run r ON r.id = u.run_id
     WHERE r.source_run_id = ${sourceRunId}::uuid AND r.kind = 'undo' AND u.state = 'done' AND u.type = i.type
       AND u.direction = i.direction AND u.erp_key = i.erp_key AND (u.action = 'map') = (i.action = 'map'))`
}

/** Items that wrote a side, as a condition next to {@link leftToUndo}. */
export function wroteOrCreated(kind: 'wrote' | 'created'): Prisma.Sql {
  return kind === 'wrote' ? WROTE : CREATED
}

const placeSchema = z.tuple([z.enum(RECORD_TYPES), z.int(), z.uuid()])
type Place = z.output<typeof placeSchema>

/** The place of an item in the order of {@link findWrittenItems}, as a checkpoint keeps it. */
export function placeOf(item: WrittenItem): string {
  return JSON.stringify([item.type, item.position, item.id] satisfies Place)
}

/** The next items to undo of one direction, by keyset. `after`: a place of {@link placeOf}. */
export async function findWrittenItems(
  of: { readonly sourceRunId: string; readonly direction: ItemDirection },
  after: string | null,
  limit: number,
): Promise<WrittenItem[]> {
  const place = after === null ? null : placeSchema.parse(JSON.parse(after))
  const beyond = place
    ? Prisma.sql`AND (i.type, i.position) >= (${place[0]}::record_type, ${place[1]}::int)
                 AND (i.type, i.position, i.id) > (${place[0]}::record_type, ${place[1]}::int, ${place[2]}::uuid)`
    : Prisma.empty
  return database().$queryRaw<WrittenItem[]>`
    SELECT i.id::text AS id, i.type::text AS type, i.direction::text AS direction, i.position, i.erp_key AS "erpKey",
           i.erp_name AS "erpName", i.crm_id AS "crmId", i.action::text AS action, i.changes
      FROM sync_item i
     WHERE ${leftToUndo(of.sourceRunId)} AND i.direction = ${of.direction}::item_direction ${beyond}
     ORDER BY i.type, i.position, i.id LIMIT ${limit}`
}

export type NewUndoItem = Omit<WrittenItem, 'id'>

interface UndoRun {
  readonly runId: string
  readonly connectionId: string
}

/** Plans items of an undo; answers by type how many records come to it with them that it did not have before. */
export async function insertUndoItems(
  tx: Database,
  { runId, connectionId }: UndoRun,
  items: readonly NewUndoItem[],
): Promise<Map<RecordType, number>> {
  // The records of this statement do not see one another: what stood there before is what counts.
  const rows = await tx.$queryRaw<TypeCount[]>`
    WITH added AS (
      INSERT INTO sync_item (id, run_id, connection_id, type, direction, erp_key, erp_name, crm_id, action, position, changes)
      SELECT i.id, ${runId}::uuid, ${connectionId}::uuid, i.type::record_type, i.direction::item_direction, i.erp_key,
             i.erp_name, i.crm_id, i.action::item_action, i.position, i.changes::jsonb
        FROM unnest(${items.map(() => randomUUIDv7())}::uuid[], ${items.map((i) => i.type)}::text[],
                    ${items.map((i) => i.direction)}::text[], ${items.map((i) => i.erpKey)}::text[],
                    ${items.map((i) => i.erpName)}::text[], ${items.map((i) => i.crmId)}::text[],
                    ${items.map((i) => i.action)}::text[], ${items.map((i) => i.position)}::int[],
                    ${items.map((i) => JSON.stringify(i.changes))}::text[])
          AS i(id, type, direction, erp_key, erp_name, crm_id, action, position, changes)
      ON CONFLICT DO NOTHING RETURNING type, erp_key
    )
    SELECT a.type::text AS type, count(DISTINCT a.erp_key)::int AS count FROM added a
     WHERE NOT EXISTS (SELECT 1 FROM sync_item o
                        WHERE o.run_id = ${runId}::uuid AND o.type = a.type AND o.erp_key = a.erp_key)
     GROUP BY a.type`
  return new Map(rows.map((row) => [row.type, row.count]))
}

interface TypeCount {
  type: RecordType
  count: number
}

/**
 * The next living pairs that the source run added and that no planned item of the undo removes, by keyset over their
 * ids.
 */
export async function findAddedPairs(
  of: { readonly sourceRunId: string; readonly runId: string },
  after: string | null,
  limit: number,
): Promise<{ id: string; type: RecordType; erpKey: string; erpName: string; crmId: string }[]> {
  return database().$queryRaw`
    SELECT m.id::text AS id, m.type::text AS type, m.erp_key AS "erpKey", m.erp_name AS "erpName", m.crm_id AS "crmId"
      FROM crm_mapping m
     WHERE m.created_in_run = ${of.sourceRunId}::uuid AND m.removed_at IS NULL
       AND (${after}::uuid IS NULL OR m.id > ${after}::uuid)
       AND NOT EXISTS (SELECT 1 FROM sync_item o
                        WHERE o.run_id = ${of.runId}::uuid AND o.type = m.type AND o.erp_key = m.erp_key
                          AND (o.direction = 'to_crm' OR o.action = 'unmap'))
     ORDER BY m.id LIMIT ${limit}`
}

/** A living pair as an undo needs it. */
export interface UndoPair {
  readonly erpKey: string
  readonly crmId: string
  readonly pins: readonly string[]
  readonly createdInRun: string | null
}

export async function findUndoPairs(
  connectionId: string,
  type: RecordType,
  erpKeys: readonly string[],
): Promise<Map<string, UndoPair>> {
  const rows = await database().crmMapping.findMany({
    where: { connectionId, type, erpKey: { in: [...erpKeys] }, removedAt: null },
    select: { erpKey: true, crmId: true, pins: true, createdInRun: true },
  })
  return new Map(rows.map((row) => [row.erpKey, row]))
}

/** What undos of a run have settled of a record so far. */
export interface SettledRecord {
  /** What it counts as in this undo; `null`: it has no outcome in it yet. */
  readonly outcome: Outcome | null
  /** CRM field names of what they put back, on either side. */
  readonly putBack: readonly string[]
}

export async function findSettledRecords(
  of: { readonly runId: string; readonly sourceRunId: string; readonly type: RecordType },
  erpKeys: readonly string[],
): Promise<(erpKey: string) => SettledRecord> {
  const rows = await database().syncItem.findMany({
    where: {
      type: of.type,
      erpKey: { in: [...erpKeys] },
      state: { in: ['done', 'failed'] },
      run: { kind: 'undo', sourceRunId: of.sourceRunId },
    },
    select: { runId: true, erpKey: true, outcome: true, changes: true },
  })
  const found = new Map<string, SettledRecord>()
  for (const row of rows) {
    const before = found.get(row.erpKey) ?? { outcome: null, putBack: [] }
    // Both columns are written from these very types (items.ts).
    const changes = row.changes as unknown as readonly FieldChange[]
    const outcome = row.outcome as Outcome | null
    found.set(row.erpKey, {
      outcome: row.runId === of.runId && outcome ? combineOutcomes(before.outcome, outcome) : before.outcome,
      putBack: [
        ...before.putBack,
        ...changes.filter((change) => change.kept === undefined).map((change) => change.field),
      ],
    })
  }
  return (erpKey) => found.get(erpKey) ?? { outcome: null, putBack: [] }
}

/** Of these ERP keys, the records that the source run created on one side. */
export async function findCreatedKeys(
  of: { readonly sourceRunId: string; readonly type: RecordType; readonly direction: ItemDirection },
  erpKeys: readonly string[],
): Promise<ReadonlySet<string>> {
  const { sourceRunId: runId, type, direction } = of
  const rows = await database().syncItem.findMany({
    where: {
      runId,
      type,
      direction,
      action: 'create',
      state: 'done',
      outcome: 'created',
      erpKey: { in: [...erpKeys] },
    },
    select: { erpKey: true },
  })
  return new Set(rows.map((row) => row.erpKey))
}
