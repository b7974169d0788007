import type { RunContext } from '#lib/engine/context'
import type { Settlement } from '#lib/engine/settle'
import type { Item } from '#lib/store/items'
import { staleMessage } from '#lib/sync/messages'
import type { FieldChange } from '#lib/sync/plan'
import { isSamePlan } from '#lib/sync/plan-items'
import { problemCodes } from '#lib/sync/problems'

/** What one record comes to now, to be held against what was approved. */
export interface PresentPlan {
  /** Content hash; `null`: the side has no such record. */
  readonly erpHash: string | null
  readonly crmHash: string | null
  readonly changes: readonly FieldChange[]
}

/**
 * In a run that applies a plan: the item refused, where either side has changed since the plan was made, so that what
 * would be written is not what was approved. `null`: it may be written; so it is in every other run.
 */
export function staleness(context: RunContext, item: Item, now: PresentPlan): Settlement | null {
  if (context.run.kind !== 'apply') return null
  const same = item.erpHash === now.erpHash && item.crmHash === now.crmHash && isSamePlan(item.changes, now.changes)
  return same ? null : refusedAsStale(context, item)
}

export function refusedAsStale(context: RunContext, item: Item): Settlement {
  const line = staleMessage(context.names, item, item.direction)
  return {
    item,
    state: 'done',
    outcome: 'skipped',
    problemCode: problemCodes.planStale,
    message: line.message,
    log: [line],
  }
}
