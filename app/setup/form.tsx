'use client'

import { useActionState } from 'react'
import { ErrorNote } from '../_ui/error-note.tsx'
import { TextField } from '../_ui/field.tsx'
import { SubmitButton } from '../_ui/submit-button.tsx'
import { createAdministratorAction } from './actions.ts'

export interface SetupFormState {
  name: string
  email: string
  error?: string
  fields?: { name?: string[]; email?: string[]; password?: string[] }
}

export function SetupForm({ token }: { token: string }) {
  const [state, send] = useActionState(createAdministratorAction, { name: '', email: '' })
  return (
    <form action={send} className="flex flex-col gap-4" noValidate>
      {state.error ? <ErrorNote title={state.error} /> : null}
      <input type="hidden" name="token" value={token} />
      <TextField
        key={`name ${state.name}`}
        name="name"
        label="Your name"
        autoComplete="name"
        defaultValue={state.name}
        error={state.fields?.name?.[0]}
        required
      />
      <TextField
        key={`email ${state.email}`}
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="username"
        defaultValue={state.email}
        help="You sign in with it. Nothing is sent to it."
        error={state.fields?.email?.[0]}
        required
      />
      <TextField
        name="password"
        type="password"
        label="Password"
        autoComplete="new-password"
        help="At least 12 characters. A few unrelated words work well."
        error={state.fields?.password?.[0]}
        required
      />
      <SubmitButton size="large" className="mt-1">
        Create administrator
      </SubmitButton>
    </form>
  )
}
