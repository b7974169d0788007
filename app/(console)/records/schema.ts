import { z } from 'zod'
import { RECORD_TYPES } from '#lib/sync/records'
import { recordKey, returnTo } from '../mapping/schema.ts'

const record = { type: z.enum(RECORD_TYPES), erpKey: recordKey, field: recordKey, returnTo }

/** Both values stay, or both sides get one. `typed` is checked by the field's transform where it is stored. */
export const settleSchema = z.strictObject({
  ...record,
  conflictId: z.uuid(),
  version: z.string().max(64),
  choice: z.enum(['erp', 'crm', 'typed', 'pin']),
  typed: z.string().max(20_000).optional(),
})
export type SettleInput = z.output<typeof settleSchema>

export const pinSchema = z.strictObject({ ...record, to: z.enum(['pinned', 'unpinned']) })

/** What a form shows after an attempt that did not succeed; success leads on. */
export interface RecordFormState {
  readonly error: string | null
  /** What was typed, so that it need not be typed again. */
  readonly typed?: string
}
