'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useRef } from 'react'

/** The drawer's heading: takes the focus when a line is opened, closes on Escape and gives the focus back to its row. */
export function EntryFocus({ closeHref, children }: { closeHref: string; children: ReactNode }) {
  const router = useRouter()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    heading.current?.focus()
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true })
    }
  }, [])
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.key === 'Escape' && !event.defaultPrevented) router.push(closeHref, { scroll: false })
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [router, closeHref])
  return (
    <h2
      id="entry-title"
      ref={heading}
      tabIndex={-1}
      className="min-w-0 scroll-mt-20 py-1 text-base text-pretty wrap-anywhere outline-none"
    >
      {children}
    </h2>
  )
}
