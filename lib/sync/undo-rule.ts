import type { RunStatus } from './run-state.ts'

export interface UndoFacts {
  readonly kind: 'sync' | 'preview' | 'apply' | 'retry' | 'undo'
  readonly isOpen: boolean
  /** Whether another run of the connection is queued or running. */
  readonly isAnotherGoing: boolean
  /** How the undos of this run ended, in any order; `null`: it is going. */
  readonly undos: readonly (RunStatus | null)[]
  /** Whether it wrote or created a record or added a pair that no undo of it has dealt with. */
  readonly isAnythingLeft: boolean
}

export type UndoRefusalReason =
  | 'not-finished'
  | 'is-preview'
  | 'is-undo'
  | 'undone-already'
  | 'nothing-written'
  | 'another-run-going'

/** Why a run cannot be undone; `message` is a complete sentence for the person who asks. */
export interface UndoRefusal {
  readonly reason: UndoRefusalReason
  readonly message: string
}

const MESSAGES: Readonly<Record<UndoRefusalReason, string>> = {
  'not-finished': 'This run is still going. It can be undone when it has ended.',
  'is-preview': 'A preview writes nothing, so there is nothing to undo.',
  'is-undo': 'An undo cannot be undone. Start a sync to send the present values again.',
  'undone-already': 'This run has been undone already. A run is undone once.',
  'nothing-written': 'There is nothing left of this run to put back.',
  'another-run-going': 'Another run is going. Wait for its end, or cancel it, and undo this one then.',
}

/**
 * Which runs can be undone (sync-rules §12): finished ones that wrote something and are not undone yet. `null`: it can.
 * An undo that failed, was cancelled or left records behind can be started again; it goes on with what is left.
 */
export function refuseUndo(facts: UndoFacts): UndoRefusal | null {
  const reason = refusalReason(facts)
  return reason === null ? null : { reason, message: MESSAGES[reason] }
}

function refusalReason(facts: UndoFacts): UndoRefusalReason | null {
  if (facts.kind === 'undo') return 'is-undo'
  if (facts.kind === 'preview') return 'is-preview'
  if (facts.isOpen) return 'not-finished'
  if (facts.undos.includes('completed')) return 'undone-already'
  if (!facts.isAnythingLeft) return 'nothing-written'
  return facts.isAnotherGoing ? 'another-run-going' : null
}
