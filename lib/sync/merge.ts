import { sameValue } from './canonical.ts'
import type { FieldOwner, FieldTransform } from './field-map.ts'
import type { FieldValue } from './records.ts'

/** Who wins where both sides changed a field to different values (sync-rules §7.2). */
export type ConflictPolicy = 'erp-wins' | 'crm-wins' | 'newest-wins' | 'ask'

export type WriteReason = 'first-sync' | 'erp-changed' | 'crm-overwritten' | 'both-changed'

/** What becomes of one field in the direction ERP → CRM. */
export type MergeDecision =
  /** Send the ERP's value, which is the base afterwards. */
  | { readonly kind: 'write'; readonly reason: WriteReason }
  /** Both sides hold the value: it is the base, nothing is sent. */
  | { readonly kind: 'agreed' }
  /** Nothing is sent and the base stays. `settled`: there is nothing left to do about the field later either. */
  | { readonly kind: 'leave'; readonly settled: boolean }
  /** The ERP's reference became empty; references are never cleared (sync-rules §13.11). */
  | { readonly kind: 'not-cleared' }

/** The three values of a field in canonical form; `crm` and `base` may be unknown (`undefined`). */
export interface FieldSides {
  readonly owner: FieldOwner
  readonly transform: FieldTransform
  readonly erp: FieldValue
  readonly crm: FieldValue | undefined
  readonly base: FieldValue | undefined
}

/**
 * Three-way compare of one field (sync-rules §7.2, §7.7, §13.3–13.5), the ERP winning where both sides changed it. A
 * field without a base (a fresh pair, or a field new in the map) is a first sync. Throws a RangeError for the policies
 * that the way back will bring.
 */
export function mergeField(sides: FieldSides, policy: ConflictPolicy): MergeDecision {
  if (policy !== 'erp-wins') throw new RangeError(`conflict policy ${policy} is not supported yet`)
  const { owner, transform, erp, crm, base } = sides
  if (owner === 'create') return { kind: 'leave', settled: true }
  if (owner === 'crm') return { kind: 'leave', settled: crm === undefined || sameValue(transform, erp, crm) }
  if (base === undefined) return mergeWithoutBase(sides)

  const crmChanged = crm !== undefined && !sameValue(transform, crm, base)
  const erpChanged = !sameValue(transform, erp, base)
  if (!erpChanged && !crmChanged) return { kind: 'leave', settled: true }
  if (crm !== undefined && sameValue(transform, erp, crm)) return { kind: 'agreed' }
  if (!erpChanged) {
    if (owner === 'shared') return { kind: 'leave', settled: false }
    // Empty in the ERP and in the base: what the CRM has put there is not the sync's to clear (§7.7).
    return erp === null ? { kind: 'leave', settled: true } : { kind: 'write', reason: 'crm-overwritten' }
  }
  if (erp === null && transform.kind === 'reference') return { kind: 'not-cleared' }
  return { kind: 'write', reason: crmChanged ? 'both-changed' : 'erp-changed' }
}

/**
 * An empty ERP value leaves the field without a base on purpose: an empty base would let the next run clear or
 * overwrite what the CRM holds.
 */
function mergeWithoutBase({ owner, erp, crm }: FieldSides): MergeDecision {
  if (crm !== undefined && erp === crm) return { kind: 'agreed' }
  if (erp === null) return { kind: 'leave', settled: owner === 'erp' || crm === undefined }
  return { kind: 'write', reason: 'first-sync' }
}
