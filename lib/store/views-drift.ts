import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { database } from './database.ts'
import { type DriftPoint, findDriftPoints } from './drift.ts'
import type { PlanState } from './plans.ts'
import type { RunState } from './runs.ts'

/** What a comparison counted: of one type, or of all together. */
export type DriftCounts = Pick<DriftPoint, 'compared' | 'differing' | 'missing'>

export interface ComparisonView {
  readonly runId: string
  /** ISO 8601 UTC. */
  readonly at: string
  readonly total: DriftCounts
  /** Types that were part of it. */
  readonly byType: Partial<Record<RecordType, DriftCounts>>
}

/** The plan of a comparison: the list of its differences, and what has become of them. */
export interface ComparisonPlanView {
  readonly state: PlanState
  readonly startedBy: string
  readonly appliedRunId: string | null
}

/** The comparisons of a connection since a moment, oldest first. */
export async function listComparisons(connectionId: string, since: Date): Promise<ComparisonView[]> {
  const byRun = Map.groupBy(await findDriftPoints(connectionId, since), (point) => point.runId)
  return [...byRun.values()].flatMap((points) => {
    const [first] = points
    return first ? [toComparison(first, points)] : []
  })
}

/** The newest comparison, however old; `null` before the first one. */
export async function findLatestComparison(connectionId: string): Promise<ComparisonView | null> {
  const newest = await database().driftPoint.findFirst({ where: { connectionId }, orderBy: { at: 'desc' } })
  if (!newest) return null
  const points = await database().driftPoint.findMany({ where: { runId: newest.runId } })
  return toComparison(newest, points)
}

export async function findComparisonPlan(runId: string): Promise<ComparisonPlanView | null> {
  const plan = await database().plan.findUnique({
    where: { runId },
    select: { state: true, createdBy: true, appliedRunId: true },
  })
  return plan && { state: plan.state, startedBy: plan.createdBy, appliedRunId: plan.appliedRunId }
}

/** How the newest comparison run stands; a failed one has counted nothing. */
export async function findNewestComparisonRun(
  connectionId: string,
): Promise<{ readonly id: string; readonly state: RunState; readonly message: string | null } | null> {
  return database().syncRun.findFirst({
    where: { connectionId, kind: 'reconcile' },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true, state: true, message: true },
  })
}

function toComparison(first: DriftPoint, points: readonly DriftPoint[]): ComparisonView {
  const of = (type: RecordType) => points.find((point) => point.type === type)
  const sum = (key: keyof DriftCounts) => points.reduce((total, point) => total + point[key], 0)
  return {
    runId: first.runId,
    at: first.at.toISOString(),
    total: { compared: sum('compared'), differing: sum('differing'), missing: sum('missing') },
    byType: Object.fromEntries(
      RECORD_TYPES.flatMap((type) => {
        const point = of(type)
        return point ? [[type, { compared: point.compared, differing: point.differing, missing: point.missing }]] : []
      }),
    ),
  }
}
