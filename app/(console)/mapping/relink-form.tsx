'use client'

import { useActionState } from 'react'
import { CheckboxRow, ChoiceRows } from '#app/_ui/checkbox-row.tsx'
import { DialogActions } from '#app/_ui/dialog.tsx'
import { ErrorNote } from '#app/_ui/error-note.tsx'
import { LinkButton } from '#app/_ui/link-button.tsx'
import { SubmitButton } from '#app/_ui/submit-button.tsx'
import { relinkAction } from './actions.ts'
import type { PairingState } from './schema.ts'

export interface RelinkFormProps {
  type: string
  erpKey: string
  crmId: string
  insteadOf: string
  /** The two CRM records by name. */
  newName: string
  oldName: string
  returnTo: string
  cancelHref: string
}

const UNTRIED: PairingState = { error: null }

/** Says what pairing with the other one does and does not, then does it. */
export function RelinkForm(props: RelinkFormProps) {
  const { type, erpKey, crmId, insteadOf, newName, oldName, returnTo, cancelHref } = props
  const [state, relink] = useActionState(relinkAction, UNTRIED)
  return (
    <form action={relink} className="flex flex-col gap-4">
      {Object.entries({ type, erpKey, crmId, insteadOf, returnTo }).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <ul className="flex list-disc flex-col gap-1 ps-5 text-pretty wrap-anywhere">
        <li>The pair with {oldName} ends. That record stays exactly as it is, and has no pair.</li>
        <li>The pair with {newName} is new: the next sync compares every field and sends what differs.</li>
        <li>Both stand in the history of the record, with your name and the time.</li>
      </ul>
      <ChoiceRows legend="Afterwards" hideLegend>
        <CheckboxRow
          name="never"
          title={`Never match it with ${oldName} again`}
          help="Without it, a later run may offer that one again if the names are equal."
        />
      </ChoiceRows>
      {state.error === null ? null : <ErrorNote title={state.error} />}
      <DialogActions>
        <LinkButton href={cancelHref}>Keep the present pair</LinkButton>
        <SubmitButton>Pair these instead</SubmitButton>
      </DialogActions>
    </form>
  )
}
