import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { OperatorProblem } from '#lib/ops/operator-problem'
import { searchTextSchema } from '#lib/store/search-text'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'

/** Parsers of the words on the command line. A wrong one ends the command with a sentence and status 2. */

/** A command that was written wrongly (product.md §3: exit status 2). */
export function usageProblem(sentence: string): OperatorProblem {
  return new OperatorProblem(sentence, { exitStatus: 2 })
}

/** For commander: a whole number between two bounds, both allowed. */
export function wholeNumberBetween(least: number, most: number): (text: string) => number {
  const needed = `A whole number from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')} is needed.`
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (!(number >= least && number <= most)) throw new InvalidArgumentError(needed)
    return number
  }
}

/** For commander: a run's id. Whether there is such a run, the database says. */
export function parseRunId(text: string): string {
  if (z.uuid().safeParse(text).success) return text.toLowerCase()
  throw new InvalidArgumentError('A run id has 36 characters, as `crosswalk runs` shows them.')
}

/** For commander: what may be sought in names, keys and messages. */
export function parseSearchText(text: string): string {
  const parsed = searchTextSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new InvalidArgumentError('From 1 to 200 characters are needed.')
}

/** For commander: a key or id of a record in one of the systems. */
export function parseRecordKey(text: string): string {
  const key = text.trim()
  if (key !== '' && key.length <= 255 && !key.includes('\u0000')) return key
  throw new InvalidArgumentError('From 1 to 255 characters are needed.')
}

export function isRecordType(text: string): text is RecordType {
  return RECORD_TYPES.some((type) => type === text)
}
