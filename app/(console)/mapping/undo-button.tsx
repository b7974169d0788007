'use client'

import { Undo2 } from 'lucide-react'
import { useActionState } from 'react'
import { SubmitButton } from '#app/_ui/submit-button.tsx'
import { allowAction, unpairAction } from './actions.ts'
import type { PairingState } from './schema.ts'

export interface UndoButtonProps {
  /** What was done and is taken back. */
  done: 'paired' | 'never'
  type: string
  erpKey: string
  crmId: string
  returnTo: string
}

const UNTRIED: PairingState = { error: null }

/** Takes back what was just decided in the review. */
export function UndoButton({ done, type, erpKey, crmId, returnTo }: UndoButtonProps) {
  const [state, undo] = useActionState(done === 'paired' ? unpairAction : allowAction, UNTRIED)
  const fields = done === 'paired' ? { type, erpKey, returnTo } : { type, erpKey, crmId, returnTo }
  return (
    <form action={undo} className="flex flex-col items-end gap-1">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton size="small" variant="secondary" icon={Undo2} data-review="undo">
        Undo
      </SubmitButton>
      {state.error === null ? null : (
        <p role="alert" className="max-w-80 text-sm text-bad text-pretty">
          {state.error}
        </p>
      )}
    </form>
  )
}
