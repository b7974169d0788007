'use client'

import { Menu as BaseMenu } from '@base-ui/react/menu'
import { Ellipsis } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { buttonClass } from './button.tsx'
import { classNames } from './class-names.ts'

const ITEM =
  'flex h-8 w-full cursor-pointer items-center gap-2 rounded-control px-2 text-start text-sm outline-none ' +
  'data-highlighted:bg-ink/7 data-disabled:cursor-not-allowed data-disabled:opacity-50'

/** A menu of actions behind a button: "…" unless `trigger` is given. `label` names what the actions are for. */
export function Menu({ label, trigger, children }: { label: string; trigger?: ReactNode; children: ReactNode }) {
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger aria-label={label} className={buttonClass('quiet', trigger ? 'small' : 'small-icon')}>
        {trigger ?? <Ellipsis aria-hidden size={16} />}
      </BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align="end" className="z-40 outline-none">
          <BaseMenu.Popup className="min-w-44 rounded-card border border-line bg-raised p-1 shadow-float outline-none">
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  )
}

export interface MenuItemProps {
  /** An element, not a component, so that a server component may pass it: `<Link2 size={14} />`. */
  icon?: ReactNode
  children: ReactNode
}

export function MenuLink({ icon, href, children }: MenuItemProps & { href: string }) {
  return (
    <BaseMenu.LinkItem className={ITEM} closeOnClick render={<Link href={href} />}>
      <IconSlot icon={icon} />
      {children}
    </BaseMenu.LinkItem>
  )
}

/** Runs `onSelect` in the browser; a server action (bound to its record) may be given as well. */
export function MenuAction({
  icon,
  children,
  danger,
  disabled,
  onSelect,
}: MenuItemProps & { danger?: boolean; disabled?: boolean; onSelect: () => void | Promise<void> }) {
  return (
    <BaseMenu.Item
      className={classNames(ITEM, danger && 'text-bad')}
      disabled={disabled}
      onClick={() => {
        void onSelect()
      }}
    >
      <IconSlot icon={icon} />
      {children}
    </BaseMenu.Item>
  )
}

export function MenuSeparator() {
  return <BaseMenu.Separator className="-mx-1 my-1 h-px bg-line" />
}

function IconSlot({ icon }: { icon: ReactNode }) {
  return icon ? <span className="flex size-4 items-center justify-center text-ink-muted">{icon}</span> : null
}
