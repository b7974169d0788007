import { z } from 'zod'
import { Prisma } from '#generated/client'
import { OUTCOMES, type Outcome } from '#lib/sync/outcome'
import type { FieldChange } from '#lib/sync/plan'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import type { UndoGroup } from '#lib/sync/undo-groups'
import { database } from './database.ts'
import type { ItemAction } from './items.ts'
import { decodePlace, encodePlace, type KeysetPage, type PageRequest, toKeysetPage } from './keyset.ts'
import { containsPattern } from './search-text.ts'
import { inUndoGroup } from './undo-groups.ts'

/** `waiting`: planned or being sent, so without an outcome yet. */
export type ItemOutcome = Outcome | 'waiting'

/** One record of a run that had something to do. */
export interface RunItemView {
  readonly id: string
  readonly type: RecordType
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string | null
  readonly action: ItemAction
  readonly outcome: ItemOutcome
  readonly problemCode: string | null
  readonly message: string | null
  readonly changes: readonly FieldChange[]
  readonly batch: number
  readonly position: number
}

/** All parts must hold; `null` lets everything pass. `text` is sought in the name and compared with both keys. */
export interface RunItemFilter {
  readonly type: RecordType | null
  readonly outcome: ItemOutcome | null
  readonly problem: string | null
  readonly text: string | null
  /** Undos only: one of their three groups. */
  readonly group?: UndoGroup | null
}

/** How many items of a run there are of each kind: what the filters offer, and the totals of a filtered list. */
export interface RunItemTally {
  readonly type: RecordType
  readonly outcome: ItemOutcome
  readonly problemCode: string | null
  readonly count: number
}

export interface RunBatchTally {
  readonly batch: number
  readonly projects: number
  readonly failed: number
  readonly waiting: number
}

/** Errors or warnings of a run that share a code, with the first few of them. */
export interface RunProblemGroup {
  readonly code: string | null
  readonly severity: 'error' | 'warning'
  readonly count: number
  readonly examples: readonly RunProblemExample[]
}

export interface RunProblemExample {
  /** `null`: the line is about the run, or the record is not in the ERP yet. */
  readonly type: RecordType | null
  readonly erpKey: string | null
  readonly erpName: string | null
  readonly crmId: string | null
  readonly message: string
}

const EXAMPLES = 5

const placeSchema = z.tuple([z.enum(RECORD_TYPES), z.int(), z.uuid(), z.int().min(0)])

const OUTCOME = Prisma.sql`coalesce(outcome, 'waiting')`

const COLUMNS = Prisma.sql`id::text AS id, type::text AS type, erp_key AS "erpKey", erp_name AS "erpName", crm_id AS "crmId",
  action::text AS action, ${OUTCOME} AS outcome, problem_code AS "problemCode", message, changes, batch, position`

/** A page of a run's items in sending order, by keyset over (type, position, id). */
export async function listRunItems(
  runId: string,
  filter: RunItemFilter,
  request: PageRequest,
): Promise<KeysetPage<RunItemView>> {
  const wanted = request.before ?? request.after ?? null
  const place = wanted === null ? null : decodePlace(wanted, placeSchema)
  const walk = place !== null && request.before ? 'backward' : 'forward'
  const condition = place === null ? itemWhere(runId, filter) : beyond(itemWhere(runId, filter), place, walk)
  const order =
    walk === 'forward' ? Prisma.sql`i.type, i.position, i.id` : Prisma.sql`i.type DESC, i.position DESC, i.id DESC`
  const read = await database().$queryRaw<RunItemView[]>`
    SELECT ${COLUMNS} FROM sync_item i WHERE ${condition} ORDER BY ${order} LIMIT ${request.size + 1}`
  return toKeysetPage({
    read,
    size: request.size,
    walk,
    isFromPlace: place !== null,
    position: place?.[3] ?? 0,
    badPlace: wanted !== null && place === null,
    place: (item, position) => encodePlace([item.type, item.position, item.id, position]),
  })
}

