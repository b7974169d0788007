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

/** The state of a run as icon, word and colour. */
export function RunBadge({ state }: { state: RunState }) {
  const { label, tone } = STATE_WORDS[state]
  const icon = state in ICONS ? ICONS[state as keyof typeof ICONS] : undefined
  return (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  )
}
