import type { RunView } from '#lib/store/views-runs'
import { type Fact, Facts } from '../../../_ui/card.tsx'
import { TextLink } from '../../../_ui/link-button.tsx'
import { Time } from '../../../_ui/time.tsx'
import { durationWords, optionLabels, runSeconds, type SideNames } from '../_run/run-words.ts'

/** Who, when, how long, with which options, and what it continues. */
export function RunFacts({ run, names }: { run: RunView; names: SideNames }) {
  const seconds = runSeconds(run)
  const facts: Fact[] = [
    { label: 'Started', value: <Time at={run.startedAt ?? run.createdAt} /> },
    { label: 'By', value: <span title={run.startedBy}>{run.startedBy}</span> },
    { label: 'Duration', value: seconds === null ? 'Still going' : durationWords(seconds) },
    { label: 'Options', value: optionLabels(run.options, names).join('; ') || 'None' },
    { label: 'Connection', value: run.connectionName },
  ]
  if (run.cancelRequestedBy) facts.push({ label: 'Cancelled by', value: run.cancelRequestedBy })
  if (run.continuesRunId) {
    facts.push({
      label: 'Continues the backlog of',
      value: <TextLink href={`/sync/${run.continuesRunId}`}>the run before</TextLink>,
    })
  }
  return (
    <div className="rounded-card border border-line bg-surface px-4 py-3.5 sm:px-5">
      <Facts facts={facts} />
    </div>
  )
}
