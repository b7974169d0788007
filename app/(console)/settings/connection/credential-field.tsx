'use client'

import { useState } from 'react'
import type { CredentialField as CredentialName } from '#lib/store/connections'
import { TextField } from '../../../_ui/field.tsx'
import { Time } from '../../../_ui/time.tsx'
import type { FormState } from './state.ts'

export interface CredentialHint {
  endsIn: string
  setAt: string
  setBy: string
}

export interface CredentialFieldProps {
  name: CredentialName
  label: string
  help: string
  placeholder?: string
  /** Neither shown again nor sent back to the page. */
  secret?: boolean
  state: FormState
  /** A saved value stands behind the empty field. */
  hint: CredentialHint | undefined
}

/**
 * One value of a system's access. What is entered stays in the field after a test, also a secret, which the server does
 * not send back; saving empties it.
 */
export function CredentialField({ name, label, help, placeholder, secret = false, state, hint }: CredentialFieldProps) {
  const [entered, setEntered] = useState(state.values[name] ?? '')
  const [seen, setSeen] = useState(state.answer)
  if (seen !== state.answer) {
    setSeen(state.answer)
    if (state.done) setEntered('')
  }
  return (
    <TextField
      name={name}
      label={label}
      type={secret ? 'password' : 'text'}
      autoComplete={secret ? 'new-password' : 'off'}
      spellCheck={false}
      placeholder={hint ? 'Saved; leave empty to keep it' : placeholder}
      value={entered}
      onChange={(event) => setEntered(event.target.value)}
      error={state.fields?.[name]?.[0]}
      help={hint ? <SavedHint hint={hint} /> : help}
    />
  )
}

function SavedHint({ hint }: { hint: CredentialHint }) {
  return (
    <>
      Set <Time at={hint.setAt} /> by {hint.setBy}, ends in <span className="font-mono text-xs">••{hint.endsIn}</span>
    </>
  )
}
