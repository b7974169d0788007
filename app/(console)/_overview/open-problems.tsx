import { CircleCheck } from 'lucide-react'
import type { OpenProblemView } from '#lib/store/views-overview'
import { problemView } from '#lib/sync/problem-words'
import { Card } from '../../_ui/card.tsx'
import { EmptyState } from '../../_ui/empty-state.tsx'
import { TextLink } from '../../_ui/link-button.tsx'
import { address } from '../address.ts'
import { problemLink } from '../problem-links.ts'
import { TYPE_PLURAL } from '../record-types.ts'
import { number, type SideNames } from '../sync/_run/run-words.ts'

/** Records whose last attempt failed, by cause, each with what to do. */
export function OpenProblems({ problems, names }: { problems: readonly OpenProblemView[]; names: SideNames }) {
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
            <li key={problem.code}>
              <OpenProblem problem={problem} names={names} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function OpenProblem({ problem, names }: { problem: OpenProblemView; names: SideNames }) {
  const { code, count, types } = problem
  const known = problemView(code, names)
  const [only, ...others] = types
  const link = problemLink(known?.action ?? null, { type: others.length === 0 ? only : null })
  return (
    <div className="flex items-start justify-between gap-4 py-2.5">
      <div className="min-w-0">
        <TextLink href={address('/log', { code })}>{known?.title ?? code}</TextLink>
        <span className="ps-2 text-xs text-ink-muted">{types.map((type) => TYPE_PLURAL[type]).join(', ')}</span>
        {known ? <p className="text-sm text-ink-muted">Who can fix it: {known.who}</p> : null}
        {known ? (
          <p className="text-sm text-ink-muted text-pretty">
            {known.fix} {link ? <TextLink href={link.href}>{link.label}</TextLink> : null}
          </p>
        ) : null}
      </div>
      <span className="tabular shrink-0 text-lg font-semibold text-bad">{number(count)}</span>
    </div>
  )
}
