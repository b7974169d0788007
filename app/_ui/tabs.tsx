import Link from 'next/link'
import { classNames } from './class-names.ts'

export interface Tab {
  label: string
  href: string
  current: boolean
  /** A text where the number is no exact one: "1,000+". */
  count?: number | string | null
}

/** Pages of one thing as links: the address says which is open. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className="-mx-1 overflow-x-auto border-b border-line px-1">
      <ul className="flex gap-5">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <Link
              href={tab.href}
              aria-current={tab.current ? 'page' : undefined}
              className={classNames(
                '-mb-px flex h-9 items-center gap-1.5 border-b-2 font-medium whitespace-nowrap focus-visible:-outline-offset-2',
                tab.current ? 'border-accent text-ink' : 'border-transparent text-ink-muted hover:text-ink',
              )}
            >
              {tab.label}
              {tab.count === undefined || tab.count === null ? null : (
                <span className="tabular rounded-full bg-ink/7 px-1.5 text-xs font-normal text-ink-muted">
                  {tab.count.toLocaleString('en-US')}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
