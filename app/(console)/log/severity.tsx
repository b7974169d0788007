import { CircleAlert, Info, type LucideIcon, TriangleAlert } from 'lucide-react'
import { Badge } from '#app/_ui/badge.tsx'
import { Status } from '#app/_ui/status.tsx'
import type { Tone } from '#app/_ui/tone.ts'
import type { LogSeverity } from '#lib/store/log-filter'

/** Most lines are information: they stay quiet, so that the others are seen. */
const SEVERITY_WORDS: Readonly<Record<LogSeverity, { label: string; tone: Tone; icon: LucideIcon }>> = {
  error: { label: 'Error', tone: 'bad', icon: CircleAlert },
  warning: { label: 'Warning', tone: 'warn', icon: TriangleAlert },
  info: { label: 'Info', tone: 'idle', icon: Info },
}

export function Severity({ severity, framed = false }: { severity: LogSeverity; framed?: boolean }) {
  const { label, tone, icon } = SEVERITY_WORDS[severity]
  const Shape = framed ? Badge : Status
  return (
    <Shape tone={tone} icon={icon}>
      {label}
    </Shape>
  )
}
