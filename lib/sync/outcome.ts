/** The outcomes of a record in a run; each record considered has exactly one (sync-rules §7.8). */
export const OUTCOMES = [
  'created',
  'updated',
  'unchanged',
  'mapped',
  'skipped',
  'conflict',
  'failed',
  'notReached',
] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Counters of one record type in one run, with the keys of the command line's JSON (product.md §3). */
export type OutcomeCounts = { readonly [key in 'considered' | Outcome]: number }

/** Counters of a run that has considered nothing yet. */
export function emptyCounts(): OutcomeCounts {
  return {
    considered: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    mapped: 0,
    skipped: 0,
    conflict: 0,
    failed: 0,
    notReached: 0,
  }
}

/** The counters with one more record of this outcome. */
export function countOutcome(counts: OutcomeCounts, outcome: Outcome): OutcomeCounts {
  return { ...counts, considered: counts.considered + 1, [outcome]: counts[outcome] + 1 }
}

/** Which of two outcomes a person needs to hear of first, where one record was dealt with twice in a run. */
const WEIGHT: Readonly<Record<Outcome, number>> = {
  failed: 7,
  conflict: 6,
  created: 5,
  updated: 4,
  mapped: 3,
  unchanged: 2,
  skipped: 1,
  notReached: 0,
}

/**
 * The one outcome of a record that was written on both sides in one run (sync-rules §7.8). `before`: what it counted as
 * until now; `null` where it was not counted yet.
 */
export function combineOutcomes(before: Outcome | null, now: Outcome): Outcome {
  return before !== null && WEIGHT[before] > WEIGHT[now] ? before : now
}

/** Whether records considered equal the sum of outcomes; a run of which this is not true is a defect (§7.8). */
export function addsUp(counts: OutcomeCounts): boolean {
  return counts.considered === OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0)
}
