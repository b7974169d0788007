import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export interface CardProps {
  title?: ReactNode
  /** One line under the title. */
  context?: ReactNode
  actions?: ReactNode
  /** Content that brings its own padding (a table, rows). */
  flush?: boolean
  /** Ties the card's heading to its region; also an anchor. */
  id?: string
  children: ReactNode
  footer?: ReactNode
}

/** A bordered part of a page with a heading of level two. */
export function Card({ title, context, actions, flush, id, children, footer }: CardProps) {
  const headingId = title && id ? `${id}-title` : undefined
  return (
    <section id={id} aria-labelledby={headingId} className="min-w-0 rounded-card border border-line bg-surface">
      {title ? (
        <div
          className={classNames(
            'flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-3.5 sm:px-5',
            flush && 'border-b border-line pb-3.5',
          )}
        >
          <div className="min-w-0">
            <h2 id={headingId} className="text-base">
              {title}
            </h2>
            {context ? <p className="text-sm text-ink-muted text-pretty">{context}</p> : null}
          </div>
          {actions ? <div className="flex items-center gap-2">{actions}</div> : null}
        </div>
      ) : null}
      <div className={flush ? '' : 'px-4 py-4 sm:px-5'}>{children}</div>
      {footer ? (
        <div className="flex flex-wrap items-center justify-between gap-3 rounded-b-card border-t border-line bg-canvas/60 px-4 py-3 sm:px-5">
          {footer}
        </div>
      ) : null}
    </section>
  )
}

export interface Fact {
  label: string
  value: ReactNode
}

/** Label and value pairs in columns. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(150px,1fr))] gap-x-6 gap-y-3">
      {facts.map(({ label, value }) => (
        <div key={label} className="min-w-0">
          <dt className="text-xs text-ink-muted">{label}</dt>
          <dd className="tabular overflow-hidden text-ellipsis">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
