import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { TONE_ICON, TONE_TEXT, type Tone } from './tone.ts'

export interface StatusProps {
  tone: Tone
  icon?: LucideIcon
  children: ReactNode
}

/** A state inside a line or a cell: icon and word, no frame. */
export function Status({ tone, icon, children }: StatusProps) {
  const Icon = icon ?? TONE_ICON[tone]
  return (
    <span className={classNames('inline-flex items-baseline gap-1.5 font-medium', TONE_TEXT[tone])}>
      <Icon aria-hidden size={14} strokeWidth={2} className="shrink-0 self-center" />
      <span>{children}</span>
    </span>
  )
}
