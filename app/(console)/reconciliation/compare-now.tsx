'use client'

import { Scale } from 'lucide-react'
import { useActionState } from 'react'
import { ErrorNote } from '../../_ui/error-note.tsx'
import { SubmitButton } from '../../_ui/submit-button.tsx'
import { compareAction } from './actions.ts'
import { NOT_ASKED } from './state.ts'

/** Starts a comparison. `main`: it is the one next step of the page. */
export function CompareNow({ main }: { main: boolean }) {
  const [state, send] = useActionState(compareAction, NOT_ASKED)
  return (
    <form action={send} className="flex flex-col items-end gap-2">
      <SubmitButton icon={Scale} variant={main ? 'primary' : 'secondary'}>
        Compare now
      </SubmitButton>
      {state.error ? <ErrorNote title={state.error} /> : null}
    </form>
  )
}
