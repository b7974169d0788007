import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { namedValue, oneValue, type SearchParams } from '../address.ts'

/** What the address asks for: whose drift the chart shows. */
export interface DriftSearch {
  /** `null`: all types together. */
  readonly type: RecordType | null
  /** Values that could not be used, named for the person; they were left out. */
  readonly ignored: readonly string[]
}

export function readDriftSearch(params: SearchParams): DriftSearch {
  const value = oneValue(params, 'type')
  const type = RECORD_TYPES.find((one) => one === value) ?? null
  return { type, ignored: value !== null && type === null ? [namedValue('type', value)] : [] }
}
