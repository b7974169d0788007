import { batchSentence } from './batch.ts'

/** The phases of a run, in order (sync-rules §8); an undo has three of its own between preflight and closing (§12). */
export const PHASES = [
  'preflight',
  'read-erp',
  'read-crm',
  'remove',
  'preview',
  'match',
  'send-people',
  'totals',
  'plan-projects',
  'send-projects',
  'create-projects',
  'take-back',
  'undo-plan',
  'undo-erp',
  'undo-crm',
  'closing',
] as const
export type Phase = (typeof PHASES)[number]

export type RunStatus = 'completed' | 'completed_with_errors' | 'more_batches' | 'failed' | 'cancelled' | 'previewed'

/**
 * How a run ended. `failure`: why it could not go on, as a sentence. `remainingProjects`: still due. A person's cancel
 * outranks the breakage it may cause; remaining batches outrank record errors (sync-rules §13.8); a preview is
 * `previewed` whatever it found (§13.16).
 */
export function finalStatus(run: {
  readonly cancelled: boolean
  readonly failure: string | null
  readonly preview: boolean
  readonly remainingProjects: number
  readonly recordErrors: number
}): RunStatus {
  if (run.cancelled) return 'cancelled'
  if (run.failure !== null) return 'failed'
  if (run.preview) return 'previewed'
  if (run.remainingProjects > 0) return 'more_batches'
  return run.recordErrors > 0 ? 'completed_with_errors' : 'completed'
}

/** The command line's exit status (product.md §3). */
export function exitStatus(status: RunStatus): 0 | 1 | 3 | 4 | 5 {
  switch (status) {
    case 'completed':
    case 'previewed':
      return 0
    case 'failed':
      return 1
    case 'completed_with_errors':
      return 3
    case 'more_batches':
      return 4
    case 'cancelled':
      return 5
  }
}

/**
 * The last line of a run's log and its `message`: `Sync Completed`, the batch sentence, or why it stopped
 * (sync-rules §11). `failure` is used for `failed`, `remainingProjects` and `batchSize` for `more_batches`.
 */
export function closingMessage(run: {
  readonly status: RunStatus
  readonly remainingProjects: number
  readonly batchSize: number
  readonly failure: string | null
  readonly cancelledBy: string | null
}): string {
  switch (run.status) {
    case 'completed':
    case 'completed_with_errors':
      return 'Sync Completed'
    case 'more_batches':
      return batchSentence(run.remainingProjects, run.batchSize) ?? 'Sync Completed'
    case 'previewed':
      return 'Preview completed. Nothing was changed in either system.'
    case 'cancelled':
      return (
        `The sync was cancelled${run.cancelledBy === null ? '' : ` by ${run.cancelledBy}`}. ` +
        'What had been sent until then stays. Start a sync again to send the rest.'
      )
    case 'failed':
      return run.failure ?? 'The sync stopped because of an unexpected error. Start it again; nothing is sent twice.'
  }
}
