import type { Tone } from '#app/_ui/tone.ts'
import type { LogSeverity } from '#lib/store/log-filter'

export const SEVERITY_WORDS: Readonly<Record<LogSeverity, { label: string; plural: string; tone: Tone }>> = {
  error: { label: 'Error', plural: 'Errors', tone: 'bad' },
  warning: { label: 'Warning', plural: 'Warnings', tone: 'warn' },
  info: { label: 'Info', plural: 'Info', tone: 'idle' },
}
