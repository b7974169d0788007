'use client'

import { useActionState } from 'react'
import type { ConnectionView } from '#lib/store/connections'
import { Card } from '../../../_ui/card.tsx'
import { ErrorNote } from '../../../_ui/error-note.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { switchConnectionAction } from './actions.ts'
import { UNTOUCHED } from './state.ts'

export interface OtherConnection {
  id: string
  name: string
  origin: ConnectionView['origin']
  pair: string
}

/** The way to another saved pair of systems, the sandbox among them. Mappings and log stay with each pair. */
export function OtherConnections({ connections }: { connections: readonly OtherConnection[] }) {
  const [state, send] = useActionState(switchConnectionAction, UNTOUCHED)
  return (
    <Card
      id="others"
      title="Other connections"
      context="Each pair of systems keeps its own mappings, runs and log; switching loses nothing."
      flush
    >
      {state.error ? (
        <div className="p-4">
          <ErrorNote title={state.error} />
        </div>
      ) : null}
      <ul className="divide-y divide-line">
        {connections.map(({ id, name, origin, pair }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3 sm:px-5">
            <div className="min-w-0">
              <p className="truncate font-medium">{name}</p>
              <p className="text-sm text-ink-muted">{pair}</p>
            </div>
            <form action={send}>
              <input type="hidden" name="connectionId" value={id} />
              <SubmitButton variant="secondary" size="small">
                {origin === 'sandbox' ? 'Go back to the sandbox' : `Use ${name}`}
              </SubmitButton>
            </form>
          </li>
        ))}
      </ul>
    </Card>
  )
}
