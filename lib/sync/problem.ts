/** One entry of the catalogue: what an administrator reads beside a coded log line. */
export interface Problem {
  readonly code: string
  readonly severity: 'warning' | 'error'
  readonly title: string
  /** Why it happens. */
  readonly cause: string
  /** What to do about it. */
  readonly fix: string
}
