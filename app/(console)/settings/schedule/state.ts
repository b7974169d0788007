/** A moment to come: as text in the schedule's zone, and for the reader's own clock. */
export interface Moment {
  readonly text: string
  /** ISO 8601 UTC. */
  readonly at: string
}

/** What a schedule comes to: the next starts it would have from now on. */
export interface StartsView {
  readonly cadence: string
  readonly timeZone: string
  readonly enabled: boolean
  readonly syncs: readonly Moment[]
  readonly comparison: Moment | null
}

/** What the form of this page shows after its action. */
export interface ScheduleState {
  /** Everything that was entered: React empties a form after its action. */
  values: Readonly<Record<string, string>>
  fields: Readonly<Record<string, string | undefined>>
  error?: string
  done?: string
  /** Of what was entered, not yet saved. */
  starts?: StartsView
  /** Counts answers, so that a form knows a new one from the old. */
  answer: number
}

export const UNTOUCHED: ScheduleState = { values: {}, fields: {}, answer: 0 }
