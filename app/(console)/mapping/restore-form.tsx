'use client'

import { type ReactNode, useActionState } from 'react'
import { DialogActions } from '#app/_ui/dialog.tsx'
import { ErrorNote } from '#app/_ui/error-note.tsx'
import { SubmitButton } from '#app/_ui/submit-button.tsx'
import { createAgainAction, restoreAction } from './actions.ts'
import type { PairingState } from './schema.ts'

export interface RestoreFormProps {
  type: string
  erpKey: string
  /** The removed row of the mapping table. */
  mappingId: string
  crmName: string
  returnTo: string
  /** The way out, where there is one. */
  cancel?: ReactNode
}

const UNTRIED: PairingState = { error: null }

/** Says what restoring does, then does it. */
export function RestoreForm({ type, erpKey, mappingId, crmName, returnTo, cancel }: RestoreFormProps) {
  const [state, restore] = useActionState(restoreAction, UNTRIED)
  return (
    <form action={restore} className="flex flex-col gap-4">
      <input type="hidden" name="type" value={type} />
      <input type="hidden" name="erpKey" value={erpKey} />
      <input type="hidden" name="mapping" value={mappingId} />
      <input type="hidden" name="returnTo" value={returnTo} />
      <ul className="flex list-disc flex-col gap-1 ps-5 text-pretty">
        <li>{crmName} is asked for the record first. If it does not answer, nothing is changed.</li>
        <li>The pair comes back with the values that both sides had agreed on, and with its pins.</li>
        <li>Nothing is sent now. The next run compares both sides and sends what differs.</li>
      </ul>
      {state.error === null ? null : <ErrorNote title={state.error} />}
      <DialogActions>
        {cancel}
        <SubmitButton>Restore the pair</SubmitButton>
      </DialogActions>
    </form>
  )
}

/** Says what creating again does, then allows it. */
export function CreateAgainForm({ type, erpKey, crmName, returnTo, cancel }: Omit<RestoreFormProps, 'mappingId'>) {
  const [state, createAgain] = useActionState(createAgainAction, UNTRIED)
  return (
    <form action={createAgain} className="flex flex-col gap-4">
      <input type="hidden" name="type" value={type} />
      <input type="hidden" name="erpKey" value={erpKey} />
      <input type="hidden" name="returnTo" value={returnTo} />
      <ul className="flex list-disc flex-col gap-1 ps-5 text-pretty">
        <li>The next run makes a new record in {crmName}. What was only in the lost one is not in it.</li>
        <li>If that run finds an unpaired record of the same name, it pairs that one instead.</li>
      </ul>
      {state.error === null ? null : <ErrorNote title={state.error} />}
      <DialogActions>
        {cancel}
        <SubmitButton variant="secondary">Create again in {crmName}</SubmitButton>
      </DialogActions>
    </form>
  )
}
