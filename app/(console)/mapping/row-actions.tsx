'use client'

import { History, Link2, Link2Off } from 'lucide-react'
import { useState } from 'react'
import { Button } from '#app/_ui/button.tsx'
import { Dialog } from '#app/_ui/dialog.tsx'
import { Menu, MenuLink } from '#app/_ui/menu.tsx'
import { UnpairForm } from './unpair-form.tsx'

export interface RowActionsProps {
  type: string
  erpKey: string
  erpName: string
  /** "Harbor Point (2021-014) in Vantagepoint"; `null` where there is no living pair. */
  pairedWith: string | null
  historyHref: string
  recordHref: string
  returnTo: string
  canPair: boolean
}

/** What can be done with one row. Without JavaScript the record's own page asks what the dialog asks. */
export function RowActions(props: RowActionsProps) {
  const [isAsking, setIsAsking] = useState(false)
  return (
    <>
      <Menu label={`Actions for ${props.erpName}`}>
        <MenuLink icon={<History size={14} />} href={props.historyHref}>
          History in the log
        </MenuLink>
        {props.canPair && props.pairedWith === null ? (
          <MenuLink icon={<Link2 size={14} />} href={props.recordHref}>
            Pair by hand…
          </MenuLink>
        ) : null}
        {props.canPair && props.pairedWith !== null ? (
          <MenuLink icon={<Link2Off size={14} />} href={props.recordHref} danger onSelect={() => setIsAsking(true)}>
            Unpair…
          </MenuLink>
        ) : null}
      </Menu>
      <Dialog
        open={isAsking}
        onClose={() => setIsAsking(false)}
        title={`Unpair ${props.erpName}?`}
        context={props.pairedWith === null ? null : `It is paired with ${props.pairedWith}.`}
      >
        <UnpairForm
          type={props.type}
          erpKey={props.erpKey}
          returnTo={props.returnTo}
          cancel={<Button onClick={() => setIsAsking(false)}>Keep the pair</Button>}
        />
      </Dialog>
    </>
  )
}
