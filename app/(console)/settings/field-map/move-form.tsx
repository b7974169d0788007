'use client'

import { useActionState } from 'react'
import { ErrorNote } from '../../../_ui/error-note.tsx'
import { moveEntryAction } from './actions.ts'
import { MOVE_FORM } from './move-buttons.tsx'

/** The one form that every row's arrows belong to; what stands in the way is said above the table. */
export function MoveForm({ type, version }: { type: string; version: string }) {
  const [state, send] = useActionState(moveEntryAction, { error: null })
  return (
    <form id={MOVE_FORM} action={send} className={state.error ? 'pb-4' : ''}>
      <input type="hidden" name="type" value={type} />
      <input type="hidden" name="version" value={version} />
      {state.error ? <ErrorNote title={state.error} /> : null}
    </form>
  )
}
