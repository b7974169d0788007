import type { ReactNode } from 'react'
import type { BacklogView } from '#lib/store/views-runs'
import { TextLink } from '../../_ui/link-button.tsx'
import { counted, number } from '../sync/_run/run-words.ts'

interface AtAGlanceProps {
  backlog: BacklogView | null
  review: { readonly noMatch: number; readonly ambiguous: number }
  openErrors: number
  /** Before the first sync nothing is known, and nothing is claimed. */
  hasRun: boolean
}

/** The three numbers that ask for somebody: what waits for the next sync, for a decision, for a repair. */
export function AtAGlance({ backlog, review, openErrors, hasRun }: AtAGlanceProps) {
  const none = (sentence: string) => (hasRun ? sentence : 'Known after the first sync.')
  const toReview = review.noMatch + review.ambiguous
  return (
    <dl className="grid grid-cols-1 gap-4 sm:grid-cols-3">
      <Figure
        label="Backlog"
        value={backlog?.projects ?? 0}
        note={
          backlog ? (
            <>
              {counted(backlog.runs, 'more run')}. <TextLink href="/sync">Continue</TextLink>
            </>
          ) : (
            none('No project is left over from the last sync.')
          )
        }
      />
      <Figure
        label="To review"
        value={toReview}
        note={
          toReview > 0 ? (
            <>
              {number(review.ambiguous)} ambiguous, {number(review.noMatch)} without a match.{' '}
              <TextLink href="/mapping?status=review">Review</TextLink>
            </>
          ) : (
            none('No record is ambiguous or without a match.')
          )
        }
      />
      <Figure
        label="Open errors"
        value={openErrors}
        bad
        note={
          openErrors > 0
            ? 'Records whose last attempt failed, see below.'
            : none('No record failed when it was last sent.')
        }
      />
    </dl>
  )
}

function Figure({ label, value, note, bad }: { label: string; value: number; note: ReactNode; bad?: boolean }) {
  return (
    <div className="flex flex-col rounded-card border border-line bg-surface px-4 py-3.5 sm:px-5">
      <dt className="text-sm text-ink-muted">{label}</dt>
      <dd className={`tabular text-2xl font-semibold ${value === 0 ? 'text-ink-faint' : bad ? 'text-bad' : ''}`}>
        {number(value)}
      </dd>
      <dd className="text-sm text-ink-muted text-pretty">{note}</dd>
    </div>
  )
}
