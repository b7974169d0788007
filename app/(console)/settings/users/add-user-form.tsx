'use client'

import { useActionState } from 'react'
import { ROLE_WORDS, ROLES } from '#lib/access/roles'
import { Card } from '../../../_ui/card.tsx'
import { ErrorNote } from '../../../_ui/error-note.tsx'
import { TextField } from '../../../_ui/field.tsx'
import { SelectField } from '../../../_ui/select.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { addUserAction } from './actions.ts'
import { HandoverNote } from './handover-note.tsx'

const ROLE_OPTIONS = ROLES.map((role) => ({ value: role, label: ROLE_WORDS[role].label }))
const ROLE_HELP = ROLES.map((role) => `${ROLE_WORDS[role].label}: ${ROLE_WORDS[role].help}.`).join(' ')

/** A new account with a password that Crosswalk makes. */
export function AddUserForm() {
  const [state, send] = useActionState(addUserAction, { values: {} })
  return (
    <form action={send} noValidate>
      <Card
        id="add"
        title="Add a user"
        context={ROLE_HELP}
        footer={<SubmitButton className="ms-auto">Add user</SubmitButton>}
      >
        <div className="flex flex-col gap-4">
          {state.error ? <ErrorNote title={state.error} /> : null}
          {state.handover ? <HandoverNote handover={state.handover} /> : null}
          <div className="grid gap-x-6 gap-y-4 md:grid-cols-[1fr_1fr_180px]">
            <TextField
              key={`email ${state.values.email}`}
              name="email"
              type="email"
              label="E-mail address"
              defaultValue={state.values.email}
              error={state.fields?.email?.[0]}
              autoComplete="off"
            />
            <TextField
              key={`name ${state.values.name}`}
              name="name"
              label="Name"
              mark="optional"
              defaultValue={state.values.name}
              error={state.fields?.name?.[0]}
              autoComplete="off"
            />
            <SelectField
              name="role"
              label="Role"
              options={ROLE_OPTIONS}
              defaultValue={state.values.role ?? 'viewer'}
              error={state.fields?.role?.[0]}
            />
          </div>
        </div>
      </Card>
    </form>
  )
}
