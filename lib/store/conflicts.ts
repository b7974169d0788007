import { createHash, randomUUIDv7 } from 'node:crypto'
import type { Decision, OpenConflict } from '#lib/sync/plan'
import type { RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'

/** Fields that both sides changed, under the policy *ask* (sync-rules §7.2): open, decided by a person, closed. */

/** What is not closed of a pair's conflicts: the fields that are open, and what was decided about the others. */
export interface PairConflicts {
  readonly open: readonly OpenConflict[]
  readonly decisions: Readonly<Record<string, Decision>>
}

const NONE: PairConflicts = { open: [], decisions: {} }

export async function findPairConflicts(
  connectionId: string,
  type: RecordType,
  erpKeys: readonly string[],
): Promise<(erpKey: string) => PairConflicts> {
  const rows = await database().fieldConflict.findMany({
    where: { connectionId, type, erpKey: { in: [...erpKeys] }, state: { not: 'closed' } },
  })
  const found = new Map<string, { open: OpenConflict[]; decisions: Record<string, Decision> }>()
  for (const row of rows) {
    const pair = found.get(row.erpKey) ?? { open: [], decisions: {} }
    found.set(row.erpKey, pair)
    const { field, label, base, erpValue: erp, crmValue: crm } = row
    if (row.state === 'open') pair.open.push({ field, label, base, erp, crm })
    else pair.decisions[field] = { value: row.decision, erp, crm }
  }
  return (erpKey) => found.get(erpKey) ?? NONE
}

/**
 * What a person had before them when they decided: another text as soon as a value, the state or the decision is another,
 * so that nobody settles a question that has changed meanwhile.
 */
export function conflictVersion(row: {
  readonly base: string | null
  readonly erpValue: string | null
  readonly crmValue: string | null
  readonly state: string
  readonly decision: string | null
  readonly decidedAt: Date | null
}): string {
  const seen = [row.base, row.erpValue, row.crmValue, row.state, row.decision, row.decidedAt?.toISOString() ?? null]
  return createHash('sha256').update(JSON.stringify(seen)).digest('hex').slice(0, 16)
}

/** Conflicts of one pair as its plan found them. `undecided`: fields whose decision still has a side to reach. */
export interface FoundConflicts {
  readonly erpKey: string
  readonly conflicts: readonly OpenConflict[]
  readonly undecided: readonly string[]
}

/**
 * Brings the stored conflicts of pairs to what their plans found: opens new ones, renews the values of known ones (a
 * decision whose values have moved on is open again), closes those that are no longer there. A decision about the very
 * values found was made after the pair was loaded: it stands, and the next run carries it out.
 */
export async function storeConflicts(
  tx: Database,
  at: { readonly connectionId: string; readonly type: RecordType; readonly runId: string },
  pairs: readonly FoundConflicts[],
): Promise<void> {
  if (pairs.length === 0) return
  const kept = pairs.flatMap((pair) => [
    ...pair.conflicts.map((one) => ({ erpKey: pair.erpKey, field: one.field })),
    ...pair.undecided.map((field) => ({ erpKey: pair.erpKey, field })),
  ])
  await tx.$executeRaw`
    UPDATE field_conflict c SET state = 'closed', closed_at = now()
     WHERE c.connection_id = ${at.connectionId}::uuid AND c.type = ${at.type}::record_type AND c.state <> 'closed'
       AND c.erp_key = ANY(${pairs.map((pair) => pair.erpKey)}::text[])
       AND NOT EXISTS (SELECT 1 FROM unnest(${kept.map((one) => one.erpKey)}::text[], ${kept.map((one) => one.field)}::text[])
                         AS k(erp_key, field)
                        WHERE k.erp_key = c.erp_key AND k.field = c.field)`
  const open = pairs.flatMap((pair) => pair.conflicts.map((one) => ({ erpKey: pair.erpKey, ...one })))
  if (open.length === 0) return
  await tx.$executeRaw`
    INSERT INTO field_conflict (id, connection_id, type, erp_key, field, label, base, erp_value, crm_value, opened_in_run)
    SELECT o.id, ${at.connectionId}::uuid, ${at.type}::record_type, o.erp_key, o.field, o.label, o.base, o.erp, o.crm,
           ${at.runId}::uuid
      FROM unnest(${open.map(() => randomUUIDv7())}::uuid[], ${open.map((one) => one.erpKey)}::text[],
                  ${open.map((one) => one.field)}::text[], ${open.map((one) => one.label)}::text[],
                  ${open.map((one) => one.base)}::text[], ${open.map((one) => one.erp)}::text[],
                  ${open.map((one) => one.crm)}::text[])
        AS o(id, erp_key, field, label, base, erp, crm)
    ON CONFLICT (connection_id, type, erp_key, field) WHERE state <> 'closed' DO UPDATE
       SET base = excluded.base, erp_value = excluded.erp_value, crm_value = excluded.crm_value, label = excluded.label,
           state = 'open', decision = NULL, decided_by = NULL, decided_at = NULL
     WHERE field_conflict.state = 'open' OR field_conflict.erp_value IS DISTINCT FROM excluded.erp_value
        OR field_conflict.crm_value IS DISTINCT FROM excluded.crm_value`
}
