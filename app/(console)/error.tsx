'use client'

import { Button } from '../_ui/button.tsx'
import { ErrorNote } from '../_ui/error-note.tsx'
import { PageHead } from '../_ui/page-head.tsx'

/** Shows no message of the error: it may hold what a page must not tell. The digest is in the server's log. */
export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <>
      <PageHead title="This page could not be shown" />
      <div className="max-w-[640px]">
        <ErrorNote
          title="Something went wrong on the server."
          code={error.digest}
          action={
            <Button size="small" onClick={reset}>
              Try again
            </Button>
          }
        >
          It was written to the server's log under the code below. A sync that is under way goes on.
        </ErrorNote>
      </div>
    </>
  )
}
