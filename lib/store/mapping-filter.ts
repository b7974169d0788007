import { z } from 'zod'
import { RECORD_TYPES } from '#lib/sync/records'
import { searchTextSchema } from './search-text.ts'

/** In the order in which sorting by status shows them: what needs a person first. */
export const MAPPING_STATUSES = ['conflict', 'ambiguous', 'suggested', 'no_match', 'active', 'removed'] as const
export type MappingStatus = (typeof MAPPING_STATUSES)[number]

/** What the *Review* facet of the mapping screen holds. */
export const REVIEW_STATUSES: readonly MappingStatus[] = ['conflict', 'ambiguous', 'suggested', 'no_match']

export const MAPPING_COLUMNS = [
  'erpName',
  'erpKey',
  'crmName',
  'crmId',
  'matchedBy',
  'status',
  'lastSyncedAt',
  'by',
] as const
export type MappingColumn = (typeof MAPPING_COLUMNS)[number]

/** One filter of the mapping table for the page, the exports and the CLI. No status named: every status. */
export const mappingFilterSchema = z.strictObject({
  type: z.enum(RECORD_TYPES),
  statuses: z.array(z.enum(MAPPING_STATUSES)).default([]),
  text: searchTextSchema.nullable().default(null),
})
export type MappingFilter = z.output<typeof mappingFilterSchema>

export const mappingOrderSchema = z.strictObject({
  column: z.enum(MAPPING_COLUMNS).default('erpName'),
  direction: z.enum(['asc', 'desc']).default('asc'),
})
export type MappingOrder = z.output<typeof mappingOrderSchema>
