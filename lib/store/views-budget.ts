import { type ApiBudget, apiBudget, type RunPace, secondsLeft } from '#lib/sync/budget'
import type { Side } from '#lib/sync/records'
import { apiUsageToday } from './api-usage.ts'
import { findConnection } from './connections.ts'
import { isOpenState, type RunView } from './views-runs.ts'

/** The allowance of both APIs, and when the run that is going will be done at its present rate. */
export interface BudgetView extends Readonly<Record<Side, ApiBudget>> {
  /** ISO 8601 UTC. */
  readonly finishesAt: string | null
}

/** @param run one that is going; its calls are counted within seconds of being made. */
export async function findBudget(connectionId: string, run: RunView | null, now: Date): Promise<BudgetView> {
  const [used, connection] = await Promise.all([apiUsageToday(connectionId), findConnection(connectionId)])
  const going = run !== null && isOpenState(run.state) ? run : null
  const of = (side: Side) => {
    const limit = connection?.settings[side === 'erp' ? 'erpDailyCalls' : 'crmDailyCalls'] ?? null
    return apiBudget(used[side], limit, going && paceOf(going, going.apiCalls[side], now))
  }
  const seconds = going && secondsLeft(paceOf(going, 0, now))
  return {
    erp: of('erp'),
    crm: of('crm'),
    finishesAt: seconds === null ? null : new Date(now.getTime() + seconds * 1000).toISOString(),
  }
}

function paceOf(run: RunView, calls: number, now: Date): RunPace {
  const counts = Object.values(run.counts)
  const considered = counts.reduce((sum, one) => sum + one.considered, 0)
  const open = counts.reduce((sum, one) => sum + one.notReached, 0)
  const otherwise = open - run.counts.project.notReached
  // What is left of the projects after this run's batches is another run's work.
  const projects = Math.min(run.counts.project.notReached, Math.max(0, batchesLeft(run) * run.batches.size))
  const startedAt = run.startedAt === null ? now.getTime() : Date.parse(run.startedAt)
  return {
    calls,
    settled: considered - open,
    left: otherwise + projects,
    secondsGoing: (now.getTime() - startedAt) / 1000,
  }
}

function batchesLeft({ options, batches }: RunView): number {
  return options.allBatches ? Number.MAX_SAFE_INTEGER : 1 - batches.done
}
