import { CircleAlert, CircleCheck, CircleDashed, Info, type LucideIcon, TriangleAlert } from 'lucide-react'

/** What a state means, independent of where it is shown. Never told by colour alone: every tone has an icon. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle'

export const TONE_ICON: Readonly<Record<Tone, LucideIcon>> = {
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
  info: Info,
  idle: CircleDashed,
}

export const TONE_TEXT: Readonly<Record<Tone, string>> = {
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  info: 'text-info',
  idle: 'text-idle',
}

export const TONE_TINT: Readonly<Record<Tone, string>> = {
  ok: 'bg-ok-tint',
  warn: 'bg-warn-tint',
  bad: 'bg-bad-tint',
  info: 'bg-info-tint',
  idle: 'bg-idle-tint',
}

/** The strong colour of a tone, for bars and dots. */
export const TONE_FILL: Readonly<Record<Tone, string>> = {
  ok: 'bg-ok-line',
  warn: 'bg-warn-line',
  bad: 'bg-bad-line',
  info: 'bg-info-line',
  idle: 'bg-idle-line',
}

export const TONE_BORDER: Readonly<Record<Tone, string>> = {
  ok: 'border-ok-line/45',
  warn: 'border-warn-line/45',
  bad: 'border-bad-line/45',
  info: 'border-info-line/45',
  idle: 'border-idle-line/45',
}
