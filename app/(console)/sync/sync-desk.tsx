'use client'

import { type ReactNode, useActionState } from 'react'
import { ErrorNote } from '../../_ui/error-note.tsx'
import { AttachedNote } from './_run/attached-note.tsx'
import { startSyncAction } from './actions.ts'
import { NOT_SENT } from './states.ts'
import { SyncForm, type SyncFormProps } from './sync-form.tsx'

export interface SyncDeskProps {
  form: Omit<SyncFormProps, 'send'>
  /** The run that is going, in place of the form. */
  current: ReactNode
  /** Stands beside the form where there is room, below it where there is none. */
  beside: ReactNode
  /** How the last sync ended; read out when it changes while the page is open. */
  ended: string
}

/** Either the form or the run that is going; what the last press answered outlives the change from one to the other. */
export function SyncDesk({ form, current, beside, ended }: SyncDeskProps) {
  const [state, send] = useActionState(startSyncAction, NOT_SENT)
  return (
    <div className="flex flex-col gap-4">
      <p role="status" className="sr-only">
        {ended}
      </p>
      {state.error ? <ErrorNote title={state.error} /> : null}
      {state.attachedTo && current ? <AttachedNote /> : null}
      {current ?? (
        <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-[minmax(0,640px)_minmax(0,1fr)]">
          <SyncForm
            key={`${state.attempt} ${form.backlogProjects}`}
            {...form}
            initial={state.options ?? form.initial}
            send={send}
          />
          {beside}
        </div>
      )}
    </div>
  )
}
