'use client'

import { type ReactNode, useActionState } from 'react'
import { CheckboxRow, ChoiceRows } from '#app/_ui/checkbox-row.tsx'
import { DialogActions } from '#app/_ui/dialog.tsx'
import { ErrorNote } from '#app/_ui/error-note.tsx'
import { SubmitButton } from '#app/_ui/submit-button.tsx'
import { unpairAction } from './actions.ts'
import type { PairingState } from './schema.ts'

export interface UnpairFormProps {
  type: string
  erpKey: string
  returnTo: string
  /** The way out, where there is one. */
  cancel?: ReactNode
}

const UNTRIED: PairingState = { error: null }

/** Says what unpairing does and does not, then does it. */
export function UnpairForm({ type, erpKey, returnTo, cancel }: UnpairFormProps) {
  const [state, unpair] = useActionState(unpairAction, UNTRIED)
  return (
    <form action={unpair} className="flex flex-col gap-4">
      <input type="hidden" name="type" value={type} />
      <input type="hidden" name="erpKey" value={erpKey} />
      <input type="hidden" name="returnTo" value={returnTo} />
      <ul className="flex list-disc flex-col gap-1 ps-5 text-pretty">
        <li>Both records stay exactly as they are in their systems.</li>
        <li>Nothing is sent for this record until it has a pair again.</li>
        <li>The row stays in the table as removed, with your name and the time.</li>
      </ul>
      <ChoiceRows legend="Afterwards" hideLegend>
        <CheckboxRow
          name="never"
          id={`never-${erpKey}`}
          title="Never match these two again"
          help="Without it, a later run may pair them again if their names are equal."
        />
      </ChoiceRows>
      {state.error === null ? null : <ErrorNote title={state.error} />}
      <DialogActions>
        {cancel}
        <SubmitButton variant="danger">Unpair</SubmitButton>
      </DialogActions>
    </form>
  )
}
