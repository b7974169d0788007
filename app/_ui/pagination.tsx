import { ChevronLeft, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { buttonClass } from './button.tsx'
import { classNames } from './class-names.ts'

export interface PaginationProps {
  /** What is counted, plural: "mappings". */
  noun: string
  /** First and last row shown, from 1; null where a keyset knows no position. */
  range: { from: number; to: number } | null
  total: number | null
  /** The total is an estimate: "about 12,000". */
  about?: boolean
  /** Counting stopped there: "10,000+". */
  orMore?: boolean
  previousHref: string | null
  nextHref: string | null
  /** Page sizes to choose from; the present one without a link. */
  sizes?: readonly { size: number; href: string; current: boolean }[]
}

/** Range, total, page size, previous and next, all as links. */
export function Pagination({ noun, range, total, about, orMore, previousHref, nextHref, sizes }: PaginationProps) {
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-1 pt-3 text-sm">
      <p className="tabular text-ink-muted">{rangeSentence(noun, range, wholeText(total, about, orMore))}</p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {sizes ? (
          <p className="flex items-center gap-1 text-ink-muted">
            Rows
            {sizes.map(({ size, href, current }) => (
              <Link
                key={size}
                href={href}
                scroll={false}
                aria-current={current ? 'true' : undefined}
                className={classNames(
                  'tabular rounded-[4px] px-1.5 py-0.5',
                  current ? 'bg-ink/8 font-medium text-ink' : 'hover:text-ink',
                )}
              >
                {size}
              </Link>
            ))}
          </p>
        ) : null}
        <div className="flex gap-2">
          <Step href={previousHref} direction="previous" />
          <Step href={nextHref} direction="next" />
        </div>
      </div>
    </nav>
  )
}

function Step({ href, direction }: { href: string | null; direction: 'previous' | 'next' }) {
  const content = (
    <>
      {direction === 'previous' ? <ChevronLeft aria-hidden size={16} /> : null}
      {direction === 'previous' ? 'Previous' : 'Next'}
      {direction === 'next' ? <ChevronRight aria-hidden size={16} /> : null}
    </>
  )
  if (!href) {
    return (
      <span
        aria-hidden
        className="inline-flex h-7 items-center gap-1.5 rounded-control border border-line px-2.5 text-sm font-medium text-ink-faint"
      >
        {content}
      </span>
    )
  }
  return (
    <Link href={href} rel={direction === 'previous' ? 'prev' : 'next'} className={buttonClass('secondary', 'small')}>
      {content}
    </Link>
  )
}

function wholeText(total: number | null, about = false, orMore = false): string | null {
  return total === null ? null : `${about ? 'about ' : ''}${total.toLocaleString('en-US')}${orMore ? '+' : ''}`
}

function rangeSentence(noun: string, range: PaginationProps['range'], whole: string | null): string {
  if (whole === '0') return `No ${noun}`
  if (!range) return whole === null ? '' : `${whole} ${noun}`
  const shown = `${range.from.toLocaleString('en-US')}–${range.to.toLocaleString('en-US')}`
  return whole === null ? shown : `${shown} of ${whole} ${noun}`
}
