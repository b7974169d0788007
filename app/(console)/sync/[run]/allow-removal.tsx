'use client'

import { useActionState } from 'react'
import { Card } from '../../../_ui/card.tsx'
import { TextField } from '../../../_ui/field.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { allowRemovalAction } from './actions.ts'

/** The way on from a run that the brake has held: one more run that may remove the pairs, with a reason. */
export function AllowRemoval({ runId, crmName }: { runId: string; crmName: string }) {
  const [state, allow] = useActionState(allowRemovalAction, { error: null, reason: '' })
  return (
    <Card
      id="allow-removal"
      title="Were these records meant to go?"
      context={`Look into ${crmName} first. If they are only out of sight there, put that right and synchronize again.`}
    >
      <form action={allow} className="flex max-w-[640px] flex-col gap-4">
        <input type="hidden" name="run" value={runId} />
        <ul className="flex list-disc flex-col gap-1 ps-5 text-pretty">
          <li>A new sync starts with the same options, and asks {crmName} for every missing record by its key.</li>
          <li>The pairs of those that do not answer are removed. Each stays in the mapping table, to be restored.</li>
          <li>Nothing is deleted in either system, and what is gone is not created again by itself.</li>
          <li>This counts for that one sync. The next one holds again.</li>
        </ul>
        <TextField
          key={state.reason}
          name="reason"
          label="Why they may go"
          help="Stored with the run and in its log, with your name."
          error={state.error ?? undefined}
          defaultValue={state.reason}
          required
          minLength={3}
          maxLength={500}
          autoComplete="off"
        />
        <div>
          <SubmitButton variant="danger">Remove them this once</SubmitButton>
        </div>
      </form>
    </Card>
  )
}
