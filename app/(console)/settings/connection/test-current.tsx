'use client'

import { PlugZap } from 'lucide-react'
import { useActionState } from 'react'
import { ErrorNote } from '../../../_ui/error-note.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { testCurrentAction } from './actions.ts'
import { CheckList, checkSummary, type SideNames } from './check-list.tsx'
import { UNTOUCHED } from './state.ts'

/** Tests the connection as it is saved. */
export function TestCurrent({ names }: { names: SideNames }) {
  const [state, test] = useActionState(testCurrentAction, UNTOUCHED)
  return (
    <div className="flex flex-col gap-4">
      <form action={test} className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SubmitButton variant="secondary" icon={PlugZap}>
          Test connection
        </SubmitButton>
        <p role="status" className="text-sm text-ink-muted">
          {state.findings ? checkSummary(state.findings) : 'Signs in to both systems and reads; writes nothing.'}
        </p>
      </form>
      {state.error ? <ErrorNote title={state.error} /> : null}
      {state.findings ? <CheckList findings={state.findings} names={names} /> : null}
    </div>
  )
}
