'use client'

import { LayoutDashboard, Link2, RefreshCw, Scale, ScrollText, Settings } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { classNames } from '../../_ui/class-names.ts'

const PLACES = [
  { href: '/', label: 'Overview', icon: LayoutDashboard },
  { href: '/sync', label: 'Synchronize', icon: RefreshCw },
  { href: '/mapping', label: 'Mapping', icon: Link2 },
  { href: '/reconciliation', label: 'Reconciliation', icon: Scale },
  { href: '/log', label: 'Integration log', icon: ScrollText },
  { href: '/settings', label: 'Settings', icon: Settings },
] as const

/** The places of the console, the present one marked. Following one closes the narrow screen's menu. */
export function RailLinks() {
  const path = usePathname()
  return (
    <ul className="flex flex-col gap-0.5">
      {PLACES.map(({ href, label, icon: Icon }) => {
        const current = href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`)
        return (
          <li key={href}>
            <Link
              href={href}
              aria-current={current ? 'page' : undefined}
              onClick={(event) => event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover()}
              className={classNames(
                'flex h-8 items-center gap-2.5 rounded-control px-2.5 font-medium transition-colors',
                current ? 'bg-accent/11 text-accent' : 'text-ink-muted hover:bg-ink/5 hover:text-ink',
              )}
            >
              <Icon aria-hidden size={16} strokeWidth={1.75} className="shrink-0" />
              {label}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
