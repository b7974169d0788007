'use client'

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { Button } from '#app/_ui/button.tsx'

export interface ReviewKeysProps {
  /** Names the records shown: another text when one of them has been dealt with. */
  shown: string
  children: ReactNode
}

const HINTS = [
  ['J', 'next'],
  ['K', 'previous'],
  ['A', 'pair'],
  ['N', 'not the same'],
  ['S', 'skip'],
  ['U', 'undo'],
] as const

/**
 * The review by keyboard. The keys work while the focus is in the list and nowhere else, so that nobody presses them by
 * accident (WCAG 2.1.4); without JavaScript the buttons do the same.
 */
export function ReviewKeys({ shown, children }: ReviewKeysProps) {
  const list = useRef<HTMLDivElement>(null)
  /** Where the keyboard stands; `null` until it is used. */
  const place = useRef<number | null>(null)

  const items = () => [...(list.current?.querySelectorAll<HTMLElement>('[data-review-item]') ?? [])]
  function go(to: number): void {
    const all = items()
    place.current = Math.max(0, Math.min(to, all.length - 1))
    all[place.current]?.focus()
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was decided has left the list, and the next one stands in its place
  useEffect(() => {
    if (place.current !== null) go(place.current)
  }, [shown])

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const all = items()
    const here = all.findIndex((item) => event.target instanceof Node && item.contains(event.target))
    const done = act(event.key.toLowerCase(), all[here], (step) => go(here + step))
    if (done) event.preventDefault()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut to buttons that stand inside
    <div ref={list} onKeyDown={onKeyDown} className="flex flex-col gap-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-muted max-md:hidden">
        <Button size="small" onClick={() => go(0)}>
          Review by keyboard
        </Button>
        {HINTS.map(([key, word]) => (
          <span key={key} className="inline-flex items-center gap-1">
            <kbd className="rounded-[4px] border border-line-strong/60 bg-surface px-1.5 font-mono text-xs text-ink">
              {key}
            </kbd>
            {word}
          </span>
        ))}
      </p>
      {children}
    </div>
  )
}

function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select')
}

/** Answers whether the key meant something. */
function act(key: string, item: HTMLElement | undefined, move: (step: number) => void): boolean {
  switch (key) {
    case 'j':
    case 's':
      move(1)
      return true
    case 'k':
      move(-1)
      return true
    case 'a':
      return press(item, 'pair')
    case 'n':
      return press(item, 'never')
    case 'u':
      document.querySelector<HTMLElement>('[data-review="undo"]')?.click()
      return true
    default:
      return false
  }
}

/** Presses the one button that is meant; of several it only takes the first into focus, for the person to look. */
function press(item: HTMLElement | undefined, what: string): boolean {
  const buttons = [...(item?.querySelectorAll<HTMLElement>(`[data-review="${what}"]`) ?? [])]
  if (buttons.length === 1) buttons[0]?.click()
  else buttons[0]?.focus()
  return buttons.length > 0
}
