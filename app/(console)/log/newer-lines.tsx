'use client'

import { ArrowUp } from 'lucide-react'
import { useEffect, useState } from 'react'
import { LinkButton } from '#app/_ui/link-button.tsx'
import { LiveRegion } from '#app/_ui/live-region.tsx'

const SECONDS_DURING_RUN = 4
const SECONDS_OTHERWISE = 30

export interface NewerLinesProps {
  /** Answers `{ newer: "12", isRunOpen }` for the filter of the page. */
  pollHref: string
  /** The first page of the same filter. */
  firstPageHref: string
  isRunOpen: boolean
}

/** Says when lines have come since the page was made. It never moves what is being read. */
export function NewerLines({ pollHref, firstPageHref, isRunOpen }: NewerLinesProps) {
  const [newer, setNewer] = useState('0')
  const [isOpen, setIsOpen] = useState(isRunOpen)
  useEffect(() => {
    const stop = new AbortController()
    async function ask(): Promise<void> {
      if (document.visibilityState !== 'visible') return
      // Between two answers the connection may be down; the next question comes anyway.
      const response = await fetch(pollHref, { signal: stop.signal }).catch(() => null)
      if (!response?.ok) return
      const answer: unknown = await response.json().catch(() => null)
      if (stop.signal.aborted || !isAnswer(answer)) return
      setNewer(answer.newer)
      setIsOpen(answer.isRunOpen)
    }
    const timer = setInterval(ask, (isOpen ? SECONDS_DURING_RUN : SECONDS_OTHERWISE) * 1_000)
    return () => {
      stop.abort()
      clearInterval(timer)
    }
  }, [pollHref, isOpen])
  if (newer === '0') return <LiveRegion message="" />
  const words = newer === '1' ? '1 newer line' : `${newer} newer lines`
  return (
    <div className="pb-3">
      <LiveRegion message={`${words} have come since this page was made.`} />
      <LinkButton href={firstPageHref} icon={ArrowUp} size="small" scroll={false}>
        Show {words}
      </LinkButton>
    </div>
  )
}

function isAnswer(answer: unknown): answer is { newer: string; isRunOpen: boolean } {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'newer' in answer &&
    typeof answer.newer === 'string' &&
    'isRunOpen' in answer
  )
}
