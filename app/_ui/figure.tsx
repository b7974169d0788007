import type { ReactNode } from 'react'

export interface FigureProps {
  label: string
  value: string
  note: ReactNode
  /** Zero, or not known: it asks for nobody and stands back. */
  isNothing?: boolean
  bad?: boolean
}

/** One number with what it means, inside a `dl`. */
export function Figure({ label, value, note, isNothing = false, bad = false }: FigureProps) {
  return (
    <div className="flex min-w-0 flex-col rounded-card border border-line bg-surface px-4 py-3.5 sm:px-5">
      <dt className="text-sm text-ink-muted">{label}</dt>
      <dd className={`tabular text-2xl font-semibold ${isNothing ? 'text-ink-faint' : bad ? 'text-bad' : ''}`}>
        {value}
      </dd>
      <dd className="text-sm text-ink-muted text-pretty">{note}</dd>
    </div>
  )
}
