'use client'

import { RotateCcw } from 'lucide-react'
import { type ReactNode, useActionState } from 'react'
import type { ButtonSize, ButtonVariant } from '#app/_ui/button.tsx'
import { ErrorNote } from '#app/_ui/error-note.tsx'
import { SubmitButton } from '#app/_ui/submit-button.tsx'
import type { RecordName } from '#lib/store/failed-items'
import { RecordFields } from './record-fields.tsx'
import { retryAction, syncOneAction } from './retry-actions.ts'
import type { RetryState } from './retry-schema.ts'

interface Look {
  variant?: ButtonVariant
  size?: ButtonSize
  /** For those who hear the buttons one after the other, where the visible words do not name the record. */
  label?: string
  children: ReactNode
}

const UNTRIED: RetryState = { error: null }

/**
 * Sends failed records of a run once more: those that one problem has stopped, or one record; without either, all. A
 * plain form, so it works without JavaScript.
 */
export function RetryButton({
  runId,
  code,
  record,
  ...look
}: Look & { runId: string; code?: string; record?: RecordName }) {
  const [state, retry] = useActionState(retryAction, UNTRIED)
  return (
    <form action={retry} className="flex flex-col items-start gap-2">
      <input type="hidden" name="run" value={runId} />
      {code === undefined ? null : <input type="hidden" name="code" value={code} />}
      {record === undefined ? null : <RecordFields record={record} />}
      <Press {...look} />
      {state.error === null ? null : <ErrorNote title={state.error} />}
    </form>
  )
}

/** Syncs one record and no other, and leads to that run. */
export function SyncOneButton({ record, ...look }: Look & { record: RecordName }) {
  const [state, sync] = useActionState(syncOneAction, UNTRIED)
  return (
    <form action={sync} className="flex flex-col items-start gap-2">
      <RecordFields record={record} />
      <Press {...look} />
      {state.error === null ? null : <ErrorNote title={state.error} />}
    </form>
  )
}

function Press({ variant = 'secondary', size = 'small', label, children }: Look) {
  return (
    <SubmitButton variant={variant} size={size} icon={RotateCcw} aria-label={label}>
      {children}
    </SubmitButton>
  )
}
