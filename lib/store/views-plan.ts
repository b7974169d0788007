import { z } from 'zod'
import { Prisma } from '#generated/client'
import type { FieldChange } from '#lib/sync/plan'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { database } from './database.ts'
import type { Pairing } from './items.ts'
import { decodePlace, encodePlace, type KeysetPage, type PageRequest, toKeysetPage } from './keyset.ts'
import { NO_PLAN_FILTER, PLAN_KIND, type PlanFilter, type PlanKind, planWhere } from './plan-filter.ts'
import type { Plan } from './plans.ts'

/** One record of a plan: what would be done with it. */
export interface PlanItemView {
  readonly id: string
  readonly type: RecordType
  readonly kind: PlanKind
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string | null
  /** The pair that is made first, if one is. */
  readonly pairing: Pairing | null
  readonly included: boolean
  readonly problemCode: string | null
  /** Foreseen failures and warnings, as sentences. */
  readonly message: string | null
  readonly changes: readonly FieldChange[]
  readonly position: number
}

export interface PlanTally {
  readonly type: RecordType
  readonly kind: PlanKind
  readonly included: boolean
  readonly count: number
}

const COLUMNS = Prisma.sql`i.id::text AS id, i.type::text AS type, ${PLAN_KIND} AS kind, i.erp_key AS "erpKey",
  i.erp_name AS "erpName", i.crm_id AS "crmId", i.pairing, i.included, i.problem_code AS "problemCode", i.message,
  i.changes, i.position`

const placeSchema = z.tuple([z.enum(RECORD_TYPES), z.int(), z.uuid(), z.int().min(0)])

/** A page of a plan in the order in which it is applied, by keyset over (type, position, id). */
export async function listPlanItems(
  plan: Pick<Plan, 'runId'>,
  filter: PlanFilter,
  request: PageRequest,
): Promise<KeysetPage<PlanItemView>> {
  const wanted = request.before ?? request.after ?? null
  const place = wanted === null ? null : decodePlace(wanted, placeSchema)
  const walk = place !== null && request.before ? 'backward' : 'forward'
  const where = Prisma.sql`i.run_id = ${plan.runId}::uuid AND ${planWhere(filter)}`
  const read = await database().$queryRaw<PlanItemView[]>`
    SELECT ${COLUMNS} FROM sync_item i WHERE ${place === null ? where : beyond(where, place, walk)}
     ORDER BY ${walk === 'forward' ? Prisma.sql`i.type, i.position, i.id` : Prisma.sql`i.type DESC, i.position DESC, i.id DESC`}
     LIMIT ${request.size + 1}`
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

function beyond(where: Prisma.Sql, place: z.output<typeof placeSchema>, walk: 'forward' | 'backward'): Prisma.Sql {
  const [type, position, id] = place
  return walk === 'forward'
    ? Prisma.sql`${where} AND (i.type, i.position, i.id) > (${type}::record_type, ${position}::int, ${id}::uuid)`
    : Prisma.sql`${where} AND (i.type, i.position, i.id) < (${type}::record_type, ${position}::int, ${id}::uuid)`
}

/** Counts of a plan's items by type, kind and tick, of all or of those that hold a text; one pass over the plan's own rows. */
export async function tallyPlan(plan: Pick<Plan, 'runId'>, text: string | null = null): Promise<PlanTally[]> {
  return database().$queryRaw<PlanTally[]>`
    SELECT i.type::text AS type, ${PLAN_KIND} AS kind, i.included, count(*)::int AS count
      FROM sync_item i WHERE i.run_id = ${plan.runId}::uuid AND ${planWhere({ ...NO_PLAN_FILTER, text })}
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`
}

export const PLAN_EXPORT_COLUMNS = [
  'included',
  'kind',
  'type',
  'erpKey',
  'erpName',
  'crmId',
  'field',
  'from',
  'to',
  'reason',
  'problem',
] as const

/** One line for each field of each item, or one for an item without fields; read in pages, so that any size goes. */
export async function* listPlanForExport(
  plan: Pick<Plan, 'runId'>,
  filter: PlanFilter,
): AsyncGenerator<Record<(typeof PLAN_EXPORT_COLUMNS)[number], string | boolean | null>> {
  let after: string | null = null
  do {
    const page: KeysetPage<PlanItemView> = await listPlanItems(plan, filter, { size: 500, after, before: null })
    for (const item of page.rows) yield* exportLines(item)
    after = page.next
  } while (after !== null)
}

function* exportLines(item: PlanItemView) {
  const { included, kind, type, erpKey, erpName, crmId, message: problem } = item
  const record = { included, kind, type, erpKey, erpName, crmId }
  if (item.changes.length === 0) yield { ...record, field: null, from: null, to: null, reason: null, problem }
  for (const { label, from, to, reason } of item.changes) yield { ...record, field: label, from, to, reason, problem }
}
