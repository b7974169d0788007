'use client'

import { Columns2, History, Link2, Link2Off } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Menu, MenuLink } from '#app/_ui/menu.tsx'
import type { RecordType } from '#lib/sync/records'
import { SyncOneItem } from '../sync/sync-one-item.tsx'

const UnpairDialog = lazy(() => import('./unpair-dialog.tsx'))

export interface RowActionsProps {
  type: RecordType
  erpKey: string
  erpName: string
  /** "Harbor Point (2021-014) in Vantagepoint"; `null` where there is no living pair. */
  pairedWith: string | null
  historyHref: string
  recordHref: string
  /** The page to pair or unpair on, without JavaScript too. */
  pairHref: string
  returnTo: string
  canPair: boolean
  canRun: boolean
}

/** What can be done with one row. Without JavaScript the record's own page asks what the dialog asks. */
export function RowActions(props: RowActionsProps) {
  const [isAsking, setIsAsking] = useState(false)
  return (
    <>
      <Menu label={`Actions for ${props.erpName}`}>
        {props.canRun ? <SyncOneItem record={{ type: props.type, side: 'erp', key: props.erpKey }} /> : null}
        <MenuLink icon={<Columns2 size={14} />} href={props.recordHref}>
          Side by side
        </MenuLink>
        <MenuLink icon={<History size={14} />} href={props.historyHref}>
          History in the log
        </MenuLink>
        {props.canPair && props.pairedWith === null ? (
          <MenuLink icon={<Link2 size={14} />} href={props.pairHref}>
            Pair by hand…
          </MenuLink>
        ) : null}
        {props.canPair && props.pairedWith !== null ? (
          <MenuLink icon={<Link2Off size={14} />} href={props.pairHref} danger onSelect={() => setIsAsking(true)}>
            Unpair…
          </MenuLink>
        ) : null}
      </Menu>
      {isAsking && props.pairedWith !== null ? (
        <Suspense>
          <UnpairDialog
            type={props.type}
            erpKey={props.erpKey}
            erpName={props.erpName}
            pairedWith={props.pairedWith}
            returnTo={props.returnTo}
            onClose={() => setIsAsking(false)}
          />
        </Suspense>
      ) : null}
    </>
  )
}
