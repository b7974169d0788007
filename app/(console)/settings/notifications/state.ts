/** What a form of this page shows after its action. */
export interface FormState {
  /** What was entered, secrets left out: React empties a form after its action. */
  values: Readonly<Record<string, string>>
  fields?: Readonly<Record<string, string[] | undefined>>
  error?: string
  /** What was done, in a sentence. */
  done?: string
  /** A signing secret that was just made: shown once. */
  secret?: string
  /** Counts answers, so that a form knows a new one from the old. */
  answer: number
}

export const UNTOUCHED: FormState = { values: {}, answer: 0 }
