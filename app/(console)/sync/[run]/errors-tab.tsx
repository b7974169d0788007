import { CircleCheck } from 'lucide-react'
import type { FailedTally } from '#lib/store/failed-items'
import type { RunItemTally, RunProblemGroup } from '#lib/store/views-run-items'
import type { RunView } from '#lib/store/views-runs'
import { problemView } from '#lib/sync/problem-words'
import { Badge } from '../../../_ui/badge.tsx'
import { EmptyState } from '../../../_ui/empty-state.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { TableFrame } from '../../../_ui/table.tsx'
import { address } from '../../address.ts'
import { problemLink } from '../../problem-links.ts'
import { counted, isOpen, isRetryable, number } from '../_run/run-words.ts'
import { RetryButton } from '../retry-button.tsx'
import { ProblemExamples } from './problem-examples.tsx'
import { recordsHref } from './search-params.ts'

export interface ErrorsTabProps {
  run: RunView
  groups: readonly RunProblemGroup[]
  items: readonly RunItemTally[]
  /** Records that can be sent again, by problem. */
  failed: readonly FailedTally[]
  mayRun: boolean
}

/** What went wrong, by problem, each with its cause, who can fix it, and the fix as a button where there is one. */
export function ErrorsTab({ run, groups, items, failed, mayRun }: ErrorsTabProps) {
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
  const canRetry = mayRun && isRetryable(run)
  return (
    <div className="flex flex-col gap-3">
      <RetryAll run={run} failed={failed} mayRun={mayRun} />
      <ul className="flex flex-col gap-3">
        {groups.map((group) => (
          <li key={`${group.code} ${group.severity}`}>
            <Group
              run={run}
              group={group}
              hasItems={items.some((part) => part.problemCode === group.code)}
              failed={canRetry && group.severity === 'error' ? recordsOf(failed, group.code) : 0}
            />
          </li>
        ))}
      </ul>
    </div>
  )
}

function recordsOf(failed: readonly FailedTally[], code: string | null): number {
  return failed.find((part) => part.code === code)?.records ?? 0
}

function RetryAll({ run, failed, mayRun }: Pick<ErrorsTabProps, 'run' | 'failed' | 'mayRun'>) {
  const records = failed.reduce((sum, part) => sum + part.records, 0)
  if (records === 0 || run.kind === 'undo') return null
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <p className="text-ink-muted text-pretty">
        {counted(records, 'record')} failed.{' '}
        {isOpen(run.state)
          ? 'They can be sent again when this run has ended.'
          : 'A retry sends these again and no others; all other changes wait for the next sync.'}
      </p>
      {mayRun && isRetryable(run) ? (
        <RetryButton runId={run.id} variant="primary" size="medium">
          Retry {records === 1 ? 'the failed record' : `all ${number(records)} failed records`}
        </RetryButton>
      ) : null}
    </div>
  )
}

interface GroupProps {
  run: RunView
  group: RunProblemGroup
  hasItems: boolean
  /** How many of its records can be sent again. */
  failed: number
}

function Group({ run, group, hasItems, failed }: GroupProps) {
  const problem = problemView(group.code, { erp: run.erpName, crm: run.crmName })
  const link = problemLink(problem?.action ?? null, { runId: run.id, type: oneType(group) })
  const nothing = { type: null, outcome: null, problem: null, text: null }
  return (
    <article className="rounded-card border border-line bg-surface px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-2 text-base">
            {problem?.title ?? 'Without an entry in the catalogue'}
            <Badge tone={group.severity === 'error' ? 'bad' : 'warn'}>{counted(group.count, group.severity)}</Badge>
          </h2>
          {group.code ? <p className="font-mono text-xs text-ink-muted">{group.code}</p> : null}
        </div>
        <div className="flex flex-wrap gap-2">
          {failed > 0 && group.code ? (
            <RetryButton
              runId={run.id}
              code={group.code}
              label={`Retry ${counted(failed, 'record')}: ${problem?.title}`}
            >
              Retry {counted(failed, 'record')}
            </RetryButton>
          ) : null}
          {link ? (
            <LinkButton size="small" href={link.href}>
              {link.label}
            </LinkButton>
          ) : null}
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
        <dl className="grid grid-cols-1 gap-x-6 gap-y-2 pt-3 md:grid-cols-[2fr_1fr_2fr]">
          <Explained term="Why it happens" text={problem.cause} />
          <Explained term="Who can fix it" text={problem.who} />
          <Explained term="What to do" text={problem.fix} />
        </dl>
      ) : null}
      <ProblemExamples run={run} group={group} canRetry={failed > 0} />
    </article>
  )
}

/** The type that all of a group's examples are of, so that a link can lead to its tab. */
function oneType({ examples }: RunProblemGroup) {
  const [first] = examples
  return first && examples.every(({ type }) => type === first.type) ? first.type : null
}

function Explained({ term, text }: { term: string; text: string }) {
  return (
    <div>
      <dt className="text-xs text-ink-muted">{term}</dt>
      <dd className="text-pretty">{text}</dd>
    </div>
  )
}
