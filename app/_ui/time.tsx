'use client'

import { useSyncExternalStore } from 'react'
import { relativeTime } from './relative-time.ts'

const TICK_SECONDS = 10

let tick = 0
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

/** One clock for all times of a page. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    tick += 1
    for (const each of listeners) each()
  }, TICK_SECONDS * 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

export interface TimeProps {
  /** ISO 8601 or a date. */
  at: string | Date
  /** `exact` shows local date and time at once (a log); `relative` unless told. */
  show?: 'relative' | 'exact'
}

/**
 * "3 min ago" with the exact local time on hover and focus. The viewer's zone is known only in the browser, so the
 * server sends the zone-free text and the browser completes it.
 */
export function Time({ at, show = 'relative' }: TimeProps) {
  const moment = typeof at === 'string' ? new Date(at) : at
  useSyncExternalStore(
    subscribe,
    () => tick,
    () => 0,
  )
  const inBrowser = useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  )
  const exact = inBrowser ? exactTime(moment) : undefined
  const text = show === 'exact' ? (inBrowser ? shortTime(moment) : isoMinute(moment)) : relativeTime(moment, new Date())
  return (
    <time
      dateTime={moment.toISOString()}
      data-exact={exact}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time must be reachable without a mouse
      tabIndex={0}
      suppressHydrationWarning
      className="exact-time tabular rounded-[3px]"
    >
      {text}
      {exact && show === 'relative' ? <span className="sr-only">, {exact}</span> : null}
    </time>
  )
}

function exactTime(moment: Date): string {
  return moment.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' })
}

function shortTime(moment: Date): string {
  return moment.toLocaleString(undefined, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  })
}

function isoMinute(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
