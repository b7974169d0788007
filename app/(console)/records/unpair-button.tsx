'use client'

import { Link2Off } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { LinkButton } from '../../_ui/link-button.tsx'

const UnpairDialog = lazy(() => import('../mapping/unpair-dialog.tsx'))

export interface UnpairButtonProps {
  type: string
  erpKey: string
  erpName: string
  /** "Harbor Point (2021-014) in Vantagepoint" */
  pairedWith: string
  /** The page that asks the same without JavaScript. */
  pairHref: string
  returnTo: string
}

/** Asks before the pair is ended. */
export function UnpairButton({ type, erpKey, erpName, pairedWith, pairHref, returnTo }: UnpairButtonProps) {
  const [isAsking, setIsAsking] = useState(false)
  return (
    <>
      <LinkButton
        href={pairHref}
        prefetch={false}
        icon={Link2Off}
        onClick={(event) => {
          event.preventDefault()
          setIsAsking(true)
        }}
      >
        Unpair…
      </LinkButton>
      {isAsking ? (
        <Suspense>
          <UnpairDialog
            type={type}
            erpKey={erpKey}
            erpName={erpName}
            pairedWith={pairedWith}
            returnTo={returnTo}
            onClose={() => setIsAsking(false)}
          />
        </Suspense>
      ) : null}
    </>
  )
}
