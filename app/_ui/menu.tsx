'use client'

import { Ellipsis } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { buttonClass } from './button.tsx'
import { classNames } from './class-names.ts'

const ITEM =
  'flex h-8 w-full items-center gap-2 rounded-control px-2 text-start text-sm whitespace-nowrap ' +
  'hover:bg-ink/7 focus-visible:bg-ink/7 focus-visible:-outline-offset-2'

/**
 * Actions behind a button: "…" unless `trigger` is given. `label` names what the actions are for. The browser's own
 * disclosure: it opens without JavaScript, and opening one closes the others.
 */
export function Menu({ label, trigger, children }: { label: string; trigger?: ReactNode; children: ReactNode }) {
  const details = useRef<HTMLDetailsElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => {
    if (!isOpen) return
    const close = () => details.current?.removeAttribute('open')
    function onPointerDown(event: PointerEvent): void {
      if (event.target instanceof Node && !details.current?.contains(event.target)) close()
    }
    function onKeyDown(event: KeyboardEvent): void {
      if (event.key !== 'Escape') return
      close()
      details.current?.querySelector('summary')?.focus()
    }
    document.addEventListener('pointerdown', onPointerDown)
    document.addEventListener('keydown', onKeyDown)
    return () => {
      document.removeEventListener('pointerdown', onPointerDown)
      document.removeEventListener('keydown', onKeyDown)
    }
  }, [isOpen])
  return (
    <details
      ref={details}
      name="menu"
      className="relative inline-block text-start"
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary
        aria-label={label}
        className={classNames(
          buttonClass('quiet', 'small'),
          'list-none [&::-webkit-details-marker]:hidden',
          trigger ? '' : 'w-7 px-1.5',
        )}
      >
        {trigger ?? <Ellipsis aria-hidden size={16} className="shrink-0" />}
      </summary>
      {/* Beside the button and not below it, where it would lie over the next row's. */}
      <ul className="absolute end-full bottom-0 z-40 me-1 md:-top-0.5 md:bottom-auto min-w-44 rounded-card border border-line bg-raised p-1 font-normal shadow-float max-md:start-full max-md:end-auto max-md:ms-1 max-md:me-0">
        {children}
      </ul>
    </details>
  )
}

export interface MenuItemProps {
  /** An element, not a component, so that a server component may pass it: `<Link2 size={14} />`. */
  icon?: ReactNode
  children: ReactNode
}

/** Does something at once: to be used within a form, which it sends. `pending`: that is under way. */
export function MenuSubmit({ icon, pending, children }: MenuItemProps & { pending: boolean }) {
  return (
    <button
      type="submit"
      disabled={pending}
      aria-busy={pending || undefined}
      className={classNames(ITEM, 'disabled:opacity-55')}
    >
      {icon ? <span className="flex size-4 items-center justify-center">{icon}</span> : null}
      {children}
    </button>
  )
}

/** Leads to `href`. With `onSelect`, JavaScript does that in place of following the link. */
export function MenuLink({
  icon,
  href,
  danger,
  onSelect,
  children,
}: MenuItemProps & { href: string; danger?: boolean; onSelect?: () => void }) {
  return (
    <li>
      <Link
        href={href}
        prefetch={false}
        className={classNames(ITEM, danger && 'text-bad')}
        onClick={(event) => {
          const menu = event.currentTarget.closest('details')
          menu?.removeAttribute('open')
          if (!onSelect) return
          event.preventDefault()
          // So that a dialog which hands the focus back finds something that can take it.
          menu?.querySelector('summary')?.focus()
          onSelect()
        }}
      >
        {icon ? <span className="flex size-4 items-center justify-center">{icon}</span> : null}
        {children}
      </Link>
    </li>
  )
}
