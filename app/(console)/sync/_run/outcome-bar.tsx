import type { OutcomeCounts } from '#lib/sync/outcome'
import { SegmentedBar } from '../../../_ui/segmented-bar.tsx'
import { BAR_OUTCOMES, number, OUTCOME_WORDS } from './run-words.ts'

/** How the records of a run divide by outcome. What is not filled has not been reached (yet). */
export function OutcomeBar({ counts, open }: { counts: OutcomeCounts; open: boolean }) {
  const settled = counts.considered - counts.notReached
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <span className="font-medium">Records by outcome</span>
        <span className="tabular text-ink-muted">
          {number(settled)} of {number(counts.considered)} decided
        </span>
      </p>
      <SegmentedBar
        label="Records by outcome"
        of={counts.considered}
        restLabel={open ? 'Still to send' : OUTCOME_WORDS.notReached.label}
        segments={BAR_OUTCOMES.map((outcome) => ({ key: outcome, count: counts[outcome], ...OUTCOME_WORDS[outcome] }))}
      />
    </div>
  )
}
