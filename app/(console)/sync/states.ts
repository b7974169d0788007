/** What the actions of this page answer to its forms. */
export interface StartState {
  readonly error: string | null
  /** A sync was going already: its id. */
  readonly attachedTo: string | null
}

export interface CancelState {
  readonly error: string | null
}

export const NOT_SENT: StartState = { error: null, attachedTo: null }
