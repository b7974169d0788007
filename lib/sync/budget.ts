/** How an API's daily allowance stands, and what the run that is going will still take of it. */
export interface ApiBudget {
  readonly usedToday: number
  /** Calls a day that the API allows; `null`: not limited, or not known. */
  readonly limit: number | null
  /** Calls that the run will still make; `null`: none is going, or too little is known of it yet. */
  readonly runNeeds: number | null
  /** Whether the run will not fit into what is left of today. */
  readonly isShort: boolean
}

/** Records that must have been dealt with before their calls say anything about the rest. */
const FEWEST_RECORDS = 20

/** What is known of a run that is going. `left`: records of it that are not dealt with yet. */
export interface RunPace {
  readonly calls: number
  readonly settled: number
  readonly left: number
  readonly secondsGoing: number
}

export function apiBudget(usedToday: number, limit: number | null, run: RunPace | null): ApiBudget {
  const runNeeds = run === null ? null : callsLeft(run)
  return { usedToday, limit, runNeeds, isShort: limit !== null && usedToday + (runNeeds ?? 0) > limit }
}

/** By the calls that its records have taken so far, reading included: rather too many than too few. */
function callsLeft({ calls, settled, left }: RunPace): number | null {
  return settled < FEWEST_RECORDS ? null : Math.ceil((calls / settled) * left)
}

/** Seconds until its last record at the rate so far; `null`: too little is known yet. */
export function secondsLeft({ settled, left, secondsGoing }: RunPace): number | null {
  return settled < FEWEST_RECORDS ? null : Math.ceil((secondsGoing / settled) * left)
}
