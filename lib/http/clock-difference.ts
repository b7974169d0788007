/** More than this makes two logs hard to read side by side. Nothing a sync decides depends on it. */
const TOLERANCE_SECONDS = 120

export interface ClockVerdict {
  readonly agrees: boolean
  /** A complete sentence. */
  readonly message: string
}

/** Judges the clock of `system` by its Date header; `seconds` is theirs minus ours, `null` where none was sent. */
export function judgeClock(system: string, seconds: number | null): ClockVerdict {
  if (seconds === null) return { agrees: false, message: `${system} did not tell its time.` }
  const rounded = Math.abs(Math.round(seconds))
  if (rounded <= TOLERANCE_SECONDS) {
    return { agrees: true, message: `The clock of ${system} agrees with this machine's.` }
  }
  const direction = seconds > 0 ? 'ahead of' : 'behind'
  const message = `The clock of ${system} is ${rounded} seconds ${direction} this machine's. Check the time of both machines.`
  return { agrees: false, message }
}
