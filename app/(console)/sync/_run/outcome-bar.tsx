import type { OutcomeCounts } from '#lib/sync/outcome'
import { SegmentedBar } from '../../../_ui/segmented-bar.tsx'
import { BAR_OUTCOMES, number, OUTCOME_WORDS } from './run-words.ts'

interface OutcomeBarProps {
  counts: OutcomeCounts
  open: boolean
  /** Of a plan: nothing of it has been done. */
  foreseen?: boolean
}

/** How the records of a run divide by outcome. What is not filled has not been reached (yet). */
export function OutcomeBar({ counts, open, foreseen = false }: OutcomeBarProps) {
  const title = foreseen ? 'What a sync would do with the records' : 'Records by outcome'
  const settled = counts.considered - counts.notReached
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <span className="font-medium">{title}</span>
        <span className="tabular text-ink-muted">
          {number(settled)} of {number(counts.considered)} decided
        </span>
      </p>
      <SegmentedBar
        label={title}
        of={counts.considered}
        restLabel={open ? 'Still to send' : OUTCOME_WORDS.notReached.label}
        segments={BAR_OUTCOMES.map((outcome) => ({ key: outcome, count: counts[outcome], ...OUTCOME_WORDS[outcome] }))}
      />
    </div>
  )
}
