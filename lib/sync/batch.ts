/**
 * Batches of projects and their messages (sync-rules §6). Counts are whole numbers; a batch size below 1 or a broken
 * count is a defect of the caller and throws a RangeError.
 */

/** How many more runs of one batch each it takes to send what remains. */
export function remainingRuns(remaining: number, batchSize: number): number {
  requireCount('remaining', remaining, 0)
  requireCount('batchSize', batchSize, 1)
  return Math.ceil(remaining / batchSize)
}

/**
 * The closing message of a run that left a backlog, word for word (sync-rules §6.1); `null` when nothing remains.
 * `remaining`: projects still due after this run's batch.
 */
export function batchSentence(remaining: number, batchSize: number): string | null {
  const runs = remainingRuns(remaining, batchSize)
  if (runs === 0) return null
  const times = runs === 1 ? '1 more time' : `${runs} more times`
  return (
    `The sync contained more than ${batchSize} projects. ` +
    `Please re-run the manual or auto sync ${times} to sync all remaining projects.`
  )
}

/** One batch of a run that keeps going, word for word (sync-rules §6.4, §13.12). The word "projects" never changes. */
export function batchCompletedLine(n: number, of: number, projects: number): string {
  return `Batch ${n} of ${of} completed: ${projects} projects.`
}

/** The number of the batch, from 1, that the due project at `position`, also from 1, falls into. */
export function batchOf(position: number, batchSize: number): number {
  requireCount('position', position, 1)
  return remainingRuns(position, batchSize)
}

function requireCount(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`${name} must be a whole number from ${least}`)
}
