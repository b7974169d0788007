import type { FieldValue, RecordType } from '#lib/sync/records'
import { conflictVersion } from './conflicts.ts'
import { database } from './database.ts'

/** A field that both sides changed, for a person to settle. Values in CRM form; stamps ISO 8601 UTC. */
export interface ConflictView {
  readonly id: string
  /** To be sent back with the decision, so that nothing is decided that the person has not seen. */
  readonly version: string
  readonly erpKey: string
  /** CRM field name. */
  readonly field: string
  readonly label: string
  readonly base: FieldValue
  readonly erp: FieldValue
  readonly crm: FieldValue
  readonly openedAt: string
  readonly openedInRun: string
  /** What a person has decided and the next run carries out; `null`: open. */
  readonly decided: { readonly value: FieldValue; readonly by: string; readonly at: string } | null
}

/** Conflicts of pairs that are not closed, by ERP key, in the order of their labels. */
export async function listConflicts(
  connectionId: string,
  type: RecordType,
  erpKeys: readonly string[],
): Promise<ReadonlyMap<string, readonly ConflictView[]>> {
  const rows = await database().fieldConflict.findMany({
    where: { connectionId, type, erpKey: { in: [...erpKeys] }, state: { not: 'closed' } },
    orderBy: [{ label: 'asc' }, { field: 'asc' }],
  })
  const found = new Map<string, ConflictView[]>()
  for (const row of rows) {
    const { id, erpKey, field, label, base, erpValue: erp, crmValue: crm, openedInRun } = row
    const decided =
      row.state === 'decided' && row.decidedAt
        ? { value: row.decision, by: row.decidedBy ?? '', at: row.decidedAt.toISOString() }
        : null
    const view = { id, version: conflictVersion(row), erpKey, field, label, base, erp, crm, openedInRun, decided }
    found.set(erpKey, [...(found.get(erpKey) ?? []), { ...view, openedAt: row.openedAt.toISOString() }])
  }
  return found
}
