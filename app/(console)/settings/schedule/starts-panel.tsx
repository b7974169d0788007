import { Badge } from '../../../_ui/badge.tsx'
import { Card } from '../../../_ui/card.tsx'
import { Time } from '../../../_ui/time.tsx'
import type { Moment, StartsView } from './state.ts'

/** The next starts: of the saved schedule, or of what was just entered. */
export function StartsPanel({ starts, isDraft }: { starts: StartsView | null; isDraft: boolean }) {
  return (
    <Card
      id="starts"
      title={
        <span className="inline-flex flex-wrap items-center gap-2.5">
          Next starts {starts ? <State starts={starts} isDraft={isDraft} /> : null}
        </span>
      }
      context={starts ? `${starts.cadence}, in the time of ${starts.timeZone.replaceAll('_', ' ')}` : undefined}
    >
      {starts === null ? (
        <p className="text-ink-muted text-pretty">
          No sync starts by itself yet. Choose how often and press <b className="font-medium">Show next starts</b> to
          see them here before you save.
        </p>
      ) : (
        <div className="flex flex-col gap-4">
          <ol aria-label="Next automatic syncs" className="-my-1.5 flex flex-col divide-y divide-line">
            {starts.syncs.map((start) => (
              <li key={start.at}>
                <Start start={start} />
              </li>
            ))}
          </ol>
          <div className="flex flex-col gap-0.5 border-t border-line pt-3">
            <h3 className="text-sm text-ink-muted font-normal">Next comparison</h3>
            {starts.comparison ? <Start start={starts.comparison} /> : <p className="text-ink-muted">None planned</p>}
          </div>
        </div>
      )}
    </Card>
  )
}

function State({ starts, isDraft }: { starts: StartsView; isDraft: boolean }) {
  if (isDraft) return <Badge tone="info">Not saved</Badge>
  return starts.enabled ? <Badge tone="ok">On</Badge> : <Badge tone="idle">Off</Badge>
}

function Start({ start }: { start: Moment }) {
  return (
    <p className="flex flex-wrap items-baseline justify-between gap-x-4 py-1.5">
      <span className="tabular font-medium">{start.text}</span>
      <span className="text-sm text-ink-muted">
        <Time at={start.at} />
      </span>
    </p>
  )
}
