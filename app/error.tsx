'use client'

import { Button } from './_ui/button.tsx'
import { EntryFrame } from './_ui/entry-frame.tsx'

/** Shows no message of the error: it may hold what a page must not tell. The digest is in the server's log. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <EntryFrame
      title="This page could not be shown"
      context="Something went wrong on the server, and it was written to the server's log under the number below."
      footer={error.digest ? <code className="font-mono text-xs">{error.digest}</code> : undefined}
    >
      <Button variant="primary" size="large" className="w-full" onClick={reset}>
        Try again
      </Button>
    </EntryFrame>
  )
}
