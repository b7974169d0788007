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

/** Whether records considered equal the sum of outcomes; a run of which this is not true is a defect (§7.8). */
export function addsUp(counts: OutcomeCounts): boolean {
  return counts.considered === OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0)
}
