'use client'

import { Pin } from 'lucide-react'
import { type ReactNode, useActionState } from 'react'
import { ErrorNote } from '../../_ui/error-note.tsx'
import { SubmitButton } from '../../_ui/submit-button.tsx'
import { settleAction } from './actions.ts'
import type { RecordFormState } from './schema.ts'
import { type TypedControl, TypedValue } from './typed-value.tsx'

export interface SettleFormProps {
  type: string
  erpKey: string
  conflictId: string
  version: string
  field: string
  label: string
  returnTo: string
  sides: readonly { readonly side: 'erp' | 'crm'; readonly name: string; readonly value: ReactNode }[]
  base: ReactNode
  /** `null`: the value can only be taken from one of the sides. */
  control: TypedControl | null
  /** What stands in the box before anything is typed. */
  suggestion: string
}

const UNTRIED: RecordFormState = { error: null }

/**
 * Both values and the last agreed one side by side; one press settles the field. Plain forms, one for each way, so that
 * the Enter key in the box means the box.
 */
export function SettleForm({ sides, base, control, suggestion, ...conflict }: SettleFormProps) {
  const [state, settle] = useActionState(settleAction, UNTRIED)
  const { label, conflictId } = conflict
  return (
    <div className="flex flex-col gap-3">
      <div className="grid gap-3 md:grid-cols-3">
        <Value title="Last agreed">{base}</Value>
        {sides.map(({ side, name, value }) => (
          <Value key={side} title={`${name} now`}>
            {value}
            <form action={settle} className="mt-auto pt-1">
              <Which {...conflict} choice={side} />
              <SubmitButton size="small" variant="secondary" aria-label={`Take this one: the ${label} of ${name}`}>
                Take this one
              </SubmitButton>
            </form>
          </Value>
        ))}
      </div>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        {control === null ? null : (
          <form action={settle} className="flex min-w-0 flex-1 basis-72 flex-col items-start gap-2">
            <Which {...conflict} choice="typed" />
            <TypedValue
              id={`typed-${conflictId}`}
              label="Or type a value for both"
              control={control}
              value={state.typed ?? suggestion}
            />
            <SubmitButton variant="secondary" size="small" aria-label={`Use it for both: the typed ${label}`}>
              Use it for both
            </SubmitButton>
          </form>
        )}
        <form action={settle}>
          <Which {...conflict} choice="pin" />
          <SubmitButton
            variant="quiet"
            size="small"
            icon={Pin}
            title="Both values stay, and no sync touches the field"
            aria-label={`Keep both and pin: ${label}`}
          >
            Keep both and pin
          </SubmitButton>
        </form>
      </div>
      {state.error === null ? null : <ErrorNote title={state.error} />}
    </div>
  )
}

type Conflict = Pick<SettleFormProps, 'type' | 'erpKey' | 'conflictId' | 'version' | 'field' | 'returnTo'>

function Which({ choice, ...conflict }: Conflict & { choice: string }) {
  const { type, erpKey, conflictId, version, field, returnTo } = conflict
  return (
    <>
      {Object.entries({ type, erpKey, conflictId, version, field, returnTo, choice }).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

function Value({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-control border border-line bg-canvas px-3.5 py-3">
      <p className="text-xs text-ink-muted">{title}</p>
      {children}
    </div>
  )
}
