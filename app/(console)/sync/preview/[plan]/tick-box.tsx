'use client'

import { Check } from 'lucide-react'
import { useActionState } from 'react'
import { classNames } from '../../../../_ui/class-names.ts'
import { tickItemAction } from './actions.ts'
import { NOTHING_SAID } from './state.ts'

/** One record's tick, saved as it is pressed: a form of its own, so that it works without JavaScript. */
export function TickBox({
  planId,
  itemId,
  name,
  ticked,
  disabled,
}: {
  planId: string
  itemId: string
  /** The record, for those who do not see the row. */
  name: string
  ticked: boolean
  disabled: boolean
}) {
  const [state, send, isPending] = useActionState(tickItemAction, NOTHING_SAID)
  const shown = isPending ? !ticked : ticked
  return (
    <form action={send} className="flex">
      <input type="hidden" name="plan" value={planId} />
      <input type="hidden" name="item" value={itemId} />
      <input type="hidden" name="to" value={ticked ? 'off' : 'on'} />
      {/* biome-ignore lint/a11y/useSemanticElements: a checkbox cannot send its form without JavaScript */}
      <button
        type="submit"
        role="checkbox"
        aria-checked={shown}
        aria-label={`Apply ${name}`}
        title={state.error ?? undefined}
        disabled={disabled}
        className={classNames(
          'flex size-6 items-center justify-center rounded-[4px] border',
          shown ? 'border-accent bg-accent text-accent-ink' : 'border-line-strong bg-surface text-transparent',
          disabled ? 'cursor-not-allowed opacity-45' : 'cursor-pointer',
        )}
      >
        <Check aria-hidden size={14} strokeWidth={3} />
      </button>
      {state.error ? (
        <span role="alert" className="sr-only">
          {state.error}
        </span>
      ) : null}
    </form>
  )
}
