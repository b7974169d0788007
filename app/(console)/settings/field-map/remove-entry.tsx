'use client'

import { Trash2 } from 'lucide-react'
import { useActionState } from 'react'
import { Card } from '../../../_ui/card.tsx'
import { ErrorNote } from '../../../_ui/error-note.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { removeEntryAction } from './actions.ts'

export interface RemoveEntryProps {
  type: string
  version: string
  crm: string
  label: string
  names: { readonly erp: string; readonly crm: string }
}

/** Takes an entry out of the map; says what that means for what it has sent. */
export function RemoveEntry({ type, version, crm, label, names }: RemoveEntryProps) {
  const [state, send] = useActionState(removeEntryAction, { error: null })
  return (
    <form action={send} className="min-w-0">
      <input type="hidden" name="type" value={type} />
      <input type="hidden" name="version" value={version} />
      <input type="hidden" name="field" value={crm} />
      <Card id="remove" title={`Take ${label} out of the map`}>
        <div className="flex flex-col gap-3">
          {state.error ? <ErrorNote title={state.error} /> : null}
          <p className="text-sm text-ink-muted text-pretty">
            From the next run on, {crm} in {names.crm} is neither sent nor read. What it holds stays as it is on both
            sides.
          </p>
          <div>
            <SubmitButton variant="danger" icon={Trash2}>
              Remove {label}
            </SubmitButton>
          </div>
        </div>
      </Card>
    </form>
  )
}
