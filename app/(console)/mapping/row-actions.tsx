'use client'

import { Columns2, FilePlus2, History, Link2, Link2Off, Undo2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Menu, MenuLink } from '#app/_ui/menu.tsx'
import type { RecordType } from '#lib/sync/records'
import { SyncOneItem } from '../sync/sync-one-item.tsx'

const UnpairDialog = lazy(() => import('./unpair-dialog.tsx'))
const RemovedDialog = lazy(() => import('./removed-dialog.tsx'))

export interface RowActionsProps {
  type: RecordType
  erpKey: string
  erpName: string
  /** "Harbor Point (2021-014) in Vantagepoint"; `null` where there is no living pair. */
  pairedWith: string | null
  /** Of a removed row: its id, "Harbor Point (2021-014)", and whether the record waits to be created again. */
  removed: { mappingId: string; lost: string; waits: boolean } | null
  crmName: string
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
  const [asks, setAsks] = useState<'unpair' | 'restore' | 'create-again' | null>(null)
  const { removed } = props
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
        {props.canPair && removed !== null ? (
          <MenuLink icon={<Undo2 size={14} />} href={props.pairHref} onSelect={() => setAsks('restore')}>
            Restore the pair…
          </MenuLink>
        ) : null}
        {props.canPair && removed?.waits ? (
          <MenuLink icon={<FilePlus2 size={14} />} href={props.pairHref} onSelect={() => setAsks('create-again')}>
            Create again…
          </MenuLink>
        ) : null}
        {props.canPair && props.pairedWith === null ? (
          <MenuLink icon={<Link2 size={14} />} href={props.pairHref}>
            {removed === null ? 'Pair by hand…' : 'Pair with another…'}
          </MenuLink>
        ) : null}
        {props.canPair && props.pairedWith !== null ? (
          <MenuLink icon={<Link2Off size={14} />} href={props.pairHref} danger onSelect={() => setAsks('unpair')}>
            Unpair…
          </MenuLink>
        ) : null}
      </Menu>
      {asks !== null && asks !== 'unpair' && removed !== null ? (
        <Suspense>
          <RemovedDialog
            asks={asks}
            type={props.type}
            erpKey={props.erpKey}
            erpName={props.erpName}
            mappingId={removed.mappingId}
            lost={removed.lost}
            crmName={props.crmName}
            returnTo={props.returnTo}
            onClose={() => setAsks(null)}
          />
        </Suspense>
      ) : null}
      {asks === 'unpair' && props.pairedWith !== null ? (
        <Suspense>
          <UnpairDialog
            type={props.type}
            erpKey={props.erpKey}
            erpName={props.erpName}
            pairedWith={props.pairedWith}
            returnTo={props.returnTo}
            onClose={() => setAsks(null)}
          />
        </Suspense>
      ) : null}
    </>
  )
}
