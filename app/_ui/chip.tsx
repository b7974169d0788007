import { X } from 'lucide-react'
import Link from 'next/link'
import { classNames } from './class-names.ts'

/** A filter that is on, saying what it does: "Status: ambiguous ×". Following it takes the filter away. */
export function FilterChip({ label, removeHref }: { label: string; removeHref: string }) {
  return (
    <Link
      href={removeHref}
      scroll={false}
      className="inline-flex h-7 max-w-full items-center gap-1.5 rounded-full border border-accent/45 bg-accent/9 ps-2.5 pe-2 text-sm font-medium hover:border-accent"
    >
      <span className="truncate">{label}</span>
      <X aria-hidden size={14} className="shrink-0 text-ink-muted" />
      <span className="sr-only">, remove this filter</span>
    </Link>
  )
}

/** One of several ways to narrow a list, as a link; the present one is marked. */
export function FacetLink({
  label,
  href,
  current,
  count,
}: {
  label: string
  href: string
  current: boolean
  /** A text where the number is no exact one: "1,000+". */
  count?: number | string | null
}) {
  return (
    <Link
      href={href}
      scroll={false}
      aria-current={current ? 'true' : undefined}
      className={classNames(
        'inline-flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-sm font-medium whitespace-nowrap',
        current
          ? 'border-accent/45 bg-accent/9 text-ink'
          : 'border-line bg-surface text-ink-muted hover:border-line-strong hover:text-ink',
      )}
    >
      {label}
      {count === undefined || count === null ? null : (
        <span className="tabular text-xs font-normal text-ink-muted">{count.toLocaleString('en-US')}</span>
      )}
    </Link>
  )
}
