import { z } from 'zod'
import { RECORD_TYPES } from '#lib/sync/records'

const key = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => !text.includes('\u0000'))

/** Where to go afterwards: a page of the mapping screen and nothing else. */
const returnTo = z
  .string()
  .regex(/^\/mapping(\/pair)?(\?[^\s\\]*)?$/)
  .max(2_000)
  .catch('/mapping')

export const pairSchema = z.strictObject({ type: z.enum(RECORD_TYPES), erpKey: key, crmId: key, returnTo })

export const unpairSchema = z.strictObject({
  type: z.enum(RECORD_TYPES),
  erpKey: key,
  never: z.literal('on').optional(),
  returnTo,
})

/** What a form shows after an attempt that did not succeed; success leads on. */
export interface PairingState {
  readonly error: string | null
}
