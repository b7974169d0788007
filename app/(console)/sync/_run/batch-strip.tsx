import type { RunBatchTally } from '#lib/store/views-run-items'
import type { RunProgressView } from '#lib/store/views-runs'
import { classNames } from '../../../_ui/class-names.ts'
import { counted, isOpen, number } from './run-words.ts'

type SquareState = 'done' | 'errors' | 'now' | 'waiting' | 'later'

const LOOK: Readonly<Record<SquareState, { word: string; className: string }>> = {
  done: { word: 'done', className: 'border-ok-line bg-ok-line' },
  errors: {
    word: 'done, with errors',
    className: 'border-bad-line bg-[linear-gradient(135deg,var(--color-ok-line)_50%,var(--color-bad-line)_50%)]',
  },
  now: { word: 'being sent', className: 'border-accent bg-accent/30' },
  waiting: { word: 'waiting', className: 'border-line-strong/70' },
  later: { word: 'left for a later run', className: 'border-dashed border-line-strong' },
}

/** Squares beyond this many are told in words: a strip that needs scrolling shows nothing at a glance. */
const MOST_SQUARES = 96

interface BatchStripProps {
  run: RunProgressView
  allBatches: boolean
  /** What became of each batch; without it, failures are not told apart. */
  tallies?: readonly RunBatchTally[]
}

/** One square per batch of projects: sent, being sent, waiting, or left for a later run (sync-rules §6). */
export function BatchStrip({ run, allBatches, tallies = [] }: BatchStripProps) {
  const { done, planned, remainingRuns } = run.batches
  const total = Math.max(planned, done + (isOpen(run.state) ? 0 : remainingRuns))
  if (total === 0) return null
  const squares = Array.from({ length: Math.min(total, MOST_SQUARES) }, (_, index) => ({
    batch: index + 1,
    state: stateOf(
      run,
      allBatches,
      index,
      tallies.find((tally) => tally.batch === index + 1),
    ),
  }))
  const shown = (Object.keys(LOOK) as SquareState[]).filter((state) => squares.some((square) => square.state === state))
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <span className="font-medium">Batches of {counted(run.batches.size, 'project')}</span>
        <span className="tabular text-ink-muted">{sentence(run, total)}</span>
      </p>
      <ol aria-label="Batches" className="flex flex-wrap gap-1">
        {squares.map(({ batch, state }) => (
          <li
            key={batch}
            title={titleOf(batch, state, tallies)}
            className={classNames('size-4 rounded-[3px] border', LOOK[state].className)}
          >
            <span className="sr-only">{titleOf(batch, state, tallies)}</span>
          </li>
        ))}
        {total > MOST_SQUARES ? (
          <li className="tabular text-xs leading-4 text-ink-muted">and {number(total - MOST_SQUARES)} more</li>
        ) : null}
      </ol>
      <ul aria-hidden className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-muted">
        {shown.map((state) => (
          <li key={state} className="inline-flex items-center gap-1.5">
            <span className={classNames('size-2.5 rounded-[2px] border', LOOK[state].className)} />
            {LOOK[state].word}
          </li>
        ))}
      </ul>
    </div>
  )
}

function stateOf(
  run: RunProgressView,
  allBatches: boolean,
  index: number,
  tally: RunBatchTally | undefined,
): SquareState {
  if (index < run.batches.done) return tally && tally.failed > 0 ? 'errors' : 'done'
  if (!isOpen(run.state)) return 'later'
  const isNext = index === run.batches.done
  if (isNext && run.phase === 'send-projects' && run.state === 'running') return 'now'
  return allBatches || (isNext && run.batches.done === 0) ? 'waiting' : 'later'
}

function titleOf(batch: number, state: SquareState, tallies: readonly RunBatchTally[]): string {
  const tally = tallies.find((each) => each.batch === batch)
  const projects = tally ? `, ${counted(tally.projects, 'project')}` : ''
  const failed = tally && tally.failed > 0 ? `, ${number(tally.failed)} failed` : ''
  return `Batch ${batch}: ${LOOK[state].word}${projects}${failed}`
}

function sentence(run: RunProgressView, total: number): string {
  const { done, remainingProjects } = run.batches
  const sent = `${number(done)} of ${number(total)} sent`
  if (remainingProjects === 0 || isOpen(run.state)) return sent
  return `${sent}, ${counted(remainingProjects, 'project')} left for later`
}
