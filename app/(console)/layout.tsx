import { Menu, X } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { requireUser, type SessionUser } from '#lib/access/session'
import { Mark } from '../_ui/brand.tsx'
import { buttonClass } from '../_ui/button.tsx'
import { Account } from './_frame/account.tsx'
import { ConnectionBox } from './_frame/connection-box.tsx'
import { RailLinks } from './_frame/rail-links.tsx'

/** The frame of the signed-in app. It guards nothing: every page, action and route asks for its own permission. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const user = await requireUser('read')
  return (
    <div className="lg:grid lg:grid-cols-[236px_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-control bg-accent px-3 py-2 font-medium text-accent-ink focus-visible:not-sr-only focus-visible:fixed focus-visible:start-3 focus-visible:top-3"
      >
        Skip to the content
      </a>
      <header className="sticky top-0 hidden h-dvh flex-col gap-4 overflow-y-auto border-e border-line bg-surface px-3 py-4 lg:flex">
        <Rail user={user} label="Main" />
      </header>
      <NarrowBar user={user} />
      <main id="content" tabIndex={-1} className="min-w-0 outline-none [--table-top:52px] lg:[--table-top:0px]">
        <div className="page-gutter mx-auto max-w-[1440px] py-5 md:py-7">{children}</div>
      </main>
    </div>
  )
}

function Rail({ user, label }: { user: SessionUser; label: string }) {
  return (
    <>
      <Brand />
      <ConnectionBox />
      <nav aria-label={label} className="flex-1">
        <RailLinks />
      </nav>
      <Account user={user} />
    </>
  )
}

/** On narrow screens: a bar, and the rail as a popover that the browser itself opens and closes. */
function NarrowBar({ user }: { user: SessionUser }) {
  return (
    <header className="page-gutter sticky top-0 z-20 flex h-[52px] items-center justify-between border-b border-line bg-surface lg:hidden">
      <Brand />
      <button type="button" popoverTarget="menu" className={buttonClass('secondary')}>
        <Menu aria-hidden size={16} strokeWidth={1.75} />
        Menu
      </button>
      <div
        id="menu"
        popover="auto"
        className="inset-y-0 start-auto end-0 m-0 h-dvh max-h-none w-[min(300px,88vw)] border-s border-line bg-raised px-3 py-4 text-ink shadow-float backdrop:bg-[oklch(0.15_0.01_220/0.45)]"
      >
        <div className="flex min-h-full flex-col gap-4">
          <button
            type="button"
            popoverTarget="menu"
            popoverTargetAction="hide"
            className={`${buttonClass('quiet')} self-end`}
          >
            <X aria-hidden size={16} strokeWidth={1.75} />
            Close
          </button>
          <ConnectionBox />
          <nav aria-label="Main" className="flex-1">
            <RailLinks />
          </nav>
          <Account user={user} />
        </div>
      </div>
    </header>
  )
}

function Brand() {
  return (
    <Link href="/" className="flex items-center gap-2.5 rounded-control px-1.5 text-base font-semibold">
      <Mark size={24} />
      Crosswalk
    </Link>
  )
}
