import { randomUUIDv7 } from 'node:crypto'
import { Prisma } from '#generated/client'
import type { Outcome } from '#lib/sync/outcome'
import type { FieldChange } from '#lib/sync/plan'
import type { RecordType } from '#lib/sync/records'
import { type Database, database, type Transaction } from './database.ts'
import { erpTable } from './erp-records.ts'
import type { ItemAction, ItemDirection, ItemsOf, NewItem, Pairing } from './items.ts'
import { PLAN_KIND, type PlanFilter, planWhere } from './plan-filter.ts'

/** A preview's plan: what a run would do, item by item, as a person approves it and a later run applies it. */

/** One record of a plan, as the rehearsal of a run left it. */
export interface PlanItem {
  readonly type: RecordType
  readonly direction: ItemDirection
  readonly action: ItemAction
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string | null
  readonly batch: number
  readonly position: number
  readonly outcome: Outcome | null
  readonly problemCode: string | null
  readonly message: string | null
  readonly changes: readonly FieldChange[]
  readonly erpHash: string | null
  readonly crmHash: string | null
  readonly pairing: Pairing | null
}

/** A pair that the rehearsed run added, with what both sides held then. */
export interface RehearsedPair {
  readonly type: RecordType
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string
  readonly crmName: string
  readonly turnSyncOn: boolean
  readonly erpHash: string
  readonly crmHash: string | null
}

/** To be called within the rehearsal: the items it left, in order. */
export async function findRehearsedItems(runId: string): Promise<Omit<PlanItem, 'pairing'>[]> {
  return database().$queryRaw`
    SELECT type::text AS type, direction::text AS direction, action::text AS action, erp_key AS "erpKey",
           erp_name AS "erpName", crm_id AS "crmId", batch, position, outcome, problem_code AS "problemCode", message,
           changes, erp_hash AS "erpHash", crm_hash AS "crmHash"
      FROM sync_item WHERE run_id = ${runId}::uuid ORDER BY type, direction, position, id`
}

/** To be called within the rehearsal: pairs found by name. */
export async function findRehearsedPairs(
  connectionId: string,
  runId: string,
  type: RecordType,
): Promise<RehearsedPair[]> {
  const hash = type === 'project' ? Prisma.sql`e.content_hash || e.totals_hash` : Prisma.sql`e.content_hash`
  return database().$queryRaw`
    SELECT m.type::text AS type, m.erp_key AS "erpKey", m.erp_name AS "erpName", m.crm_id AS "crmId",
           m.crm_name AS "crmName", coalesce(m.sync_override, false) AS "turnSyncOn", ${hash} AS "erpHash",
           c.content_hash AS "crmHash"
      FROM crm_mapping m
      JOIN ${erpTable(type)} e ON e.connection_id = m.connection_id AND e.key = m.erp_key
      LEFT JOIN crm_record c ON c.connection_id = m.connection_id AND c.type = m.type AND c.id = m.crm_id
     WHERE m.connection_id = ${connectionId}::uuid AND m.type = ${type}::record_type AND m.removed_at IS NULL
       AND m.created_in_run = ${runId}::uuid AND m.matched_by = 'name'
     ORDER BY m.erp_key`
}

/** To be called within the rehearsal: the mappings that it ended, all of them at its own time. */
export async function findRehearsedRemovals(
  connectionId: string,
): Promise<Pick<RehearsedPair, 'type' | 'erpKey' | 'erpName' | 'crmId' | 'crmName'>[]> {
  return database().$queryRaw`
    SELECT type::text AS type, erp_key AS "erpKey", erp_name AS "erpName", crm_id AS "crmId", crm_name AS "crmName"
      FROM crm_mapping
     WHERE connection_id = ${connectionId}::uuid AND removed_at = now() AND removed_by = 'sync'
     ORDER BY type, erp_key`
}

const STORED_TOGETHER = 2_000

/** Stores a plan, under the id of its preview run, and its items; all are ticked that would do something. */
export async function insertPlan(
  tx: Transaction,
  plan: { readonly connectionId: string; readonly runId: string; readonly createdBy: string },
  items: readonly PlanItem[],
): Promise<void> {
  const { connectionId, runId, createdBy } = plan
  await tx.plan.create({ data: { id: runId, connectionId, runId, createdBy } })
  for (let from = 0; from < items.length; from += STORED_TOGETHER) {
    await tx.syncItem.createMany({
      data: items.slice(from, from + STORED_TOGETHER).map(({ changes, pairing, ...item }) => ({
        ...item,
        id: randomUUIDv7(),
        runId,
        connectionId,
        included: isApplicable({ changes, ...item }),
        changes: changes as unknown as Prisma.InputJsonValue,
        ...(pairing ? { pairing: pairing as unknown as Prisma.InputJsonValue } : {}),
      })),
    })
  }
}

