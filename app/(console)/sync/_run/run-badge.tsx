import { CircleCheck, CircleDot, CirclePause, CircleStop, CircleX, Hourglass, Layers, LoaderCircle } from 'lucide-react'
import type { RunState } from '#lib/store/runs'
import { Badge } from '../../../_ui/badge.tsx'
import { STATE_WORDS } from './run-words.ts'

const ICONS = {
  queued: CircleDot,
  running: LoaderCircle,
  more_batches: Layers,
  failed: CircleX,
  cancelled: CircleStop,
  previewed: CircleCheck,
} as const

/** The state of a run as icon, word and colour; one that is held is not called queued. */
export function RunBadge({ run }: { run: { state: RunState; pausedBy?: string | null; waiting?: object | null } }) {
  const { label, tone, icon } = lookOf(run)
  return (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  )
}

function lookOf({ state, pausedBy, waiting }: Parameters<typeof RunBadge>[0]['run']) {
  if (state === 'queued' && pausedBy != null) return { label: 'Paused', tone: 'warn', icon: CirclePause } as const
  if (state === 'queued' && waiting != null) return { label: 'Waiting', tone: 'warn', icon: Hourglass } as const
  return { ...STATE_WORDS[state], icon: state in ICONS ? ICONS[state as keyof typeof ICONS] : undefined }
}
