import { ArrowDown, ArrowUp } from 'lucide-react'
import { IconButton } from '../../../_ui/button.tsx'

export const MOVE_FORM = 'move-entry'

/** Changes places with the row above or below. At the end of its group there is nowhere to go. */
export function MoveButtons({
  crm,
  label,
  isFirst,
  isLast,
}: {
  crm: string
  label: string
  isFirst: boolean
  isLast: boolean
}) {
  const shared = { type: 'submit', form: MOVE_FORM, name: 'move' } as const
  return (
    <span className="inline-flex">
      <IconButton
        {...shared}
        icon={ArrowUp}
        label={`Move ${label} up`}
        value={`up ${crm}`}
        disabled={isFirst}
        className={LOOK}
      />
      <IconButton
        {...shared}
        icon={ArrowDown}
        label={`Move ${label} down`}
        value={`down ${crm}`}
        disabled={isLast}
        className={LOOK}
      />
    </span>
  )
}

const LOOK = 'size-7!'
