'use client'

import { FilePlus2, Undo2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { LinkButton } from '../../_ui/link-button.tsx'
import type { RemovedDialogProps } from '../mapping/removed-dialog.tsx'

const RemovedDialog = lazy(() => import('../mapping/removed-dialog.tsx'))

export interface RemovedButtonsProps extends Omit<RemovedDialogProps, 'asks' | 'onClose'> {
  /** The record waits to be created again. */
  waits: boolean
  /** The page that asks the same without JavaScript. */
  pairHref: string
}

/** Brings a removed pair back, or has its record created again. */
export function RemovedButtons({ waits, pairHref, ...dialog }: RemovedButtonsProps) {
  const [asks, setAsks] = useState<RemovedDialogProps['asks'] | null>(null)
  const asking = (what: RemovedDialogProps['asks']) => (event: { preventDefault(): void }) => {
    event.preventDefault()
    setAsks(what)
  }
  return (
    <>
      <div className="flex flex-wrap gap-2 pt-2">
        <LinkButton href={pairHref} prefetch={false} size="small" icon={Undo2} onClick={asking('restore')}>
          Restore…
        </LinkButton>
        {waits ? (
          <LinkButton href={pairHref} prefetch={false} size="small" icon={FilePlus2} onClick={asking('create-again')}>
            Create again…
          </LinkButton>
        ) : null}
      </div>
      {asks === null ? null : (
        <Suspense>
          <RemovedDialog {...dialog} asks={asks} onClose={() => setAsks(null)} />
        </Suspense>
      )}
    </>
  )
}
