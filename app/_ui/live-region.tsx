'use client'

import { useEffect, useRef, useState } from 'react'

const QUIET_SECONDS = 5

/** Announces a changing sentence politely, at most every five seconds, the last one always. Invisible. */
export function LiveRegion({ message }: { message: string }) {
  const [spoken, setSpoken] = useState(message)
  const lastAt = useRef(0)
  useEffect(() => {
    const wait = Math.max(0, lastAt.current + QUIET_SECONDS * 1000 - Date.now())
    const timer = setTimeout(() => {
      lastAt.current = Date.now()
      setSpoken(message)
    }, wait)
    return () => clearTimeout(timer)
  }, [message])
  return (
    <p className="sr-only" role="status" aria-live="polite">
      {spoken}
    </p>
  )
}
