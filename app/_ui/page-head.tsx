import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'

export interface PageHeadProps {
  title: ReactNode
  /** One line: what this is about just now. */
  context?: ReactNode
  /** Buttons at the right. */
  actions?: ReactNode
  /** Only below level two: the pages above this one. */
  trail?: readonly { label: string; href: string }[]
}

export function PageHead({ title, context, actions, trail }: PageHeadProps) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 pb-5">
      <div className="min-w-0">
        {trail ? (
          <nav aria-label="Breadcrumb" className="pb-1 text-sm text-ink-muted">
            <ol className="flex items-center gap-1">
              {trail.map(({ label, href }) => (
                <li key={href} className="flex items-center gap-1">
                  <Link href={href} className="rounded-[3px] hover:text-ink hover:underline">
                    {label}
                  </Link>
                  <ChevronRight aria-hidden size={12} className="text-ink-faint" />
                </li>
              ))}
            </ol>
          </nav>
        ) : null}
        <h1 className="text-xl">{title}</h1>
        {context ? <p className="max-w-[68ch] pt-0.5 text-ink-muted text-pretty">{context}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  )
}
