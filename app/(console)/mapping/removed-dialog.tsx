'use client'

import { Button } from '#app/_ui/button.tsx'
import { Dialog } from '#app/_ui/dialog.tsx'
import { CreateAgainForm, RestoreForm, type RestoreFormProps } from './restore-form.tsx'

export interface RemovedDialogProps extends Omit<RestoreFormProps, 'cancel'> {
  asks: 'restore' | 'create-again'
  erpName: string
  /** "Harbor Point (2021-014)" */
  lost: string
  onClose: () => void
}

/** Asks before a removed pair is restored, or its record created again. Fetched when it is first wanted. */
export default function RemovedDialog({ asks, erpName, lost, onClose, ...form }: RemovedDialogProps) {
  const cancel = <Button onClick={onClose}>Leave it removed</Button>
  return asks === 'restore' ? (
    <Dialog open onClose={onClose} title={`Pair ${erpName} again?`} context={`With ${lost} in ${form.crmName}.`}>
      <RestoreForm {...form} cancel={cancel} />
    </Dialog>
  ) : (
    <Dialog
      open
      onClose={onClose}
      title={`Create ${erpName} again?`}
      context={`It was paired with ${lost}, which ${form.crmName} no longer has.`}
    >
      <CreateAgainForm {...form} cancel={cancel} />
    </Dialog>
  )
}
