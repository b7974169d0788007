'use client'

import { RefreshCw } from 'lucide-react'
import { useActionState } from 'react'
import { MenuSubmit } from '#app/_ui/menu.tsx'
import type { RecordName } from '#lib/store/failed-items'
import { RecordFields } from './record-fields.tsx'
import { syncOneAction } from './retry-actions.ts'

/** *Sync this one* in a row's menu. Why it was refused is told where it was asked. */
export function SyncOneItem({ record }: { record: RecordName }) {
  const [state, sync, pending] = useActionState(syncOneAction, { error: null })
  return (
    <li>
      <form action={sync}>
        <RecordFields record={record} />
        <MenuSubmit icon={<RefreshCw size={14} />} pending={pending}>
          Sync this one
        </MenuSubmit>
      </form>
      {state.error === null ? null : (
        <p role="alert" className="max-w-60 px-2 pb-1.5 text-sm text-bad text-pretty whitespace-normal">
          {state.error}
        </p>
      )}
    </li>
  )
}
