import { z } from 'zod'
import type { FailedChoice, RecordName } from '#lib/store/failed-items'
import { RECORD_TYPES } from '#lib/sync/records'

const record = {
  type: z.enum(RECORD_TYPES),
  side: z.enum(['erp', 'crm']),
  key: z
    .string()
    .min(1)
    .max(255)
    .refine((text) => !text.includes('\u0000')),
}

/** One record that a person chooses. */
export const oneRecordSchema: z.ZodType<RecordName> = z.strictObject(record)

const run = z.uuid()

/** What failed in a run: all of it, what one problem has stopped, or one record. */
export const retrySchema = z.union([
  z.strictObject({ run }).transform((form) => ({ run: form.run, choice: {} as FailedChoice })),
  z
    .strictObject({ run, code: z.string().regex(/^CW-\d{4}$/) })
    .transform((form) => ({ run: form.run, choice: { code: form.code } as FailedChoice })),
  z.strictObject({ run, ...record }).transform((form) => ({
    run: form.run,
    choice: { record: { type: form.type, side: form.side, key: form.key } } as FailedChoice,
  })),
])

/** What a button shows after a press that started nothing; success leads to the run. */
export interface RetryState {
  readonly error: string | null
}
