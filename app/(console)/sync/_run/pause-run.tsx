'use client'

import { Pause, Play } from 'lucide-react'
import { useActionState } from 'react'
import type { RunProgressView } from '#lib/store/views-runs'
import { ErrorNote } from '../../../_ui/error-note.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { pauseRunAction, resumeRunAction } from '../actions.ts'

/** Pause, or what ends the pause or the wait. One click: nothing is lost by either. */
export function PauseRun({ run }: { run: RunProgressView }) {
  const [paused, pause] = useActionState(pauseRunAction, { error: null })
  const [resumed, resume] = useActionState(resumeRunAction, { error: null })
  if (run.cancelRequested) return null
  const isHeld = run.pausedBy !== null || run.waiting !== null
  const error = isHeld ? resumed.error : paused.error
  return (
    <form action={isHeld ? resume : pause}>
      <input type="hidden" name="run" value={run.id} />
      {isHeld ? (
        <SubmitButton variant="primary" icon={Play}>
          {run.pausedBy === null ? 'Try now' : 'Resume'}
        </SubmitButton>
      ) : (
        <SubmitButton variant="secondary" icon={Pause}>
          Pause
        </SubmitButton>
      )}
      {error ? <ErrorNote title={error} /> : null}
    </form>
  )
}
