/** A run that would remove more than a tenth of a type's mappings, and more than so many, removes none. */
const TENTH = 10
const MOST_REMOVED = 20

/** So many of the missing records are asked for where none is removed: enough to tell a loss from half a list. */
const PROBES = 20

/** How many mappings of a type a run would remove, and whether it may (sync-rules §8 step 4). */
export interface Brake {
  readonly mappings: number
  readonly missing: number
  readonly pulled: boolean
}

/** `mappings`: the living ones of one type, `missing` of them included. Both limits have to be exceeded. */
export function judgeRemoval(mappings: number, missing: number): Brake {
  return { mappings, missing, pulled: missing > MOST_REMOVED && missing * TENTH > mappings }
}

/**
 * Which of the missing ids are asked for by their own key: all that are about to be removed; where the brake holds, a
 * sample spread over the whole, because what half a list lacks stands together.
 */
export function idsToConfirm(missing: readonly string[], held: boolean): readonly string[] {
  return held ? sampleOf(missing) : missing
}

/** At most 20 of them, evenly spread. */
export function sampleOf(ids: readonly string[]): readonly string[] {
  const stride = Math.ceil(ids.length / PROBES)
  return ids.filter((_, index) => index % stride === 0)
}
