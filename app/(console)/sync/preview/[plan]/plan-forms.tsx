'use client'

import { type ReactNode, useActionState, useState } from 'react'
import { Button, type ButtonVariant } from '../../../../_ui/button.tsx'
import { Dialog, DialogActions } from '../../../../_ui/dialog.tsx'
import { ErrorNote } from '../../../../_ui/error-note.tsx'
import { LinkButton } from '../../../../_ui/link-button.tsx'
import { SubmitButton } from '../../../../_ui/submit-button.tsx'
import { applyPlanAction, approvePlanAction, discardPlanAction, reopenPlanAction, tickAllAction } from './actions.ts'
import { NOTHING_SAID } from './state.ts'

const ACTIONS = {
  apply: applyPlanAction,
  approve: approvePlanAction,
  reopen: reopenPlanAction,
  discard: discardPlanAction,
} as const

interface PlanFormProps {
  planId: string
  act: keyof typeof ACTIONS
  verb: string
  variant?: ButtonVariant
  disabled?: boolean
  /** The way out, in a question. */
  keep?: ReactNode
}

/** One decision about the whole plan, with what was answered beside it. */
export function PlanForm({ planId, act, verb, variant, disabled, keep }: PlanFormProps) {
  const [state, send] = useActionState(ACTIONS[act], NOTHING_SAID)
  return (
    <form action={send} className="flex flex-col gap-2">
      {state.error ? <ErrorNote title={state.error} /> : null}
      <input type="hidden" name="plan" value={planId} />
      {keep ? (
        <DialogActions>
          {keep}
          <SubmitButton variant={variant}>{verb}</SubmitButton>
        </DialogActions>
      ) : (
        <SubmitButton variant={variant} disabled={disabled}>
          {verb}
        </SubmitButton>
      )}
    </form>
  )
}

/** A decision that is asked about first: a dialog, or without JavaScript the page itself asking the same. */
export function AskedPlanForm({
  planId,
  act,
  verb,
  variant,
  disabled,
  title,
  context,
  details,
}: PlanFormProps & { act: 'apply' | 'discard'; title: string; context: string; details?: ReactNode }) {
  const [asking, setAsking] = useState(false)
  if (disabled) {
    return (
      <Button variant={variant} disabled>
        {verb}
      </Button>
    )
  }
  return (
    <>
      <LinkButton
        href={`/sync/preview/${planId}?ask=${act}`}
        variant={variant}
        prefetch={false}
        onClick={(event) => {
          event.preventDefault()
          setAsking(true)
        }}
      >
        {verb}
      </LinkButton>
      <Dialog open={asking} onClose={() => setAsking(false)} title={title} context={context}>
        {details}
        <PlanForm
          planId={planId}
          act={act}
          verb={verb}
          variant={variant}
          keep={<Button onClick={() => setAsking(false)}>Not yet</Button>}
        />
      </Dialog>
    </>
  )
}

/** Ticks or unticks everything that the filter shows, on all pages. */
export function TickAll({
  planId,
  filter,
  noun,
}: {
  planId: string
  filter: Readonly<Record<string, string | null>>
  /** What is ticked, e.g. `all 214` or `the 12 shown by the filter`. */
  noun: string
}) {
  const [state, send] = useActionState(tickAllAction, NOTHING_SAID)
  return (
    <form action={send} className="flex flex-wrap items-center gap-2">
      {state.error ? <ErrorNote title={state.error} /> : null}
      <input type="hidden" name="plan" value={planId} />
      {Object.entries(filter).map(([name, value]) =>
        value === null ? null : <input key={name} type="hidden" name={name} value={value} />,
      )}
      <SubmitButton variant="secondary" size="small" name="to" value="on">
        Tick {noun}
      </SubmitButton>
      <SubmitButton variant="secondary" size="small" name="to" value="off">
        Untick {noun}
      </SubmitButton>
    </form>
  )
}
