import { z } from 'zod'
import { RECORD_TYPES } from '#lib/sync/records'

export const recordKey = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => !text.includes('\u0000'))

/** Where to go afterwards: a page of the mapping screen or of a record, and nothing else. */
export const returnTo = z
  .string()
  .regex(/^\/(mapping(\/pair)?|records\/[a-z]+\/[^\s\\/?#]+)(\?[^\s\\#]*)?$/)
  .max(2_000)
  .catch('/mapping')

export const pairSchema = z.strictObject({ type: z.enum(RECORD_TYPES), erpKey: recordKey, crmId: recordKey, returnTo })

export const relinkSchema = z.strictObject({
  type: z.enum(RECORD_TYPES),
  erpKey: recordKey,
  crmId: recordKey,
  insteadOf: recordKey,
  never: z.literal('on').optional(),
  returnTo,
})

export const unpairSchema = z.strictObject({
  type: z.enum(RECORD_TYPES),
  erpKey: recordKey,
  never: z.literal('on').optional(),
  returnTo,
})

export const restoreSchema = z.strictObject({
  type: z.enum(RECORD_TYPES),
  erpKey: recordKey,
  /** The removed row of the mapping table. */
  mapping: z.uuid(),
  returnTo,
})

export const createAgainSchema = z.strictObject({ type: z.enum(RECORD_TYPES), erpKey: recordKey, returnTo })

/** What a form shows after an attempt that did not succeed; success leads on. */
export interface PairingState {
  readonly error: string | null
}
