import { sameValue } from './canonical.ts'
import type { FieldOwner, FieldTransform } from './field-map.ts'
import type { FieldValue, Side } from './records.ts'

/** Who wins where both sides changed a shared field to different values (sync-rules §7.2). */
export type ConflictPolicy = 'erp-wins' | 'crm-wins' | 'newest-wins' | 'ask'

export type MergeReason =
  | 'first-sync'
  | 'erp-changed'
  | 'crm-changed'
  /** The CRM had changed what the ERP owns; the ERP's value is put back (§13.5). */
  | 'crm-overwritten'
  /** The ERP had changed what the CRM owns; the CRM's value is put back. */
  | 'erp-overwritten'
  | 'both-changed'

/** What becomes of one field. */
export type MergeDecision =
  /** Send the ERP's value to the CRM; it is the base afterwards. */
  | { readonly kind: 'write'; readonly reason: MergeReason }
  /** Take the CRM's value into the ERP; it is the base once that is done. */
  | { readonly kind: 'take'; readonly reason: MergeReason }
  /** Both sides hold the value: it is the base, nothing is sent. */
  | { readonly kind: 'agreed' }
  /** Nothing is sent and the base stays; there is nothing left to do about the field later either. */
  | { readonly kind: 'leave' }
  /** The ERP's reference became empty; references are never cleared (sync-rules §13.11). */
  | { readonly kind: 'not-cleared' }
  /** Both sides changed, and a person is to decide. */
  | { readonly kind: 'conflict' }

/** The three values of a field in canonical form; `crm` and `base` may be unknown (`undefined`). */
export interface FieldSides {
  readonly owner: FieldOwner
  readonly transform: FieldTransform
  readonly erp: FieldValue
  readonly crm: FieldValue | undefined
  readonly base: FieldValue | undefined
  /** Whether the ERP has a field that the CRM's value can go to. */
  readonly takeable: boolean
  /** The field is written only where the side it is written to holds nothing. */
  readonly onlyIfEmpty: boolean
}

export interface MergeRule {
  readonly policy: ConflictPolicy
  /** The side whose record was modified last, each by its own clock; `null`: not known, so the ERP wins. */
  readonly newer: Side | null
}

const LEAVE: MergeDecision = { kind: 'leave' }

/**
 * Three-way compare of one field (sync-rules §7.2, §7.7, §9, §13.3–13.5). The owner of a field decides before any
 * policy: the conflict policy is for shared fields that both sides changed. A field without a base (a fresh pair, or a
 * field new in the map) is a first sync.
 */
export function mergeField(sides: FieldSides, rule: MergeRule): MergeDecision {
  const { owner, transform, erp, crm, base } = sides
  if (owner === 'create') return LEAVE
  if (base === undefined) return mergeWithoutBase(sides)

  const crmChanged = crm !== undefined && !sameValue(transform, crm, base)
  const erpChanged = !sameValue(transform, erp, base)
  if (!erpChanged && !crmChanged) return LEAVE
  if (crm !== undefined && sameValue(transform, erp, crm)) return { kind: 'agreed' }
  if (erpChanged && crmChanged) return mergeBothChanged(sides, rule)
  if (erpChanged) return owner === 'crm' ? putBackCrm(sides) : send(sides, 'erp-changed')
  // Empty in the ERP and in the base: what the CRM has put there is not the sync's to clear (§7.7).
  if (owner === 'erp') return erp === null ? LEAVE : send(sides, 'crm-overwritten')
  return take(sides, 'crm-changed')
}

function mergeBothChanged(sides: FieldSides, { policy, newer }: MergeRule): MergeDecision {
  if (sides.owner === 'erp') return send(sides, 'both-changed')
  if (sides.owner === 'crm') return take(sides, 'both-changed')
  // Whoever won, nothing would be written.
  if (sides.onlyIfEmpty && isFilled(sides, sides.erp) && isFilled(sides, sides.crm)) return LEAVE
  if (policy === 'ask') return { kind: 'conflict' }
  const crmWins = policy === 'crm-wins' || (policy === 'newest-wins' && newer === 'crm')
  return crmWins ? take(sides, 'both-changed') : send(sides, 'both-changed')
}

/** Empty in the CRM and in the base: what the ERP has put there is not the sync's to clear either (§7.7). */
function putBackCrm(sides: FieldSides): MergeDecision {
  return sides.crm === null ? LEAVE : take(sides, 'erp-overwritten')
}

/**
 * sync-rules §13.4. An empty value leaves the field without a base on purpose: an empty base would let the next run
 * clear or overwrite what the other side holds. An amount of zero that nobody agreed on is what a CRM fills in by itself,
 * for a record that was just created say, and takes nothing away.
 */
function mergeWithoutBase(sides: FieldSides): MergeDecision {
  const { owner, erp, crm } = sides
  if (crm !== undefined && erp === crm) return { kind: 'agreed' }
  if (owner !== 'crm' && erp !== null) return send(sides, 'first-sync')
  if (owner === 'erp' || !isFilled(sides, crm)) return LEAVE
  return take(sides, 'first-sync')
}

function send(sides: FieldSides, reason: MergeReason): MergeDecision {
  if (sides.erp === null && sides.transform.kind === 'reference') return { kind: 'not-cleared' }
  return sides.onlyIfEmpty && isFilled(sides, sides.crm) ? LEAVE : { kind: 'write', reason }
}

function take(sides: FieldSides, reason: MergeReason): MergeDecision {
  const { crm, transform } = sides
  if (!sides.takeable || crm === undefined) return LEAVE
  if (crm === null && transform.kind === 'reference') return LEAVE
  return sides.onlyIfEmpty && isFilled(sides, sides.erp) ? LEAVE : { kind: 'take', reason }
}

/** An amount of zero is none: some systems know no empty one. What cannot be read is taken to hold something. */
function isFilled({ transform }: FieldSides, value: FieldValue | undefined): boolean {
  return value === undefined || !sameValue(transform, value, null)
}
