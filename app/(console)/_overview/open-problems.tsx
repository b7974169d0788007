import { CircleCheck } from 'lucide-react'
import type { OpenProblemView } from '#lib/store/views-overview'
import { Card } from '../../_ui/card.tsx'
import { EmptyState } from '../../_ui/empty-state.tsx'
import { TextLink } from '../../_ui/link-button.tsx'
import { address } from '../address.ts'
import { TYPE_PLURAL } from '../record-types.ts'
import { number } from '../sync/_run/run-words.ts'

/** Records whose last attempt failed, by cause, each with what to do. */
export function OpenProblems({ problems }: { problems: readonly OpenProblemView[] }) {
  return (
    <Card
      id="problems"
      title="Open errors by cause"
      context="Records whose last attempt failed and that will be tried again"
      flush={problems.length === 0}
    >
      {problems.length === 0 ? (
        <EmptyState icon={CircleCheck} title="No record is waiting because of an error">
          Records that fail will be counted here by their cause, with what to do about it.
        </EmptyState>
      ) : (
        <ul className="-my-1 flex flex-col divide-y divide-line">
          {problems.map((problem) => (
            <li key={problem.code} className="flex items-start justify-between gap-4 py-2.5">
              <span className="min-w-0">
                <TextLink href={address('/log', { code: problem.code })}>{problem.title ?? problem.code}</TextLink>
                <span className="ps-2 text-xs text-ink-muted">
                  {problem.types.map((type) => TYPE_PLURAL[type]).join(', ')}
                </span>
                {problem.fix ? <span className="block text-sm text-ink-muted text-pretty">{problem.fix}</span> : null}
              </span>
              <span className="tabular shrink-0 text-lg font-semibold text-bad">{number(problem.count)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
