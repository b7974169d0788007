'use client'

import { RotateCcw } from 'lucide-react'
import { type ReactNode, useActionState } from 'react'
import { Card } from '../../../_ui/card.tsx'
import { ErrorNote } from '../../../_ui/error-note.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { resetMapAction } from './actions.ts'

export interface ResetFormProps {
  type: string
  version: string
  types: string
  backHref: string
  /** What will change. */
  children: ReactNode
}

export function ResetForm({ type, version, types, backHref, children }: ResetFormProps) {
  const [state, send] = useActionState(resetMapAction, { error: null })
  return (
    <form action={send} className="max-w-[640px]">
      <input type="hidden" name="type" value={type} />
      <input type="hidden" name="version" value={version} />
      <Card
        id="changes"
        title="What this changes"
        context="It applies from the next run on. What the present map has sent stays in both systems."
        footer={
          <>
            <LinkButton href={backHref} variant="quiet">
              Keep the present map
            </LinkButton>
            <SubmitButton variant="danger" icon={RotateCcw}>
              Set the map for {types} back
            </SubmitButton>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          {state.error ? <ErrorNote title={state.error} /> : null}
          {children}
        </div>
      </Card>
    </form>
  )
}
