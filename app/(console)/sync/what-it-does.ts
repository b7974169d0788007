import type { SyncCounts } from '#lib/store/views-sync-counts'
import type { RunOptions } from '#lib/sync/eligibility'
import { counted, number, type SideNames } from './_run/run-words.ts'

/**
 * What a run with these options would look at, by the records as last read. Counts say what is compared, never what is
 * sent: only the run itself finds out what has changed.
 */
export function planSentences(form: {
  readonly names: SideNames
  readonly counts: SyncCounts
  readonly batchSize: number
  readonly options: RunOptions
  readonly backlogProjects: number | null
}): string[] {
  const { names, counts, options } = form
  const limit = options.allBatches
    ? `batch after batch of ${number(form.batchSize)}`
    : `at most ${number(form.batchSize)} of them in this run`
  if (form.backlogProjects !== null) {
    return [`Continues the backlog: ${counted(form.backlogProjects, 'project')} left, ${limit}.`]
  }
  if (!counts.hasRead) {
    return [
      `Nothing has been read yet: the first sync reads both systems completely and pairs records by name, ${options.allBatches ? 'then sends what differs batch after batch' : `then sends at most ${counted(form.batchSize, 'project')}`}.`,
    ]
  }
  const compared = counts.mappedOn + (options.includeClosed ? counts.mappedClosed : 0)
  const sentences = [`Compares ${counted(compared, 'mapped project')} and sends those that changed, ${limit}.`]
  const sought = counts.unmappedOn + (options.mapUnsynced ? counts.unmappedOff : 0)
  if (sought > 0) {
    const otherwise =
      options.mapUnsynced && options.whenNoMatch === 'create' ? `created in ${names.crm}` : 'left out and logged'
    sentences.push(
      `Looks for a ${names.crm} project of the same name for ${counted(sought, 'unmapped project')}; without one they are ${otherwise}.`,
    )
  }
  if (!options.includeClosed && counts.mappedClosed > 0) {
    sentences.push(`Leaves ${counted(counts.mappedClosed, 'closed project')} alone.`)
  }
  return sentences
}
