/** A password that was just made: shown once, to be handed over in person. */
export interface Handover {
  email: string
  password: string
}

export interface AddUserState {
  values: Readonly<Record<string, string>>
  fields?: Readonly<Record<string, string[] | undefined>>
  error?: string
  handover?: Handover
}

export interface AccountState {
  error?: string
  done?: string
  handover?: Handover
}
