'use client'

import { Button } from '#app/_ui/button.tsx'
import { Dialog } from '#app/_ui/dialog.tsx'
import { UnpairForm } from './unpair-form.tsx'

export interface UnpairDialogProps {
  type: string
  erpKey: string
  erpName: string
  /** "Harbor Point (2021-014) in Vantagepoint" */
  pairedWith: string
  returnTo: string
  onClose: () => void
}

/** Asks before a pair is ended. Fetched when it is first wanted. */
export default function UnpairDialog({ type, erpKey, erpName, pairedWith, returnTo, onClose }: UnpairDialogProps) {
  return (
    <Dialog open onClose={onClose} title={`Unpair ${erpName}?`} context={`It is paired with ${pairedWith}.`}>
      <UnpairForm
        type={type}
        erpKey={erpKey}
        returnTo={returnTo}
        cancel={<Button onClick={onClose}>Keep the pair</Button>}
      />
    </Dialog>
  )
}
