import { CircleCheck, CircleDot, CirclePause, CircleX, Layers, LoaderCircle } from 'lucide-react'
import type { RunState } from '#lib/store/runs'
import { Badge } from '../../../_ui/badge.tsx'
import { STATE_WORDS } from './run-words.ts'

const ICONS = {
  queued: CircleDot,
  running: LoaderCircle,
  more_batches: Layers,
  failed: CircleX,
  cancelled: CirclePause,
  previewed: CircleCheck,
} as const

/** The state of a run as icon, word and colour; one that is held is not called queued. */
export function RunBadge({ run }: { run: { state: RunState; pausedBy?: string | null; waiting?: object | null } }) {
  const { state } = run
  const { label, tone } = wordsOf(run)
  const icon = state in ICONS ? ICONS[state as keyof typeof ICONS] : undefined
  return (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  )
}

function wordsOf({ state, pausedBy, waiting }: Parameters<typeof RunBadge>[0]['run']) {
  if (state !== 'queued') return STATE_WORDS[state]
  if (pausedBy != null) return { label: 'Paused', tone: 'warn' } as const
  return waiting != null ? ({ label: 'Waiting', tone: 'warn' } as const) : STATE_WORDS.queued
}
