import { Prisma } from '#generated/client'
import type { RecordType } from '#lib/sync/records'
import { containsPattern } from './search-text.ts'

/** What an item of a plan does, as people ask for it. `problem`: nothing, because a failure or a conflict is foreseen. */
export const PLAN_KINDS = [
  'pair',
  'update-crm',
  'create-crm',
  'update-erp',
  'create-erp',
  'remove-pair',
  'problem',
] as const
export type PlanKind = (typeof PLAN_KINDS)[number]

/** All parts must hold; `null` lets everything pass. `text` is sought in the name and compared with both keys. */
export interface PlanFilter {
  readonly type: RecordType | null
  readonly kind: PlanKind | null
  readonly included: boolean | null
  readonly text: string | null
}

export const NO_PLAN_FILTER: PlanFilter = { type: null, kind: null, included: null, text: null }

/** The kind of an item `i`. A record that was never read in the CRM has its changes worked out when it is sent. */
export const PLAN_KIND = Prisma.sql`(CASE
  WHEN i.outcome IN ('failed', 'skipped') AND i.action <> 'unmap' THEN 'problem'
  WHEN i.outcome = 'conflict' AND i.changes = '[]'::jsonb THEN 'problem'
  WHEN i.action = 'map' THEN 'pair'
  WHEN i.action = 'unmap' THEN 'remove-pair'
  ELSE i.action::text || CASE i.direction WHEN 'to_crm' THEN '-crm' ELSE '-erp' END END)`

export function planWhere(filter: PlanFilter): Prisma.Sql {
  const parts = [Prisma.sql`TRUE`]
  if (filter.type !== null) parts.push(Prisma.sql`i.type = ${filter.type}::record_type`)
  if (filter.kind !== null) parts.push(Prisma.sql`${PLAN_KIND} = ${filter.kind}`)
  if (filter.included !== null) parts.push(Prisma.sql`i.included = ${filter.included}`)
  if (filter.text !== null) {
    const pattern = containsPattern(filter.text)
    parts.push(Prisma.sql`(i.erp_name ILIKE ${pattern} OR i.erp_key = ${filter.text} OR i.crm_id = ${filter.text})`)
  }
  return Prisma.join(parts, ' AND ')
}
