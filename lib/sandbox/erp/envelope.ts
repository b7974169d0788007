import type { Database } from '../database.ts'
import type { ErpFaults } from '../faults.ts'
import type { Doc, Json } from '../json.ts'

/** What a method sees: the state, the live switches and Ajera's own clock (milliseconds). */
export interface ErpContext {
  readonly database: Database
  readonly faults: () => ErpFaults
  readonly now: () => number
}

export interface ErpError {
  readonly ErrorID: number
  readonly ErrorMessage: string
}

/** What a method answers, before the envelope is put around it (ajera-api §1). */
export interface Outcome {
  readonly code: number
  readonly errors: readonly ErpError[]
  readonly content: Doc
  readonly paging?: { readonly size: number; readonly number: number; readonly count: number }
  readonly wrote: boolean
}

export function success(content: Doc, wrote = false): Outcome {
  return { code: 200, errors: [], content, wrote }
}

export function failure(message: string, id = -100): Outcome {
  return { code: id, errors: [{ ErrorID: id, ErrorMessage: message }], content: {}, wrote: false }
}

export const INVALID_DATA = 'One or more properties contain invalid data'
export const NO_CHANGES = 'No valid changes to this object exist.'
/** The text is not documented (I). */
export const STALE_BASELINE = 'The record has been changed since it was read.'

/** A complete envelope: failures, too, travel in an HTTP 200. */
export function envelope(outcome: Outcome, usageKey: string): Doc {
  const errors: Json[] = outcome.errors.map(({ ErrorID, ErrorMessage }) => ({ ErrorID, ErrorMessage }))
  const failed = outcome.code !== 200
  const result: Doc = {
    ResponseCode: outcome.code,
    Message: failed ? (outcome.errors[0]?.ErrorMessage ?? 'Failure') : 'Success',
    Errors: errors,
    Content: outcome.content,
    UsageKey: usageKey,
  }
  if (outcome.paging) {
    result.PageSize = outcome.paging.size
    result.PageNumber = outcome.paging.number
    result.PageCount = outcome.paging.count
  }
  return result
}
