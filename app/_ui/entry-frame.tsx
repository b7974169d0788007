import type { ReactNode } from 'react'
import { Mark } from './brand.tsx'

export interface EntryFrameProps {
  title: ReactNode
  context?: ReactNode
  children?: ReactNode
  /** Small print below the card. */
  footer?: ReactNode
}

/** The page outside the console: one card in the middle (sign-in, set-up, a page that does not exist). */
export function EntryFrame({ title, context, children, footer }: EntryFrameProps) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-5 px-4 py-10">
      <div className="flex items-center gap-2.5 text-lg font-semibold">
        <Mark size={28} />
        Crosswalk
      </div>
      <div className="w-full max-w-[408px] rounded-card border border-line bg-surface px-5 py-6 sm:px-7 sm:py-7">
        <h1 className="text-xl">{title}</h1>
        {context ? <div className="pt-1 text-ink-muted text-pretty">{context}</div> : null}
        {children ? <div className="pt-5">{children}</div> : null}
      </div>
      {footer ? <p className="max-w-[408px] text-center text-sm text-ink-muted text-pretty">{footer}</p> : null}
    </main>
  )
}
