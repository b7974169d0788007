'use client'

import { Plus } from 'lucide-react'
import { useActionState } from 'react'
import { Card } from '../../../_ui/card.tsx'
import { ErrorNote, Note } from '../../../_ui/error-note.tsx'
import { TextField } from '../../../_ui/field.tsx'
import { SelectField } from '../../../_ui/select.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { addChannelAction } from './actions.ts'
import { SecretNote } from './secret-note.tsx'
import { UNTOUCHED } from './state.ts'
import { type KindChoice, WantedFields } from './wanted-fields.tsx'

const KINDS = [
  { value: 'email', label: 'E-mail' },
  { value: 'webhook', label: 'Webhook' },
]

/** Adds somebody, or something, that is told. Everything is ticked at first: what is too much is easy to see. */
export function AddChannelForm({ choices }: { choices: readonly KindChoice[] }) {
  const [state, send] = useActionState(addChannelAction, UNTOUCHED)
  const { values, answer } = state
  const isUntouched = Object.keys(values).length === 0
  return (
    <form action={send} noValidate>
      <Card
        id="add-channel"
        title="Add a channel"
        context="An e-mail address, or a webhook for a chat, a pager or a program of your own."
        footer={
          <SubmitButton icon={Plus} className="ms-auto">
            Add channel
          </SubmitButton>
        }
      >
        <div className="flex flex-col gap-5">
          {state.error ? <ErrorNote title={state.error} /> : null}
          {state.done ? <Note tone="ok" role="status" title={state.done} /> : null}
          {state.secret ? <SecretNote secret={state.secret} /> : null}
          <div className="grid gap-x-8 gap-y-4 md:grid-cols-[12rem_minmax(0,1fr)]">
            <SelectField
              key={`kind ${answer}`}
              name="kind"
              label="Kind"
              options={KINDS}
              defaultValue={values.kind ?? 'email'}
              error={state.fields?.kind?.[0]}
            />
            <TextField
              key={`target ${answer}`}
              name="target"
              label="Address"
              help="An e-mail address; or for a webhook the public https address that takes a POST with JSON."
              placeholder="ops@firm.com"
              autoComplete="off"
              spellCheck={false}
              defaultValue={values.target ?? ''}
              error={state.fields?.target?.[0]}
            />
          </div>
          <WantedFields
            idPrefix="new"
            choices={choices}
            isWanted={(kind) => isUntouched || values[`alert_${kind}`] === 'on'}
            mode={values.mode ?? 'each'}
            error={state.fields?.alertKinds?.[0]}
            answer={answer}
          />
        </div>
      </Card>
    </form>
  )
}
