'use client'

import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { RunProgressView } from '#lib/store/views-runs'
import { isOpen } from './run-words.ts'

/** `lost`: no connection just now. `refused`: the server answers but refuses, most likely because of a sign-out. */
export type LiveState = 'live' | 'lost' | 'refused' | 'finished'

export interface LiveRunState {
  readonly run: RunProgressView
  readonly live: LiveState
  /** Seconds since the run began by the server's clock; `null` while it is queued. */
  readonly elapsedSeconds: number | null
  readonly remainingSeconds: number | null
}

export interface LiveEvent {
  readonly run: RunProgressView
  /** Server time of the event, ISO 8601 UTC. */
  readonly now: string
}

interface Sample {
  readonly at: number
  readonly done: number
}

/** Rates are taken over so many seconds: long enough to be calm, short enough to follow a change of pace. */
const RATE_SECONDS = 20
const LEAST_RATE_SECONDS = 3

/** The browser reconnects by itself after a loss, but never after a refusal. */
const REFUSED_RETRY_SECONDS = 10

/** Follows a run by server-sent events until it has ended. */
export function useLiveRun(
  initial: RunProgressView,
  onChange: (before: RunProgressView, now: RunProgressView) => void,
): LiveRunState {
  const [run, setRun] = useState(initial)
  const [live, setLive] = useState<LiveState>('live')
  const [clock, setClock] = useState<number | null>(null)
  const offset = useRef(0)
  const samples = useRef<{ label: string; list: Sample[] }>({ label: '', list: [] })
  const [remainingSeconds, setRemainingSeconds] = useState<number | null>(null)

  const receive = useEffectEvent((text: string) => {
    // Written by our own route from the very type it is read back as.
    const { run: next, now } = JSON.parse(text) as LiveEvent
    offset.current = Date.parse(now) - Date.now()
    note(samples.current, next, Date.now())
    const before = run
    setRun(next)
    setLive(isOpen(next.state) ? 'live' : 'finished')
    setClock(Date.now())
    setRemainingSeconds(remaining(samples.current.list, next))
    onChange(before, next)
    return isOpen(next.state)
  })

  useEffect(() => {
    let source: EventSource
    let again: ReturnType<typeof setTimeout> | undefined
    function connect(): void {
      source = new EventSource(`/api/live/${initial.id}`)
      source.addEventListener('progress', (event: MessageEvent<string>) => {
        if (!receive(event.data)) source.close()
      })
      source.addEventListener('error', () => {
        const isRefused = source.readyState === EventSource.CLOSED
        setLive(isRefused ? 'refused' : 'lost')
        if (isRefused) again = setTimeout(connect, REFUSED_RETRY_SECONDS * 1000)
      })
    }
    connect()
    const ticker = setInterval(() => setClock(Date.now()), 1000)
    return () => {
      source.close()
      clearTimeout(again)
      clearInterval(ticker)
    }
  }, [initial.id])

  const started = run.startedAt === null ? null : Date.parse(run.startedAt)
  const end = run.finishedAt === null ? (clock === null ? null : clock + offset.current) : Date.parse(run.finishedAt)
  return {
    run,
    live,
    elapsedSeconds: started === null || end === null ? null : Math.max(0, (end - started) / 1000),
    remainingSeconds,
  }
}

/** Keeps what the rate is taken from. Another step, or a count that starts anew, starts the samples anew. */
function note(kept: { label: string; list: Sample[] }, run: RunProgressView, at: number): void {
  const progress = run.progress
  if (!progress) return
  const last = kept.list.at(-1)
  if (progress.label !== kept.label || (last && progress.done < last.done)) kept.list = []
  kept.label = progress.label
  kept.list.push({ at, done: progress.done })
  kept.list = kept.list.filter((sample) => at - sample.at <= RATE_SECONDS * 1000)
}

function remaining(list: readonly Sample[], run: RunProgressView): number | null {
  const first = list.at(0)
  const last = list.at(-1)
  const of = run.progress?.of ?? null
  if (!first || !last || of === null) return null
  const seconds = (last.at - first.at) / 1000
  const rate = (last.done - first.done) / seconds
  if (seconds < LEAST_RATE_SECONDS || rate <= 0) return null
  return Math.max(0, of - last.done) / rate
}