/** Counts of a run's items by type, outcome and problem; one pass over the run's own rows. */
export async function tallyRunItems(runId: string): Promise<RunItemTally[]> {
  return database().$queryRaw<RunItemTally[]>`
    SELECT type::text AS type, ${OUTCOME} AS outcome, problem_code AS "problemCode", count(*)::int AS count
      FROM sync_item WHERE run_id = ${runId}::uuid GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`
}

/** Items that pass a filter with a text; without one, {@link tallyRunItems} already knows. */
export async function countRunItems(runId: string, filter: RunItemFilter): Promise<number> {
  const rows = await database().$queryRaw<{ counted: number }[]>`
    SELECT count(*)::int AS counted FROM sync_item WHERE ${itemWhere(runId, filter)}`
  return rows[0]?.counted ?? 0
}

/** Projects per batch of a run, for the strip (sync-rules §6.1: only updates of projects travel in batches). */
export async function tallyRunBatches(runId: string): Promise<RunBatchTally[]> {
  return database().$queryRaw<RunBatchTally[]>`
    SELECT batch, count(*)::int AS projects, (count(*) FILTER (WHERE outcome = 'failed'))::int AS failed,
           (count(*) FILTER (WHERE state IN ('planned', 'sending')))::int AS waiting
      FROM sync_item
     WHERE run_id = ${runId}::uuid AND type = 'project' AND action = 'update' AND state <> 'left'
     GROUP BY batch ORDER BY batch`
}

/**
 * What went wrong in a run, by problem: errors before warnings, the most frequent first. From the log, because a
 * preflight finding or a removed mapping belongs to no item.
 */
export async function groupRunProblems(runId: string): Promise<RunProblemGroup[]> {
  return database().$queryRaw<RunProblemGroup[]>`
    WITH line AS (
      SELECT code, severity, type, erp_key, erp_name, crm_id, message,
             row_number() OVER (PARTITION BY code, severity ORDER BY at, id) AS place
        FROM integration_log_entry
       WHERE run_id = ${runId}::uuid AND severity <> 'info'
    )
    SELECT code, severity::text AS severity, count(*)::int AS count,
           jsonb_agg(jsonb_build_object('type', type, 'erpKey', erp_key, 'erpName', erp_name, 'crmId', crm_id,
                                        'message', message) ORDER BY place)
             FILTER (WHERE place <= ${EXAMPLES}) AS examples
      FROM line GROUP BY code, severity
     ORDER BY severity = 'error' DESC, count DESC, code`
}

/** Whether a text names an outcome a filter may ask for. */
export function isItemOutcome(text: string): text is ItemOutcome {
  return text === 'waiting' || OUTCOMES.some((outcome) => outcome === text)
}

function itemWhere(runId: string, filter: RunItemFilter): Prisma.Sql {
  const parts = [Prisma.sql`run_id = ${runId}::uuid`]
  if (filter.type !== null) parts.push(Prisma.sql`type = ${filter.type}::record_type`)
  if (filter.outcome !== null) parts.push(Prisma.sql`${OUTCOME} = ${filter.outcome}`)
  if (filter.problem !== null) parts.push(Prisma.sql`problem_code = ${filter.problem}`)
  if (filter.group) parts.push(inUndoGroup(filter.group))
  if (filter.text !== null) {
    parts.push(
      Prisma.sql`(erp_name ILIKE ${containsPattern(filter.text)} OR erp_key = ${filter.text} OR crm_id = ${filter.text})`,
    )
  }
  return Prisma.join(parts, ' AND ')
}

// The first comparison repeats what the second implies, in the columns of the index.
function beyond(where: Prisma.Sql, place: z.output<typeof placeSchema>, walk: 'forward' | 'backward'): Prisma.Sql {
  const [type, position, id] = place
  return walk === 'forward'
    ? Prisma.sql`${where} AND (type, position) >= (${type}::record_type, ${position}::int)
        AND (type, position, id) > (${type}::record_type, ${position}::int, ${id}::uuid)`
    : Prisma.sql`${where} AND (type, position) <= (${type}::record_type, ${position}::int)
        AND (type, position, id) < (${type}::record_type, ${position}::int, ${id}::uuid)`
}
