'use client'

import { useActionState } from 'react'
import { ErrorNote } from '#app/_ui/error-note.tsx'
import { SubmitButton } from '#app/_ui/submit-button.tsx'
import { neverAction, pairAction } from './actions.ts'
import type { PairingState } from './schema.ts'

export interface PairButtonsProps {
  type: string
  erpKey: string
  crmId: string
  /** The two names, for those who hear the buttons one after the other. */
  erpName: string
  crmName: string
  returnTo: string
  /** The record has no pair, so that one press makes one. */
  canPair: boolean
  /** Offer to say that the two are not the same. */
  canRefuse: boolean
}

const UNTRIED: PairingState = { error: null }

/** One click pairs; another one says that the two are not the same. Both are plain forms. */
export function PairButtons({ type, erpKey, crmId, erpName, crmName, returnTo, canPair, canRefuse }: PairButtonsProps) {
  const [paired, pair] = useActionState(pairAction, UNTRIED)
  const [refused, refuse] = useActionState(neverAction, UNTRIED)
  const error = paired.error ?? refused.error
  const fields = (
    <>
      <input type="hidden" name="type" value={type} />
      <input type="hidden" name="erpKey" value={erpKey} />
      <input type="hidden" name="crmId" value={crmId} />
      <input type="hidden" name="returnTo" value={returnTo} />
    </>
  )
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        {canPair ? (
          <form action={pair}>
            {fields}
            <SubmitButton size="small" data-review="pair" aria-label={`Pair ${erpName} with ${crmName} (${crmId})`}>
              Pair
            </SubmitButton>
          </form>
        ) : null}
        {canRefuse ? (
          <form action={refuse}>
            {fields}
            <SubmitButton
              size="small"
              variant="quiet"
              data-review="never"
              aria-label={`Not the same: never match ${erpName} with ${crmName} (${crmId})`}
              title="No run will pair these two"
            >
              Not the same
            </SubmitButton>
          </form>
        ) : null}
      </div>
      {error === null ? null : <ErrorNote title={error} />}
    </div>
  )
}
