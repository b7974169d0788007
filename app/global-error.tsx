'use client'

import { Button } from './_ui/button.tsx'
import { EntryFrame } from './_ui/entry-frame.tsx'
import './globals.css'

/** Takes the place of the whole document when even its frame failed. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body className="font-sans">
        <EntryFrame
          title="Crosswalk could not be shown"
          context="Something went wrong on the server. If it stays so, look at the terminal or the log where Crosswalk runs."
          footer={error.digest ? <code className="font-mono text-xs">{error.digest}</code> : undefined}
        >
          <Button variant="primary" size="large" className="w-full" onClick={reset}>
            Try again
          </Button>
        </EntryFrame>
      </body>
    </html>
  )
}
