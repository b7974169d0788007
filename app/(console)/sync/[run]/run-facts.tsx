import type { RunView } from '#lib/store/views-runs'
import { type Fact, Facts } from '../../../_ui/card.tsx'
import { TextLink } from '../../../_ui/link-button.tsx'
import { Time } from '../../../_ui/time.tsx'
import { durationWords, runOptionLabels, runSeconds, type SideNames } from '../_run/run-words.ts'
import { tabHref } from './search-params.ts'

/** Who, when, how long, with which options, and what it continues. */
export function RunFacts({ run, names }: { run: RunView; names: SideNames }) {
  const seconds = runSeconds(run)
  const facts: Fact[] = [
    { label: 'Started', value: <Time at={run.startedAt ?? run.createdAt} /> },
    { label: 'By', value: <span title={run.startedBy}>{run.startedBy}</span> },
    { label: 'Duration', value: seconds === null ? 'Still going' : durationWords(seconds) },
    ...(run.kind === 'undo' ? undoFacts(run) : [optionsFact(run, names)]),
    { label: 'Connection', value: run.connectionName },
  ]
  if (run.cancelRequestedBy) facts.push({ label: 'Cancelled by', value: run.cancelRequestedBy })
  if (run.kind === 'apply' && run.planId) {
    facts.push({ label: 'Applies', value: <TextLink href={`/sync/preview/${run.planId}`}>the approved plan</TextLink> })
  }
  if (run.kind === 'retry' && run.sourceRunId) {
    facts.push({
      label: 'Only what failed in',
      value: <TextLink href={tabHref(run.sourceRunId, 'errors')}>the earlier run</TextLink>,
    })
  }
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

function optionsFact(run: RunView, names: SideNames): Fact {
  return { label: 'Options', value: runOptionLabels(run, names).join('; ') || 'None' }
}

function undoFacts(run: RunView): Fact[] {
  return [
    { label: 'Undoes', value: <TextLink href={`/sync/${run.sourceRunId}`}>the run it puts back</TextLink> },
    { label: 'Reason', value: run.undoReason ?? 'None given' },
    { label: 'Fields put back', value: run.undoPins ? 'Pinned' : 'Not pinned' },
  ]
}
