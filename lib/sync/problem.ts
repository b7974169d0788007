/**
 * Who can put a problem right; in words by `whoWords`. `here`: who runs the sync, on a screen of this product. `erp`,
 * `crm`, `either`: who enters the record there. `erp-system`, `crm-system`, `systems`: who sets that system up.
 * `engineer`: who installed this product. `nobody`: it passes by itself.
 */
export const FIXERS = [
  'here',
  'erp',
  'crm',
  'either',
  'erp-system',
  'crm-system',
  'systems',
  'engineer',
  'nobody',
] as const
export type Fixer = (typeof FIXERS)[number]

/** The fix as a button: the step that a screen can lead to or take at once (`retry`). */
export const PROBLEM_ACTIONS = [
  'retry',
  'start-again',
  'open-connection',
  'set-default-template',
  'open-field-map',
  'open-record',
  'review-mapping',
  'settle-conflict',
  'restore-mapping',
  'allow-removal',
  'preview-again',
] as const
export type ProblemAction = (typeof PROBLEM_ACTIONS)[number]

/** One entry of the catalogue: what an administrator reads beside a coded log line. */
export interface Problem {
  readonly code: string
  readonly severity: 'warning' | 'error'
  readonly title: string
  /** Why it happens. */
  readonly cause: string
  readonly who: Fixer
  /** What to do about it. */
  readonly fix: string
  /** Missing where there is nothing to press: the fix lies outside of this product, or is not needed. */
  readonly action?: ProblemAction
}
