'use client'

import { type ReactNode, useActionState } from 'react'
import { CheckboxRow, ChoiceRows } from '../../../_ui/checkbox-row.tsx'
import { ErrorNote } from '../../../_ui/error-note.tsx'
import { TextField } from '../../../_ui/field.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { undoRunAction } from './undo-actions.ts'
import { LONGEST_REASON, NOT_ASKED, SHORTEST_REASON } from './undo-schema.ts'

/** Reason and choice of an undo; `keep` is the way out. A plain form, so it works without JavaScript. */
export function UndoForm({ runId, keep }: { runId: string; keep: ReactNode }) {
  const [state, undo] = useActionState(undoRunAction, NOT_ASKED)
  return (
    <form action={undo} className="flex flex-col gap-4">
      {state.error ? <ErrorNote title={state.error} /> : null}
      <input type="hidden" name="run" value={runId} />
      {/* React empties a form after every action: what was entered is drawn anew. */}
      <ChoiceRows key={`choice ${state.attempt}`} legend="What later syncs do" hideLegend>
        <CheckboxRow
          name="pins"
          title="Pin the fields that are put back"
          help="Later syncs leave them alone until somebody unpins them. Pairs that are removed have nothing to pin."
          defaultChecked={state.pins}
        />
      </ChoiceRows>
      <TextField
        key={`reason ${state.attempt}`}
        name="reason"
        label="Reason"
        help="It is shown with the undo and kept in the audit trail."
        error={state.reasonError ?? undefined}
        defaultValue={state.reason}
        minLength={SHORTEST_REASON}
        maxLength={LONGEST_REASON}
        required
      />
      <div className="flex flex-wrap justify-end gap-2">
        {keep}
        <SubmitButton variant="danger">Undo this run</SubmitButton>
      </div>
    </form>
  )
}
