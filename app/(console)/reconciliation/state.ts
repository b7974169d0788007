export interface CompareState {
  readonly error: string | null
}

export const NOT_ASKED: CompareState = { error: null }
