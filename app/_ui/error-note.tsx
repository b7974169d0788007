import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { TONE_BORDER, TONE_ICON, TONE_TEXT, TONE_TINT, type Tone } from './tone.ts'

export interface NoteProps {
  tone?: Tone
  /** What happened, in a sentence. */
  title: ReactNode
  /** Why, and what to do. */
  children?: ReactNode
  /** Catalogue code, small. */
  code?: string | null
  action?: ReactNode
  /** Spoken at once when it appears after an action. */
  role?: 'alert' | 'status'
}

/** A framed message in the page: what happened, why, what to do. */
export function Note({ tone = 'info', title, children, code, action, role }: NoteProps) {
  const Icon = TONE_ICON[tone]
  return (
    <div
      role={role}
      className={classNames(
        'flex flex-wrap items-start gap-2.5 rounded-card border px-3.5 py-3',
        TONE_TINT[tone],
        TONE_BORDER[tone],
      )}
    >
      <Icon aria-hidden size={16} strokeWidth={2} className={classNames('mt-0.5 shrink-0', TONE_TEXT[tone])} />
      <div className="flex min-w-0 flex-1 basis-56 flex-col gap-0.5">
        <p className="font-medium text-pretty wrap-anywhere">{title}</p>
        {children ? <div className="text-sm text-ink-muted text-pretty">{children}</div> : null}
        {code ? <p className="pt-0.5 font-mono text-xs text-ink-muted">{code}</p> : null}
      </div>
      {action ? <div className="shrink-0 max-sm:ps-[26px]">{action}</div> : null}
    </div>
  )
}

/** The answer to an action that did not work. */
export function ErrorNote(props: Omit<NoteProps, 'tone' | 'role'>) {
  return <Note {...props} tone="bad" role="alert" />
}
