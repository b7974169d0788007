import { z } from 'zod'
import { RECORD_TYPES } from '#lib/sync/records'
import { searchTextSchema } from './search-text.ts'

export const SEVERITIES = ['info', 'warning', 'error'] as const
export type LogSeverity = (typeof SEVERITIES)[number]

const exactText = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => !text.includes('\u0000'))

/**
 * One filter of the Integration Log for the page, the exports and the CLI: an empty list or `null` lets everything
 * pass, and all parts must hold. `from` is inclusive, `to` exclusive, both ISO 8601 with an offset. `text` is sought
 * in name, key, CRM id and message, whatever its case.
 */
export const logFilterSchema = z.strictObject({
  severities: z.array(z.enum(SEVERITIES)).default([]),
  methods: z.array(exactText).default([]),
  types: z.array(z.enum(RECORD_TYPES)).default([]),
  runId: z.uuid().nullable().default(null),
  from: z.iso.datetime({ offset: true }).nullable().default(null),
  to: z.iso.datetime({ offset: true }).nullable().default(null),
  code: z
    .string()
    .regex(/^CW-\d{4}$/)
    .nullable()
    .default(null),
  erpKey: exactText.nullable().default(null),
  text: searchTextSchema.nullable().default(null),
})

export type LogFilter = z.output<typeof logFilterSchema>

/** Everything in the log. */
export const NO_LOG_FILTER: LogFilter = logFilterSchema.parse({})
