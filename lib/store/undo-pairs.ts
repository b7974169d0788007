import type { Fields, RecordType } from '#lib/sync/records'
import type { Database } from './database.ts'
import { UNDONE_CAUSE } from './mappings.ts'

/** What an undo does to a pair (sync-rules §12). */
export interface UndonePair {
  readonly erpKey: string
  readonly crmId: string
  /** By CRM field name: the base before the run, of the fields that were put back. */
  readonly restore: Fields
  /** CRM field names of which there was no base before the run. */
  readonly forget: readonly string[]
  /** CRM field names that the sync is told to leave alone from now on. */
  readonly pins: readonly string[]
  /** The pair ends if the run that is undone has added it. */
  readonly isEnded: boolean
}

/**
 * Gives living pairs their earlier base back, field by field, and pins what is to be pinned; what a person has pinned
 * meanwhile stays. The pair is compared again in the next run. A pair with another CRM record than then is left alone.
 */
export async function restoreBases(
  tx: Database,
  at: { readonly connectionId: string; readonly type: RecordType },
  pairs: readonly UndonePair[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE crm_mapping m
       SET base = (m.base - ARRAY(SELECT jsonb_array_elements_text(u.forget::jsonb))) || u.restore::jsonb,
           pins = ARRAY(SELECT unnest(m.pins) UNION SELECT jsonb_array_elements_text(u.pins::jsonb) ORDER BY 1),
           settled_erp_hash = NULL, settled_crm_hash = NULL
      FROM unnest(${pairs.map((p) => p.erpKey)}::text[], ${pairs.map((p) => p.crmId)}::text[],
                  ${pairs.map((p) => JSON.stringify(p.restore))}::text[],
                  ${pairs.map((p) => JSON.stringify(p.forget))}::text[],
                  ${pairs.map((p) => JSON.stringify(p.pins))}::text[]) AS u(erp_key, crm_id, restore, forget, pins)
     WHERE m.connection_id = ${at.connectionId}::uuid AND m.type = ${at.type}::record_type AND m.erp_key = u.erp_key
       AND m.crm_id = u.crm_id AND m.removed_at IS NULL`
}

/** Ends the living pairs of these ERP keys that a run has added; the rows stay as removed. */
export async function removeAddedPairs(
  tx: Database,
  at: { readonly connectionId: string; readonly type: RecordType; readonly sourceRunId: string; readonly by: string },
  erpKeys: readonly string[],
): Promise<void> {
  await tx.crmMapping.updateMany({
    where: {
      connectionId: at.connectionId,
      type: at.type,
      createdInRun: at.sourceRunId,
      erpKey: { in: [...erpKeys] },
      removedAt: null,
    },
    data: { removedAt: new Date(), removedBy: at.by, removedCause: UNDONE_CAUSE },
  })
}
