import type { RunProblemExample, RunProblemGroup } from '#lib/store/views-run-items'
import type { RunView } from '#lib/store/views-runs'
import { displayText } from '#lib/sync/display-text'
import { TextLink } from '../../../_ui/link-button.tsx'
import { pageOfRecord } from '../../records/record-href.ts'
import { number } from '../_run/run-words.ts'
import { RetryButton } from '../retry-button.tsx'

/** The first lines of a problem, each with a way to its record and, where it failed, a way to send it again. */
export function ProblemExamples({ run, group, canRetry }: { run: RunView; group: RunProblemGroup; canRetry: boolean }) {
  const more = group.count - group.examples.length
  return (
    <ul className="mt-3 flex flex-col gap-2.5 border-t border-line pt-3 text-sm text-ink-muted">
      {group.examples.map((example, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: examples have no id and never change places
        <li key={index} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1.5">
          <p className="min-w-0 flex-1 basis-80 text-pretty wrap-anywhere">
            {example.message} <RecordLink example={example} />
          </p>
          {canRetry ? <RetryOne run={run} example={example} /> : null}
        </li>
      ))}
      {more > 0 ? <li>and {number(more)} more</li> : null}
    </ul>
  )
}

function RecordLink({ example }: { example: RunProblemExample }) {
  const href = pageOfRecord(example)
  if (href === null) return null
  return (
    <TextLink href={href} prefetch={false} aria-label={`Open the record ${nameOf(example)}`}>
      Open the record
    </TextLink>
  )
}

function RetryOne({ run, example }: { run: RunView; example: RunProblemExample }) {
  const { type, erpKey, crmId } = example
  const isErp = erpKey !== null && erpKey !== ''
  const key = isErp ? erpKey : crmId
  if (type === null || key === null) return null
  return (
    <RetryButton
      runId={run.id}
      record={{ type, side: isErp ? 'erp' : 'crm', key }}
      variant="quiet"
      label={`Retry ${nameOf(example)}`}
    >
      Retry
    </RetryButton>
  )
}

function nameOf({ erpName, erpKey, crmId }: RunProblemExample): string {
  return displayText(erpName ?? '', 80) || (erpKey ?? crmId ?? '')
}
