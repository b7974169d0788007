import type { PlanFilter } from '#lib/store/plan-filter'
import type { PlanTally } from '#lib/store/views-plan'

/** How many of the counted items pass type, kind and tick of a filter; its text decides which are counted at all. */
export function matching(tally: readonly PlanTally[], filter: Omit<PlanFilter, 'text'>): number {
  return tally
    .filter((part) => filter.type === null || part.type === filter.type)
    .filter((part) => filter.kind === null || part.kind === filter.kind)
    .filter((part) => filter.included === null || part.included === filter.included)
    .reduce((sum, part) => sum + part.count, 0)
}
