import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

export interface EmptyStateProps {
  icon: LucideIcon
  /** What this will show. */
  title: string
  /** Why it is empty. */
  children?: ReactNode
  /** The one next step. */
  action?: ReactNode
}

export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      <span className="mb-1 flex size-10 items-center justify-center rounded-full border border-line bg-canvas text-ink-muted">
        <Icon aria-hidden size={18} strokeWidth={1.75} />
      </span>
      <p className="text-base font-semibold">{title}</p>
      {children ? <div className="max-w-[52ch] text-ink-muted text-pretty">{children}</div> : null}
      {action ? <div className="pt-2">{action}</div> : null}
    </div>
  )
}
