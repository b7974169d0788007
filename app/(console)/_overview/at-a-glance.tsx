import type { ComparisonView } from '#lib/store/views-drift'
import type { BacklogView } from '#lib/store/views-runs'
import { Figure } from '../../_ui/figure.tsx'
import { TextLink } from '../../_ui/link-button.tsx'
import { Time } from '../../_ui/time.tsx'
import { driftPercent, percentWords } from '../reconciliation/drift-words.ts'
import { counted, number } from '../sync/_run/run-words.ts'

interface AtAGlanceProps {
  backlog: BacklogView | null
  review: { readonly noMatch: number; readonly ambiguous: number }
  openErrors: number
  /** The newest comparison of both sides. */
  comparison: ComparisonView | null
  /** How much drift is too much, in percent. */
  driftLimit: number
  /** Before the first sync nothing is known, and nothing is claimed. */
  hasRun: boolean
}

/** The numbers that ask for somebody: what waits for the next sync, for a decision, for a repair, and what has drifted. */
export function AtAGlance({ backlog, review, openErrors, comparison, driftLimit, hasRun }: AtAGlanceProps) {
  const none = (sentence: string) => (hasRun ? sentence : 'Known after the first sync.')
  const toReview = review.noMatch + review.ambiguous
  return (
    <dl className="grid grid-cols-1 gap-4 sm:grid-cols-2 xl:grid-cols-4">
      <Figure
        label="Backlog"
        value={number(backlog?.projects ?? 0)}
        isNothing={!backlog}
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
        value={number(toReview)}
        isNothing={toReview === 0}
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
        value={number(openErrors)}
        isNothing={openErrors === 0}
        bad
        note={
          openErrors > 0
            ? 'Records whose last attempt failed, see below.'
            : none('No record failed when it was last sent.')
        }
      />
      <Drift comparison={comparison} limit={driftLimit} />
    </dl>
  )
}

function Drift({ comparison, limit }: { comparison: ComparisonView | null; limit: number }) {
  const link = <TextLink href="/reconciliation">{comparison ? 'See' : 'Compare'}</TextLink>
  if (comparison === null)
    return <Figure label="Drift" value="–" isNothing note={<>Known after the first comparison. {link}</>} />
  const { total, byType, at } = comparison
  const isTooMuch = Object.values(byType).some((counts) => (driftPercent(counts) ?? 0) > limit)
  return (
    <Figure
      label="Drift"
      value={percentWords(driftPercent(total))}
      isNothing={total.differing === 0}
      bad={isTooMuch}
      note={
        <>
          {number(total.differing)} of {counted(total.compared, 'pair')} differed <Time at={at} />. {link}
        </>
      }
    />
  )
}
