/** What the actions of this page answer to its forms. */
export interface PlanFormState {
  readonly error: string | null
}

export const NOTHING_SAID: PlanFormState = { error: null }
