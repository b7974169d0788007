import { RefreshCw } from 'lucide-react'
import type { RunView } from '#lib/store/views-runs'
import { Card } from '../../_ui/card.tsx'
import { EmptyState } from '../../_ui/empty-state.tsx'
import { LinkButton } from '../../_ui/link-button.tsx'
import { Progress } from '../../_ui/progress.tsx'
import { Time } from '../../_ui/time.tsx'
import { LastRunCard } from '../sync/_run/last-run-card.tsx'
import { RunBadge } from '../sync/_run/run-badge.tsx'
import { nowLabel } from '../sync/_run/run-panel.tsx'
import { isOpen, runNoun } from '../sync/_run/run-words.ts'

/** The newest run: going, ended, or none yet. */
export function LatestRun({ run }: { run: RunView | null }) {
  if (run === null) {
    return (
      <Card id="last-run" title="Last sync" flush>
        <EmptyState
          icon={RefreshCw}
          title="The last sync will be summed up here"
          action={
            <LinkButton href="/sync" variant="primary">
              Go to Synchronize
            </LinkButton>
          }
        >
          Nothing has been synchronized yet.
        </EmptyState>
      </Card>
    )
  }
  return isOpen(run.state) ? <RunGoing run={run} /> : <LastRunCard run={run} />
}

function RunGoing({ run }: { run: RunView }) {
  const { done, of } = run.progress ?? { done: 0, of: null }
  const label = nowLabel(run)
  return (
    <Card
      id="last-run"
      title={
        <span className="inline-flex flex-wrap items-center gap-2.5">
          {runNoun(run.kind)} in progress <RunBadge run={run} />
        </span>
      }
      context={
        <>
          Started <Time at={run.startedAt ?? run.createdAt} /> by {run.startedBy}
        </>
      }
      actions={
        <LinkButton href={`/sync/${run.id}`} size="small" variant="primary">
          Watch
        </LinkButton>
      }
    >
      <p className="pb-2 font-medium text-pretty">{label}</p>
      <Progress label={label} done={done} of={of} />
    </Card>
  )
}
