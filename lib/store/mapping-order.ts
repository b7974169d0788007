import { z } from 'zod'
import { Prisma } from '#generated/client'
import type { MappingColumn } from './mapping-filter.ts'

/**
 * By what a column of the mapping table is ordered: one SQL value for pairs and one for findings, of one type, so
 * that both can stand in one list. The expressions are those of the indexes crm_mapping_by_*, to the letter.
 */
export interface SortValue {
  readonly pair: Prisma.Sql
  readonly removedPair: Prisma.Sql
  readonly finding: Prisma.Sql
  readonly sqlType: Prisma.Sql
  /** The value of the column `sort_value` as it goes into a place. */
  readonly asText: Prisma.Sql
  /** What a place in a link may hold for this column; anything else never reaches the database. */
  readonly schema: z.ZodType<string>
}

const anyText = z.string().refine((text) => !text.includes('\u0000'))
const text = { sqlType: Prisma.sql`text`, asText: Prisma.sql`sort_value`, schema: anyText }
const NOTHING = Prisma.sql`(''::text COLLATE "C")`

const erpName = Prisma.sql`(left(lower("erp_name"), 120) COLLATE "C")`
const erpKey = Prisma.sql`(lpad("erp_key", greatest(20, length("erp_key")), '0') COLLATE "C")`
const crmName = Prisma.sql`(left(lower("crm_name"), 120) COLLATE "C")`
const crmId = Prisma.sql`(left(lower("crm_id"), 120) COLLATE "C")`
const matchedBy = Prisma.sql`(CASE "matched_by" WHEN 'adopted' THEN 1 WHEN 'created' THEN 2 WHEN 'name' THEN 3 ELSE 4 END)`
const lastSynced = Prisma.sql`(coalesce("last_synced_at", '-infinity'::timestamptz))`
const createdBy = Prisma.sql`(left(lower("created_by"), 120) COLLATE "C")`
const removedBy = Prisma.sql`(left(lower(coalesce("removed_by", '')), 120) COLLATE "C")`

const byErpName: SortValue = { pair: erpName, removedPair: erpName, finding: erpName, ...text }

const SORT_VALUES: Readonly<Record<MappingColumn, SortValue>> = {
  erpName: byErpName,
  erpKey: { pair: erpKey, removedPair: erpKey, finding: erpKey, ...text },
  crmName: { pair: crmName, removedPair: crmName, finding: NOTHING, ...text },
  crmId: { pair: crmId, removedPair: crmId, finding: NOTHING, ...text },
  matchedBy: {
    pair: matchedBy,
    removedPair: matchedBy,
    finding: Prisma.sql`0::integer`,
    sqlType: Prisma.sql`integer`,
    asText: Prisma.sql`sort_value::text`,
    schema: z.string().regex(/^\d$/),
  },
  // Each status is a list of its own, ordered by name; the lists follow one another.
  status: byErpName,
  lastSyncedAt: {
    pair: lastSynced,
    removedPair: lastSynced,
    finding: Prisma.sql`'-infinity'::timestamptz`,
    sqlType: Prisma.sql`timestamptz`,
    asText: Prisma.sql`CASE WHEN sort_value = '-infinity' THEN '-infinity'
      ELSE to_char(sort_value AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' END`,
    schema: z.string().regex(/^(-infinity|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00)$/),
  },
  by: { pair: createdBy, removedPair: removedBy, finding: Prisma.sql`('sync'::text COLLATE "C")`, ...text },
}

export function sortValue(column: MappingColumn): SortValue {
  return SORT_VALUES[column]
}
