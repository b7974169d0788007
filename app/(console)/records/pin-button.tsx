'use client'

import { Pin, PinOff } from 'lucide-react'
import { useActionState } from 'react'
import { SubmitButton } from '../../_ui/submit-button.tsx'
import { pinAction } from './actions.ts'
import type { RecordFormState } from './schema.ts'

export interface PinButtonProps {
  type: string
  erpKey: string
  field: string
  label: string
  isPinned: boolean
  returnTo: string
}

const UNTRIED: RecordFormState = { error: null }

/** Pins or unpins one field; a plain form. */
export function PinButton({ type, erpKey, field, label, isPinned, returnTo }: PinButtonProps) {
  const [state, act] = useActionState(pinAction, UNTRIED)
  const words = isPinned ? `Unpin ${label}` : `Pin ${label}: no sync touches it`
  return (
    <form action={act} className="inline-flex flex-col items-end gap-1">
      <input type="hidden" name="type" value={type} />
      <input type="hidden" name="erpKey" value={erpKey} />
      <input type="hidden" name="field" value={field} />
      <input type="hidden" name="returnTo" value={returnTo} />
      <input type="hidden" name="to" value={isPinned ? 'unpinned' : 'pinned'} />
      <SubmitButton variant="quiet" size="small-icon" icon={isPinned ? PinOff : Pin} aria-label={words} title={words} />
      {state.error === null ? null : (
        <p role="alert" className="max-w-64 text-start text-sm text-bad text-pretty whitespace-normal">
          {state.error}
        </p>
      )}
    </form>
  )
}
