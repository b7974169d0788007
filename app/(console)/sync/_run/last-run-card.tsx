import type { RunView } from '#lib/store/views-runs'
import { Card } from '../../../_ui/card.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { Time } from '../../../_ui/time.tsx'
import { IdentityLine } from './counts-table.tsx'
import { OutcomeBar } from './outcome-bar.tsx'
import { RunBadge } from './run-badge.tsx'
import { durationWords, isReadOnly, runSeconds, runTitle, totalCounts } from './run-words.ts'

/** How the last sync went, at a glance. `untold`: its message does not stand elsewhere on the page. */
export function LastRunCard({ run, untold = true }: { run: RunView; untold?: boolean }) {
  const seconds = runSeconds(run)
  const totals = totalCounts(run.counts)
  return (
    <Card
      id="last-run"
      title={
        <span className="inline-flex flex-wrap items-center gap-2.5">
          {run.kind === 'sync' ? 'Last sync' : runTitle(run)} <RunBadge run={run} />
        </span>
      }
      context={
        <>
          <Time at={run.finishedAt ?? run.createdAt} /> by {run.startedBy}
          {seconds === null ? '' : `, took ${durationWords(seconds)}`}
        </>
      }
      actions={
        run.state === 'previewed' ? (
          <LinkButton href={`/sync/preview/${run.id}`} size="small" variant="primary">
            Open the plan
          </LinkButton>
        ) : (
          <LinkButton href={`/sync/${run.id}`} size="small">
            Open run
          </LinkButton>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {run.message && untold ? <p className="max-w-[80ch] text-pretty">{run.message}</p> : null}
        {totals.considered > 0 ? (
          <>
            <OutcomeBar counts={totals} open={false} foreseen={isReadOnly(run.kind)} />
            <IdentityLine counts={totals} />
          </>
        ) : null}
      </div>
    </Card>
  )
}
