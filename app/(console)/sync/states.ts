import type { RunOptions } from '#lib/sync/eligibility'

/** What the actions of this page answer to its forms. */
export interface StartState {
  readonly error: string | null
  /** A sync was going already: its id. */
  readonly attachedTo: string | null
  /** What was ticked when it was refused: React empties a form after every action, also one that returned an error. */
  readonly options: RunOptions | null
  /** Counts the presses, so that the boxes are drawn anew after each. */
  readonly attempt: number
}

export interface CancelState {
  readonly error: string | null
}

export const NOT_SENT: StartState = { error: null, attachedTo: null, options: null, attempt: 0 }
