'use client'

import { useRouter } from 'next/navigation'
import type { RunProgressView } from '#lib/store/views-runs'
import { Card } from '../../../_ui/card.tsx'
import { Note } from '../../../_ui/error-note.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { LiveRegion } from '../../../_ui/live-region.tsx'
import { CancelRun } from './cancel-run.tsx'
import { PauseRun } from './pause-run.tsx'
import { RunBadge } from './run-badge.tsx'
import { nowLabel, RunPanel } from './run-panel.tsx'
import { isOpen, number, runNoun, type SideNames, STATE_WORDS } from './run-words.ts'
import { type LiveState, useLiveRun } from './use-live-run.ts'

export interface LiveRunProps {
  initial: RunProgressView
  names: SideNames
  allBatches: boolean
  /** Shows the link to the run's own page. */
  linked?: boolean
  mayCancel: boolean
}

/** A run that goes, followed live. When it ends, or another batch or step is reached, the page's own data is read anew. */
export function LiveRun({ initial, names, allBatches, linked = false, mayCancel }: LiveRunProps) {
  const router = useRouter()
  const { run, live, elapsedSeconds, remainingSeconds } = useLiveRun(initial, (before, now) => {
    const moved = before.phase !== now.phase || before.batches.done !== now.batches.done || before.state !== now.state
    if (moved) router.refresh()
  })
  const open = isOpen(run.state)
  return (
    <Card
      id="current-run"
      title={
        <span className="inline-flex flex-wrap items-center gap-2.5">
          {runNoun(run.kind)} {open ? 'in progress' : 'ended'} <RunBadge run={run} />
        </span>
      }
      actions={
        linked ? (
          <LinkButton href={`/sync/${run.id}`} size="small">
            Open run
          </LinkButton>
        ) : undefined
      }
    >
      <LiveRegion message={spoken(run)} />
      <div className="flex flex-col gap-4">
        <ConnectionNote live={live} open={open} />
        <noscript>
          <p className="text-sm text-ink-muted">
            This page follows the sync by itself only with JavaScript.{' '}
            <a href={`/sync/${run.id}`} className="font-medium text-accent underline">
              Reload it to see how far it is
            </a>
          </p>
        </noscript>
        <RunPanel
          run={run}
          names={names}
          allBatches={allBatches}
          elapsedSeconds={elapsedSeconds}
          remainingSeconds={remainingSeconds}
          actions={
            open && mayCancel ? (
              <div className="flex flex-wrap gap-2">
                <PauseRun run={run} />
                <CancelRun runId={run.id} kind={run.kind} requested={run.cancelRequested} />
              </div>
            ) : null
          }
        />
      </div>
    </Card>
  )
}

function ConnectionNote({ live, open }: { live: LiveState; open: boolean }) {
  if (!open || live === 'live' || live === 'finished') return null
  if (live === 'lost') {
    return (
      <Note tone="warn" title="No live updates just now">
        The connection to the server was lost. The sync itself goes on; this page keeps trying.
      </Note>
    )
  }
  return (
    <Note tone="warn" title="No live updates just now">
      You may have been signed out. The sync itself goes on; reload the page to see how far it is.
    </Note>
  )
}

function spoken(run: RunProgressView): string {
  if (!isOpen(run.state))
    return `The ${runNoun(run.kind).toLowerCase()} has ended: ${STATE_WORDS[run.state].label}. ${run.message ?? ''}`
  const { done, of } = run.progress ?? { done: 0, of: null }
  return of === null ? nowLabel(run) : `${nowLabel(run)}, ${number(done)} of ${number(of)}`
}
