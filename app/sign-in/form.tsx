'use client'

import { useActionState } from 'react'
import { ErrorNote } from '../_ui/error-note.tsx'
import { TextField } from '../_ui/field.tsx'
import { SubmitButton } from '../_ui/submit-button.tsx'
import { signInAction } from './actions.ts'

export interface SignInState {
  /** Given back, since a form is emptied after its action. The password is not. */
  email: string
  error?: string
  fields?: { email?: string[]; password?: string[] }
}

export function SignInForm({ next }: { next: string }) {
  const [state, send] = useActionState(signInAction, { email: '' })
  return (
    <form action={send} className="flex flex-col gap-4" noValidate>
      {state.error ? <ErrorNote title={state.error} /> : null}
      <input type="hidden" name="next" value={next} />
      <TextField
        key={state.email}
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="username"
        defaultValue={state.email}
        error={state.fields?.email?.[0]}
        required
      />
      <TextField
        name="password"
        type="password"
        label="Password"
        autoComplete="current-password"
        error={state.fields?.password?.[0]}
        required
      />
      <SubmitButton size="large" className="mt-1">
        Sign in
      </SubmitButton>
    </form>
  )
}
