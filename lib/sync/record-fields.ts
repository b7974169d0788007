import { canonicalCrmValue, sameValue } from './canonical.ts'
import type { FieldMapEntry, FieldOwner, FieldTransform } from './field-map.ts'
import { erpValue, type NoPart, outgoingValue } from './outgoing.ts'
import { type FieldChange, type OpenConflict, type PlanWarning, planUpdate, type UpdatePlan } from './plan.ts'
import type { CrmRecord, ErpRecord, Fields, FieldValue, RecordType } from './records.ts'
import { isTakeable } from './take.ts'
import { type Lookups, transformValue } from './transform.ts'

/** What the next sync does with one field of a pair. `both`: a decision that neither side holds yet. */
export type FieldState = 'same' | 'send' | 'take' | 'both' | 'conflict' | 'pinned' | 'left'

/** Why a field whose sides differ is left as it is. */
export type LeftReason =
  | NoPart
  /** A reference, code or value has no form on the other side; the field's warning says which. */
  | 'unresolved'
  /** The CRM did not give it. */
  | 'not-read-in-crm'
  | 'only-if-empty'
  /** Empty on the side that owns it, and empty in the base: the other side's value is not the sync's to clear (§7.7). */
  | 'empty'
  /** The ERP has no field that the CRM's value could go to. */
  | 'not-in-erp'

/** One field of a record with all that is known of it. `undefined`: not read, or there is no such side. */
export interface RecordField {
  /** CRM field name. */
  readonly field: string
  /** Empty where the ERP has no such field. */
  readonly erpField: string
  readonly label: string
  readonly owner: FieldOwner
  readonly transform: FieldTransform
  readonly erp: FieldValue | undefined
  /** The ERP's value in CRM form; `undefined` also where it has none. */
  readonly erpInCrmForm: FieldValue | undefined
  readonly base: FieldValue | undefined
  readonly crm: FieldValue | undefined
  /** `null`: the record has no pair, or one of its sides was never read. */
  readonly state: FieldState | null
  readonly left: LeftReason | null
  /** What would be written, at most once per side. */
  readonly changes: readonly FieldChange[]
  readonly conflict: OpenConflict | null
  readonly warning: PlanWarning | null
  readonly isPinned: boolean
  /** Both sides were read, and hold different values. */
  readonly differs: boolean
}

/** A record as the store knows it: one side, or both and their pair. */
export interface KnownRecord {
  readonly type: RecordType
  readonly erp: ErpRecord | null
  readonly crm: CrmRecord | null
  /** `null`: the record has no living pair. */
  readonly pair: {
    readonly base: Fields | null
    readonly pins: readonly string[]
    readonly syncOn: boolean
  } | null
  readonly entries: readonly FieldMapEntry[]
  readonly lookups: Lookups
}

/**
 * What the next sync would do with a pair as both sides were last read: the engine's own {@link planUpdate}. `null` where
 * there is nothing to plan with: no pair, or a side that was never read.
 */
export function planKnown(
  known: KnownRecord,
  rule: Pick<Parameters<typeof planUpdate>[0], 'policy' | 'decisions'>,
): UpdatePlan | null {
  const { erp, crm, pair, entries, lookups } = known
  return erp && crm && pair ? planUpdate({ erp, crm, ...pair, entries, lookups, ...rule }) : null
}

/** The fields of a record in the order of the field map, side by side, with what `plan` does to each (sync-rules §7.2, §9). */
export function recordFields(known: KnownRecord, plan: UpdatePlan | null): RecordField[] {
  return known.entries.map((entry) => toField(known, entry, plan))
}

function toField(known: KnownRecord, entry: FieldMapEntry, plan: UpdatePlan | null): RecordField {
  const { crm: field, erp: erpField, label, owner, transform } = entry
  const own = <T extends { readonly field: string }>(all: readonly T[] | undefined) =>
    all?.filter((one) => one.field === field) ?? []
  const sides = readSides(known, entry)
  const changes = own(plan?.changes)
  const conflict = own(plan?.conflicts)[0] ?? null
  const warning = own(plan?.warnings)[0] ?? null
  const found = plan && stateOf(known, entry, { ...sides, changes, conflict, warning })
  return {
    field,
    erpField,
    label,
    owner,
    transform,
    ...sides,
    state: found?.state ?? null,
    left: found?.left ?? null,
    changes,
    conflict,
    warning,
    isPinned: known.pair?.pins.includes(field) ?? false,
    differs: sides.erp !== undefined && sides.crm !== undefined && !isSame(entry, sides),
  }
}

type Sides = Pick<RecordField, 'erp' | 'erpInCrmForm' | 'base' | 'crm'>

function readSides({ type, erp, crm, pair, lookups }: KnownRecord, entry: FieldMapEntry): Sides {
  const raw = erp ? shownErpValue(entry, erp) : undefined
  const sent = raw === undefined ? undefined : transformValue(entry, type, raw, lookups)
  return {
    erp: raw,
    erpInCrmForm: entry.constant ?? (sent?.ok ? sent.value : undefined),
    base: pair?.base?.[entry.crm],
    // The number of a record is its key, which stands beside the fields.
    crm: entry.role === 'number' ? crm?.id : crm?.fields[entry.crm],
  }
}

/** What the ERP itself holds; for the sync flag its own switch, whatever the pair carries. */
function shownErpValue(entry: FieldMapEntry, erp: ErpRecord): FieldValue | undefined {
  return erpValue(entry, erp, erp.syncToCrm)
}

function stateOf(
  known: KnownRecord,
  entry: FieldMapEntry,
  found: Sides & Pick<RecordField, 'changes' | 'conflict' | 'warning'>,
): { readonly state: FieldState; readonly left: LeftReason | null } {
  const { erp, pair, lookups } = known
  const outgoing = erp && pair ? outgoingValue(entry, { erp, ...pair, lookups }) : null
  if (outgoing?.part === false && outgoing.why === 'pinned') return { state: 'pinned', left: null }
  if (found.conflict) return { state: 'conflict', left: null }
  const sides = new Set(found.changes.map((change) => change.side ?? 'crm'))
  if (sides.size === 2) return { state: 'both', left: null }
  if (sides.has('crm')) return { state: 'send', left: null }
  if (sides.has('erp')) return { state: 'take', left: null }
  if (isSame(entry, found)) return { state: 'same', left: null }
  return { state: 'left', left: outgoing?.part === false ? outgoing.why : whyLeft(entry, found) }
}

function isSame({ transform }: FieldMapEntry, { erpInCrmForm, crm }: Sides): boolean {
  if (erpInCrmForm === undefined || crm === undefined) return false
  return sameValue(transform, erpInCrmForm, canonicalCrmValue(transform, crm))
}

/** The plan has nothing for a field that takes part and whose sides differ: what stood in the way. */
function whyLeft(entry: FieldMapEntry, found: Sides & Pick<RecordField, 'warning'>): LeftReason {
  if (found.erpInCrmForm === undefined || found.warning) return 'unresolved'
  if (found.crm === undefined) return 'not-read-in-crm'
  if (found.erpInCrmForm === null || found.crm === null) return 'empty'
  if (entry.onlyIfEmpty) return 'only-if-empty'
  return isTakeable(entry) ? 'empty' : 'not-in-erp'
}
