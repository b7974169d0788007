'use client'

import { CircleStop } from 'lucide-react'
import { type ReactNode, useActionState, useState } from 'react'
import type { RunKind } from '#lib/store/runs'
import { Button } from '../../../_ui/button.tsx'
import { Dialog, DialogActions } from '../../../_ui/dialog.tsx'
import { ErrorNote } from '../../../_ui/error-note.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { cancelRunAction } from '../actions.ts'
import { cancelWords } from './cancel-words.ts'

/** Cancel, with a confirmation: a dialog, or without JavaScript the run's own page asking the same. */
export function CancelRun({ runId, kind, requested }: { runId: string; kind: RunKind; requested: boolean }) {
  const [asking, setAsking] = useState(false)
  const words = cancelWords(kind)
  if (requested) {
    return (
      <Button icon={CircleStop} disabled>
        Cancelling
      </Button>
    )
  }
  return (
    <>
      <LinkButton
        href={`/sync/${runId}?cancel=ask`}
        variant="danger"
        icon={CircleStop}
        prefetch={false}
        onClick={(event) => {
          event.preventDefault()
          setAsking(true)
        }}
      >
        {words.verb}
      </LinkButton>
      <Dialog open={asking} onClose={() => setAsking(false)} title={words.question} context={words.explanation}>
        <CancelForm
          runId={runId}
          kind={kind}
          attach
          keep={<Button onClick={() => setAsking(false)}>Keep it running</Button>}
        />
      </Dialog>
    </>
  )
}

/** The confirmation itself; `keep` is the way out. `attach`: stay on this page afterwards. */
export function CancelForm({
  runId,
  kind,
  keep,
  attach = false,
}: {
  runId: string
  kind: RunKind
  keep: ReactNode
  attach?: boolean
}) {
  const [state, cancel] = useActionState(cancelRunAction, { error: null })
  return (
    <form action={cancel}>
      {state.error ? <ErrorNote title={state.error} /> : null}
      <input type="hidden" name="run" value={runId} />
      {attach ? <input type="hidden" name="attach" value="yes" /> : null}
      <DialogActions>
        {keep}
        <SubmitButton variant="danger">{cancelWords(kind).verb}</SubmitButton>
      </DialogActions>
    </form>
  )
}
