import type { ReactNode } from 'react'
import type { RunBatchTally } from '#lib/store/views-run-items'
import type { RunProgressView } from '#lib/store/views-runs'
import { Progress } from '../../../_ui/progress.tsx'
import { Time } from '../../../_ui/time.tsx'
import { BatchStrip } from './batch-strip.tsx'
import { CountsTable, IdentityLine } from './counts-table.tsx'
import { OutcomeBar } from './outcome-bar.tsx'
import { PhaseList } from './phase-list.tsx'
import { durationWords, isOpen, isReadOnly, number, type SideNames, totalCounts } from './run-words.ts'

export interface RunPanelProps {
  run: RunProgressView
  names: SideNames
  allBatches: boolean
  tallies?: readonly RunBatchTally[]
  /** Seconds since it began; `null` while it is queued. */
  elapsedSeconds: number | null
  /** Seconds the present step will still take, where that can be known. */
  remainingSeconds?: number | null
  /** At the right of the first line: Cancel. */
  actions?: ReactNode
}

/** How far a run is, or how it went: steps, what is being done, outcomes, batches and counts per type. */
export function RunPanel({
  run,
  names,
  allBatches,
  tallies,
  elapsedSeconds,
  remainingSeconds,
  actions,
}: RunPanelProps) {
  const totals = totalCounts(run.counts)
  return (
    <div className="flex flex-col gap-5">
      {isOpen(run.state) ? (
        <NowBlock
          run={run}
          elapsedSeconds={elapsedSeconds}
          remainingSeconds={remainingSeconds ?? null}
          actions={actions}
        />
      ) : null}
      <PhaseList run={run} names={names} />
      {totals.considered > 0 ? (
        <>
          <OutcomeBar counts={totals} open={isOpen(run.state)} foreseen={isReadOnly(run.kind)} />
          {isReadOnly(run.kind) ? null : <BatchStrip run={run} allBatches={allBatches} tallies={tallies} />}
          <div className="flex flex-col gap-2.5">
            <IdentityLine counts={totals} />
            <CountsTable counts={run.counts} />
          </div>
        </>
      ) : (
        <p className="text-sm text-ink-muted">
          {isOpen(run.state) ? untilCounted(run) : 'It ended before any record was considered.'}
        </p>
      )}
    </div>
  )
}

function untilCounted(run: RunProgressView): string {
  const until = run.kind === 'undo' ? 'it is known what the run wrote' : 'both systems have been read and matched'
  return `Records are counted here by outcome as soon as ${until}.`
}

function NowBlock({
  run,
  elapsedSeconds,
  remainingSeconds,
  actions,
}: {
  run: RunProgressView
  elapsedSeconds: number | null
  remainingSeconds: number | null
  actions: ReactNode
}) {
  const { done, of } = run.progress ?? { done: 0, of: null }
  const facts = [
    of === null ? (done > 0 ? number(done) : null) : `${number(Math.min(done, of))} of ${number(of)}`,
    remainingSeconds === null ? null : `about ${durationWords(remainingSeconds)} left in this step`,
    elapsedSeconds === null ? null : `${durationWords(elapsedSeconds)} so far`,
  ].filter((fact) => fact !== null)
  const label = nowLabel(run)
  return (
    <div className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="text-lg font-semibold text-pretty">{label}</p>
          <p className="tabular text-sm text-ink-muted">
            {waitWords(run) ??
              (facts.join(' · ') || (run.startedAt === null ? 'It starts as soon as one is free' : 'Just started'))}
          </p>
        </div>
        {actions}
      </div>
      <Progress label={label} done={done} of={of} />
    </div>
  )
}

/** What ends a wait, in place of the step's progress. */
function waitWords(run: RunProgressView): ReactNode {
  if (run.state !== 'queued' || run.cancelRequested) return null
  if (run.pausedBy !== null) return 'It goes on where it is when it is resumed; nothing is sent meanwhile'
  if (run.waiting === null) return null
  return (
    <>
      It goes on by itself and sends nothing twice. Waiting since <Time at={run.waiting.since} />, next try{' '}
      <Time at={run.waiting.nextTryAt} />
    </>
  )
}

/** What is being done at this moment, as a person's words. */
export function nowLabel(run: RunProgressView): string {
  if (run.cancelRequested) return 'Stopping at the next record'
  if (run.pausedBy !== null) return run.state === 'queued' ? `Paused by ${run.pausedBy}` : 'Pausing at the next record'
  if (run.waiting !== null) return run.waiting.reason
  if (run.state === 'queued') return 'Waiting for a worker to take it'
  return run.progress?.label ?? 'Starting'
}
