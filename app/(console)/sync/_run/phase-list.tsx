import { Check, Circle, CircleDot, Minus, Pause, X } from 'lucide-react'
import type { RunProgressView } from '#lib/store/views-runs'
import type { Phase } from '#lib/sync/run-state'
import { classNames } from '../../../_ui/class-names.ts'
import { isOpen, type PhaseStep, phaseSteps, type SideNames } from './run-words.ts'

const HELD_BACK: readonly Phase[] = ['create-projects', 'take-back']

type StepState = 'done' | 'now' | 'held' | 'stopped' | 'cancelled' | 'waiting' | 'unreached'

const LOOK: Readonly<Record<StepState, { icon: typeof Check; word: string; text: string; dot: string }>> = {
  done: { icon: Check, word: 'done', text: 'text-ink-muted', dot: 'border-ok-line bg-ok-tint text-ok' },
  now: {
    icon: CircleDot,
    word: 'in progress',
    text: 'text-ink font-medium',
    dot: 'border-accent bg-accent text-accent-ink',
  },
  held: {
    icon: Pause,
    word: 'held here',
    text: 'text-ink font-medium',
    dot: 'border-warn-line bg-warn-tint text-warn',
  },
  stopped: { icon: X, word: 'stopped here', text: 'text-bad font-medium', dot: 'border-bad-line bg-bad-tint text-bad' },
  cancelled: {
    icon: X,
    word: 'cancelled here',
    text: 'text-ink font-medium',
    dot: 'border-idle-line bg-idle-tint text-idle',
  },
  waiting: { icon: Circle, word: 'waiting', text: 'text-ink-faint', dot: 'border-line-strong/60 text-transparent' },
  unreached: { icon: Minus, word: 'not reached', text: 'text-ink-faint', dot: 'border-line-strong/60 text-ink-faint' },
}

/** The steps of a run in order: which are done, which one is going or stopped it, which it did not come to. */
export function PhaseList({ run, names }: { run: RunProgressView; names: SideNames }) {
  const steps = phaseSteps(names, run.kind)
  const now = steps.findIndex((step) => step.phases.some((phase) => phase === run.phase))
  return (
    <ol
      aria-label="Steps of this run"
      className={classNames(
        'grid grid-cols-1 gap-x-4 gap-y-2 sm:grid-cols-3 xl:gap-x-2',
        steps.length === 5 ? 'xl:grid-cols-5' : 'xl:grid-cols-10',
      )}
    >
      {steps.map((step, index) => (
        <Step key={step.label} step={step} state={stateOf(run, { index, now, step })} />
      ))}
    </ol>
  )
}

function Step({ step, state }: { step: PhaseStep; state: StepState }) {
  const { icon: Icon, word, text, dot } = LOOK[state]
  return (
    <li
      aria-current={state === 'now' ? 'step' : undefined}
      className={classNames('flex items-center gap-2 text-sm xl:flex-col xl:items-start xl:gap-1.5', text)}
    >
      <span className="flex w-auto items-center gap-2 xl:w-full">
        <span className={classNames('flex size-[18px] shrink-0 items-center justify-center rounded-full border', dot)}>
          <Icon aria-hidden size={11} strokeWidth={2.5} />
        </span>
        <span aria-hidden className="hidden h-px flex-1 bg-line xl:block" />
      </span>
      <span>
        {step.label}
        <span className="sr-only">, {word}</span>
      </span>
    </li>
  )
}

/** Queued again after it had begun: paused, or waiting for a system. */
function isHeld(run: RunProgressView): boolean {
  return run.state === 'queued' && (run.pausedBy !== null || run.waiting !== null)
}

function stateOf(run: RunProgressView, at: { index: number; now: number; step: PhaseStep }): StepState {
  const { index, now, step } = at
  if (isOpen(run.state)) return index < now ? 'done' : index === now ? (isHeld(run) ? 'held' : 'now') : 'waiting'
  // sync-rules §6.2: while a backlog remains, no projects are created and nothing is taken back.
  if (run.state === 'more_batches') return step.phases.some((phase) => HELD_BACK.includes(phase)) ? 'unreached' : 'done'
  if (run.state !== 'failed' && run.state !== 'cancelled') return 'done'
  if (index < now) return 'done'
  if (index > now) return 'unreached'
  return run.state === 'failed' ? 'stopped' : 'cancelled'
}
