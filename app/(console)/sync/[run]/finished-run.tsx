import type { RunBatchTally } from '#lib/store/views-run-items'
import type { RunView } from '#lib/store/views-runs'
import { Card } from '../../../_ui/card.tsx'
import { ErrorNote, Note } from '../../../_ui/error-note.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { RunPanel } from '../_run/run-panel.tsx'
import { runSeconds, type SideNames } from '../_run/run-words.ts'
import { tabHref } from './search-params.ts'

/** How a run that has ended went. */
export function FinishedRun({
  run,
  names,
  tallies,
}: {
  run: RunView
  names: SideNames
  tallies: readonly RunBatchTally[]
}) {
  return (
    <Card id="result" title="How it went">
      <div className="flex flex-col gap-5">
        {run.state === 'failed' ? (
          <ErrorNote
            title={run.message ?? 'The sync stopped.'}
            action={
              <LinkButton href={tabHref(run.id, 'errors')} size="small">
                See the errors
              </LinkButton>
            }
          >
            {run.progress ? `It was at: ${run.progress.label}.` : null} What had been done until then stays in place and
            is not done twice.
          </ErrorNote>
        ) : null}
        {run.state === 'previewed' ? (
          <Note
            title="The plan is ready: every intended change, field by field."
            action={
              <LinkButton href={`/sync/preview/${run.id}`} variant="primary" size="small">
                Open the plan
              </LinkButton>
            }
          />
        ) : null}
        <RunPanel
          run={run}
          names={names}
          allBatches={run.options.allBatches}
          tallies={tallies}
          elapsedSeconds={runSeconds(run)}
        />
      </div>
    </Card>
  )
}
