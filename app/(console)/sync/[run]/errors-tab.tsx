import { CircleCheck } from 'lucide-react'
import type { RunItemTally, RunProblemGroup } from '#lib/store/views-run-items'
import type { RunView } from '#lib/store/views-runs'
import { PROBLEMS } from '#lib/sync/problems'
import { Badge } from '../../../_ui/badge.tsx'
import { EmptyState } from '../../../_ui/empty-state.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { TableFrame } from '../../../_ui/table.tsx'
import { address } from '../../address.ts'
import { isOpen, number } from '../_run/run-words.ts'
import { recordsHref } from './search-params.ts'

interface ErrorsTabProps {
  run: RunView
  groups: readonly RunProblemGroup[]
  items: readonly RunItemTally[]
}

/** What went wrong, by problem, each with its cause and its fix from the catalogue. */
export function ErrorsTab({ run, groups, items }: ErrorsTabProps) {
  if (groups.length === 0) {
    return (
      <TableFrame>
        <EmptyState
          icon={CircleCheck}
          title={isOpen(run.state) ? 'No error or warning so far' : 'No error and no warning'}
        >
          Problems of this run will be grouped here by their cause, each with what to do about it.
        </EmptyState>
      </TableFrame>
    )
  }
  return (
    <ul className="flex flex-col gap-3">
      {groups.map((group) => (
        <li key={`${group.code} ${group.severity}`}>
          <Group run={run} group={group} hasItems={items.some((part) => part.problemCode === group.code)} />
        </li>
      ))}
    </ul>
  )
}

const CATALOGUE = new Map(Object.values(PROBLEMS).map((problem) => [problem.code, problem]))

function Group({ run, group, hasItems }: { run: RunView; group: RunProblemGroup; hasItems: boolean }) {
  const problem = group.code === null ? undefined : CATALOGUE.get(group.code)
  const nothing = { type: null, outcome: null, problem: null, text: null }
  return (
    <article className="rounded-card border border-line bg-surface px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-2 text-base">
            {problem?.title ?? 'Without an entry in the catalogue'}
            <Badge tone={group.severity === 'error' ? 'bad' : 'warn'}>
              {number(group.count)} {group.severity === 'error' ? 'error' : 'warning'}
              {group.count === 1 ? '' : 's'}
            </Badge>
          </h2>
          {group.code ? <p className="font-mono text-xs text-ink-muted">{group.code}</p> : null}
        </div>
        <div className="flex flex-wrap gap-2">
          {hasItems && group.code ? (
            <LinkButton
              size="small"
              href={recordsHref(run.id, { filter: { ...nothing, problem: group.code }, size: 50 })}
            >
              Records
            </LinkButton>
          ) : null}
          <LinkButton size="small" href={address('/log', { run: run.id, code: group.code, severity: group.severity })}>
            Log lines
          </LinkButton>
        </div>
      </div>
      {problem ? (
        <dl className="grid grid-cols-1 gap-x-6 gap-y-2 pt-3 md:grid-cols-2">
          <Explained term="Why it happens" text={problem.cause} />
          <Explained term="What to do" text={problem.fix} />
        </dl>
      ) : null}
      <Examples group={group} />
    </article>
  )
}

function Explained({ term, text }: { term: string; text: string }) {
  return (
    <div>
      <dt className="text-xs text-ink-muted">{term}</dt>
      <dd className="text-pretty">{text}</dd>
    </div>
  )
}

function Examples({ group }: { group: RunProblemGroup }) {
  const more = group.count - group.examples.length
  return (
    <ul className="flex flex-col gap-1 border-t border-line pt-3 mt-3 text-sm text-ink-muted">
      {group.examples.map((example, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: examples have no id and never change places
        <li key={index} className="text-pretty wrap-anywhere">
          {example.message}
        </li>
      ))}
      {more > 0 ? <li>and {number(more)} more</li> : null}
    </ul>
  )
}