/** Whether an item of a plan does anything: failures that are foreseen and open conflicts do not. */
function isApplicable(item: Pick<PlanItem, 'action' | 'outcome' | 'changes'>): boolean {
  if (item.outcome === 'failed') return false
  return item.action !== 'update' || item.changes.length > 0 || item.outcome === 'updated'
}

/** The ticked items of an applied plan for one type and direction. */
export async function findApprovedItems(planId: string, of: Omit<ItemsOf, 'runId'>): Promise<NewItem[]> {
  const plan = await database().plan.findUniqueOrThrow({ where: { id: planId }, select: { runId: true } })
  const rows = await database().syncItem.findMany({
    where: { ...of, runId: plan.runId, included: true },
    orderBy: [{ batch: 'asc' }, { position: 'asc' }],
  })
  return rows.map((row) => ({
    erpKey: row.erpKey,
    erpName: row.erpName,
    crmId: row.crmId,
    action: row.action,
    batch: row.batch,
    position: row.position,
    changes: row.changes as unknown as readonly FieldChange[],
    erpHash: row.erpHash,
    crmHash: row.crmHash,
    pairing: row.pairing as unknown as Pairing | null,
  }))
}

export type PlanState = 'open' | 'approved' | 'applied' | 'discarded'

export interface Plan {
  readonly id: string
  readonly connectionId: string
  readonly runId: string
  readonly state: PlanState
  readonly createdBy: string
  readonly createdAt: Date
  readonly approvedBy: string | null
  readonly approvedAt: Date | null
  readonly appliedRunId: string | null
}

export async function findPlan(id: string): Promise<Plan | null> {
  return database().plan.findUnique({ where: { id } })
}

/** The latest plans of a connection, newest first. */
export async function lastPlans(connectionId: string, limit = 50): Promise<Plan[]> {
  return database().plan.findMany({ where: { connectionId }, orderBy: { createdAt: 'desc' }, take: limit })
}

export async function findPlanOfRun(runId: string): Promise<Plan | null> {
  return database().plan.findUnique({ where: { runId } })
}

/** Changes a plan's state from one of `from`; false where it has none of them any more. */
export async function movePlan(
  tx: Database,
  id: string,
  from: readonly PlanState[],
  to:
    | { readonly state: 'open' }
    | { readonly state: 'discarded' }
    | { readonly state: 'approved'; readonly approvedBy: string }
    | { readonly state: 'applied'; readonly appliedRunId: string },
): Promise<boolean> {
  const moved = await tx.plan.updateMany({
    where: { id, state: { in: [...from] } },
    data: {
      ...to,
      ...(to.state === 'approved' ? { approvedAt: new Date() } : {}),
      ...(to.state === 'open' ? { approvedBy: null, approvedAt: null } : {}),
    },
  })
  return moved.count === 1
}

/** Ticks or unticks items of a plan that is open; those that would do nothing stay unticked. Answers how many changed. */
export async function tickItems(
  tx: Database,
  planId: string,
  which: { readonly ids: readonly string[] } | { readonly filter: PlanFilter },
  included: boolean,
): Promise<number> {
  const chosen = 'ids' in which ? Prisma.sql`i.id = ANY(${[...which.ids]}::uuid[])` : planWhere(which.filter)
  return tx.$executeRaw`
    UPDATE sync_item i SET included = ${included}
      FROM plan p
     WHERE p.id = ${planId}::uuid AND p.state = 'open' AND i.run_id = p.run_id AND i.included <> ${included}
       AND ${chosen} AND (NOT ${included} OR ${PLAN_KIND} <> 'problem')`
}

/** How many items of a plan are ticked: what *Apply* would do. */
export async function countIncludedItems(planId: string): Promise<number> {
  const rows = await database().$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM sync_item i JOIN plan p ON p.run_id = i.run_id
     WHERE p.id = ${planId}::uuid AND i.included`
  return rows[0]?.count ?? 0
}
