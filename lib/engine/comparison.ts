import { type Started, startRun } from '#lib/engine/start'
import { findSchedule } from '#lib/store/schedules'
import type { RunOptions } from '#lib/sync/eligibility'

const PLAIN: RunOptions = {
  mapUnsynced: false,
  whenNoMatch: 'leave',
  includeClosed: false,
  allBatches: true,
  preview: true,
}

/** A comparison looks at everything that syncs with these options would come to, however many batches they need. */
export function comparisonOptions(options: RunOptions): RunOptions {
  return { ...options, allBatches: true, preview: true }
}

/** A person compares both sides now, as the connection's own syncs would, or attaches to the run that is going. */
export async function startComparison(connectionId: string, startedBy: string): Promise<Started> {
  const schedule = await findSchedule(connectionId)
  return startRun({
    connectionId,
    trigger: 'manual',
    startedBy,
    options: schedule ? comparisonOptions(schedule.options) : PLAIN,
    purpose: { kind: 'reconcile' },
  })
}
