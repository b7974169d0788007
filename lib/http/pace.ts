import type { HttpFailure } from './failure.ts'

/** How many calls an API takes at once, found out by watching it. */
export interface Pace {
  /** Calls at once, from 1 to `most`, which is what an administrator allows. */
  places(most: number): number
  note(call: { readonly operation: string; readonly milliseconds: number; readonly failure: HttpFailure | null }): void
}

const START = 4
const MOST = 16
const SLOWER = 0.7
/** Calm calls per place before one more is tried. */
const CALM_PER_PLACE = 4

/** A call is slow when it takes more than twice its usual time; below this, nobody minds. */
const SLOW_FACTOR = 2
const NEVER_SLOW_MILLISECONDS = 400
const USUAL_WEIGHT = 0.05

/** Starts with four, one more after each calm window, three tenths fewer on 429, a timeout or doubled time. */
export function createPace(): Pace {
  /** Usual time by operation: a list of keys and a full record cannot be compared. */
  const usual = new Map<string, number>()
  let places = START
  let calm = 0
  /** Calls that were under way when it was slowed down say nothing new. */
  let ignored = 0

  function isTrouble({ operation, milliseconds, failure }: Parameters<Pace['note']>[0]): boolean {
    if (failure) return failure.kind === 'throttled' || failure.kind === 'timeout'
    const before = usual.get(operation) ?? milliseconds
    usual.set(operation, before + (milliseconds - before) * USUAL_WEIGHT)
    return milliseconds > NEVER_SLOW_MILLISECONDS && milliseconds > before * SLOW_FACTOR
  }

  return {
    places(most) {
      // An administrator's limit is never exceeded; a lower one is also where the count goes on from.
      places = Math.min(places, Math.max(1, most), MOST)
      return Math.max(1, Math.floor(places))
    },
    note(call) {
      if (isTrouble(call)) {
        if (ignored === 0) {
          ignored = Math.floor(places)
          places = Math.max(1, places * SLOWER)
        }
        calm = 0
        return
      }
      ignored = Math.max(0, ignored - 1)
      calm += 1
      if (calm < places * CALM_PER_PLACE) return
      calm = 0
      places += 1
    },
  }
}
