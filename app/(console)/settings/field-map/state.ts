import type { SeenValue } from '#lib/store/views-field-map'
import type { MapPart } from '#lib/sync/map-fields'
import type { TrialView } from './trial-view.ts'

export interface ValueRow {
  readonly from: string
  readonly to: string
}

/** What the form of one entry shows after its action; a saved entry leads back to the map. */
export interface EntryState {
  /** Counts answers, so that fields take what was entered in place of what they began with. */
  readonly answer: number
  readonly values: Readonly<Record<string, string>> | null
  readonly rows: readonly ValueRow[] | null
  readonly errors: Readonly<Partial<Record<MapPart, readonly string[]>>>
  readonly warnings: readonly string[]
  /** What stands in the way of the whole. */
  readonly error: string | null
  /** What the entry does to the chosen record, as both systems hold it now. */
  readonly trial: TrialView | null
  /** Values that occur in the ERP field and have no row yet. */
  readonly seen: readonly SeenValue[] | null
}

export const UNTOUCHED: EntryState = {
  answer: 0,
  values: null,
  rows: null,
  errors: {},
  warnings: [],
  error: null,
  trial: null,
  seen: null,
}

/** The answer of a form that changes the map without fields of its own. */
export interface MapFormState {
  readonly error: string | null
}
