import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { TONE_BORDER, TONE_ICON, TONE_TEXT, TONE_TINT, type Tone } from './tone.ts'

export interface BadgeProps {
  tone: Tone
  /** The tone's own icon unless told. */
  icon?: LucideIcon
  children: ReactNode
  title?: string
}

/** A state as icon, word and colour. */
export function Badge({ tone, icon, children, title }: BadgeProps) {
  const Icon = icon ?? TONE_ICON[tone]
  return (
    <span
      title={title}
      className={classNames(
        'inline-flex h-[22px] max-w-full items-center gap-1 rounded-full border px-2 text-xs font-medium whitespace-nowrap',
        TONE_TEXT[tone],
        TONE_TINT[tone],
        TONE_BORDER[tone],
      )}
    >
      <Icon aria-hidden size={12} strokeWidth={2} className="shrink-0" />
      <span className="truncate">{children}</span>
    </span>
  )
}
