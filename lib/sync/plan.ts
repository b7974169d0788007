import { canonicalCrmValue, sameValue } from './canonical.ts'
import type { FieldMapEntry } from './field-map.ts'
import { type ConflictPolicy, type MergeReason, mergeField } from './merge.ts'
import { outgoingValue } from './outgoing.ts'
import type { CrmWrite, ErpField } from './ports.ts'
import { type ProblemCode, problemCodes } from './problems.ts'
import type { CrmRecord, ErpRecord, Fields, FieldValue, Side } from './records.ts'
import { isTakeable, takeValue } from './take.ts'
import type { Lookups } from './transform.ts'

export type ChangeReason = MergeReason | 'created' | 'decided' | 'turned-on' | 'undone'

/** One field of a write. `from` and `to` are in the form of the side that is written. */
export interface FieldChange {
  /** CRM field name: names the entry of the field map, whichever side is written. */
  readonly field: string
  readonly label: string
  /** The side that is written. Missing in what earlier versions stored: the CRM. */
  readonly side?: Side
  /** ERP field name, where the ERP is written. */
  readonly erpField?: string
  /** What that side held, or the base where it is unknown. */
  readonly from: FieldValue
  readonly to: FieldValue
  readonly reason: ChangeReason
  /** The base before the change, for its undo; missing: there was none. */
  readonly base?: FieldValue
  /** Undo only: why the field was not put back. */
  readonly kept?: string
}

/** Something a person should know about a value that is sent differently or not at all; `value` is the source's. */
export interface PlanWarning {
  readonly code: ProblemCode
  /** CRM field name. */
  readonly field: string
  readonly label: string
  readonly value: string
  /** The side the value comes from. Missing: the ERP. */
  readonly source?: Side
}

/** A field that both sides changed and that a person is to decide, in CRM form. */
export interface OpenConflict {
  readonly field: string
  readonly label: string
  readonly base: FieldValue
  readonly erp: FieldValue
  readonly crm: FieldValue
}

/** What a person has decided about a conflict: both sides shall hold `value`. Void where a side has moved on since. */
export interface Decision {
  /** In CRM form; `null` clears. */
  readonly value: FieldValue
  readonly erp: FieldValue
  readonly crm: FieldValue
}

export interface UpdatePlan {
  /** Empty: nothing to send to the CRM. */
  readonly write: CrmWrite
  /** By ERP field name, in ERP form; empty: nothing to take. */
  readonly erpWrite: Fields
  /** Of both sides, in the order of the field map. */
  readonly changes: readonly FieldChange[]
  /** By CRM field name; to be stored when `write`, possibly empty, is done. */
  readonly base: Fields
  /** By CRM field name; to be added to the base when `erpWrite` is done as well. */
  readonly taken: Fields
  readonly conflicts: readonly OpenConflict[]
  /** Fields whose decision still has a side to reach. */
  readonly undecided: readonly string[]
  readonly warnings: readonly PlanWarning[]
  /**
   * False: a reference or code could not be resolved, the CRM holds a change that has not travelled yet, or a conflict
   * is open, so the same content on both sides does not mean that there is nothing to do next time.
   */
  readonly settled: boolean
}

export interface UpdateInput {
  readonly erp: ErpRecord
  readonly crm: CrmRecord
  /** `null`: a fresh pair (sync-rules §13.4). */
  readonly base: Fields | null
  /** CRM field names that a person has told the sync never to touch. */
  readonly pins: readonly string[]
  readonly entries: readonly FieldMapEntry[]
  readonly lookups: Lookups
  readonly policy: ConflictPolicy
  /** By CRM field name. */
  readonly decisions?: Readonly<Record<string, Decision>>
  /**
   * The pair's switch, *Sync to CRM* (§4.3). Off: nothing is sent; only the CRM's own flag may turn it on again (§9).
   * Missing: on.
   */
  readonly syncOn?: boolean
  /** What the ERP says of its fields: into one that takes no value nothing is taken. Missing: all take one. */
  readonly erpFields?: readonly ErpField[]
}

/**
 * What to write to either side for one mapped record, field by field (sync-rules §5.1, §7, §9, §13.3–13.5, 13.7,
 * 13.11). Applying the plan and planning again gives nothing to write.
 */
export function planUpdate(input: UpdateInput): UpdatePlan {
  const draft = openDraft(input)
  for (const entry of input.entries) planField(input, entry, draft)
  return draft.finish()
}

type Draft = ReturnType<typeof openDraft>

function planField(input: UpdateInput, entry: FieldMapEntry, draft: Draft): void {
  const outgoing = outgoingValue(entry, input)
  if (!outgoing.part) return
  const { value } = outgoing
  const { crm: field, label, owner, transform } = entry
  if (value.warning && owner !== 'crm') draft.warn({ field, label, ...value.warning })
  const held = input.crm.fields[field]
  const crm = held === undefined ? undefined : canonicalCrmValue(transform, held)
  const base = input.base?.[field]
  if (!value.ok) {
    if (owner !== 'crm') draft.leaveOpen(value.mayResolve)
    // What the ERP holds has no form in the CRM, so it is not what the CRM holds, and the CRM wins.
    else if (crm && isTakeable(entry, input.erpFields))
      draft.take(entry, crm, base === undefined ? 'first-sync' : 'erp-overwritten')
    return
  }
  const decision = input.decisions?.[field]
  if (decision && crm !== undefined && canBeDone(input, entry, decision, { erp: value.value, crm })) {
    decide(entry, decision.value, { erp: value.value, crm }, draft)
    return
  }
  const merged = mergeField(
    {
      owner,
      transform,
      erp: value.value,
      crm,
      base,
      takeable: isTakeable(entry, input.erpFields),
      onlyIfEmpty: entry.onlyIfEmpty === true,
    },
    { policy: input.policy, newer: newerSide(input) },
  )
  switch (merged.kind) {
    case 'write':
      if (input.syncOn !== false) draft.write(entry, value.value, merged.reason)
      return
    case 'take':
      draft.take(entry, crm ?? null, merged.reason)
      return
    case 'agreed':
      draft.agree(field, value.value)
      return
    case 'not-cleared':
      draft.warn({ code: problemCodes.referenceNotCleared, field, label, value: held ?? base ?? '' })
      return
    case 'conflict':
      draft.conflict({ field, label, base: base ?? null, erp: value.value, crm: crm ?? null })
      return
    case 'leave':
  }
}

interface BothSides {
  readonly erp: FieldValue
  readonly crm: FieldValue
}

/**
 * A decision was about two values; it is void when a side holds neither its old value nor the decided one, and where
 * the ERP cannot take what was decided.
 */
function canBeDone(input: UpdateInput, entry: FieldMapEntry, decision: Decision, { erp, crm }: BothSides): boolean {
  const is = (value: FieldValue, other: FieldValue) => sameValue(entry.transform, value, other)
  const erpStands = is(erp, decision.value) || (is(erp, decision.erp) && isTakeable(entry, input.erpFields))
  return erpStands && (is(crm, decision.crm) || is(crm, decision.value))
}

function decide(entry: FieldMapEntry, value: FieldValue, sides: BothSides, draft: Draft): void {
  const toErp = !sameValue(entry.transform, sides.erp, value)
  if (!sameValue(entry.transform, sides.crm, value)) draft.write(entry, value, 'decided', toErp)
  if (toErp) draft.take(entry, value, 'decided')
  if (!toErp) draft.agree(entry.crm, value)
}

/** Collects what one record comes to; keeps the order of the field map. */
function openDraft(input: UpdateInput) {
  const write: Record<string, FieldValue> = {}
  const erpWrite: Record<string, FieldValue> = {}
  const base: Record<string, FieldValue> = { ...input.base }
  const taken: Record<string, FieldValue> = {}
  const changes: FieldChange[] = []
  const conflicts: OpenConflict[] = []
  const undecided: string[] = []
  const warnings: PlanWarning[] = []
  let settled = true

  function change(entry: FieldMapEntry, side: Side, values: Pick<FieldChange, 'from' | 'to' | 'reason'>): void {
    const before = input.base?.[entry.crm]
    changes.push({
      field: entry.crm,
      label: entry.label,
      side,
      ...(side === 'erp' ? { erpField: entry.erp } : {}),
      ...values,
      ...(before === undefined ? {} : { base: before }),
    })
  }

  return {
    write(entry: FieldMapEntry, value: FieldValue, reason: ChangeReason, keepBase = false) {
      write[entry.crm] = value
      const held = input.crm.fields[entry.crm]
      // Empty is not unknown: an undo would bring back what the field no longer held.
      const from = held === undefined ? (input.base?.[entry.crm] ?? null) : held
      change(entry, 'crm', { from, to: value, reason })
      if (!keepBase) base[entry.crm] = value
    },
    take(entry: FieldMapEntry, value: FieldValue, reason: ChangeReason) {
      settled = false
      if (reason === 'decided') undecided.push(entry.crm)
      const held =
        entry.role === 'sync-flag' ? (input.erp.syncToCrm ? 'Y' : 'N') : (input.erp.fields[entry.erp] ?? null)
      const form = takeValue(entry, input.erp.type, { value, held }, input.lookups)
      if (!form.ok) {
        warnings.push({ code: form.code, field: entry.crm, label: entry.label, value: form.value, source: 'crm' })
        return
      }
      erpWrite[entry.erp] = form.value
      taken[entry.crm] = value
      change(entry, 'erp', { from: held, to: form.value, reason })
    },
    agree(field: string, value: FieldValue) {
      base[field] = value
    },
    conflict(open: OpenConflict) {
      settled = false
      conflicts.push(open)
    },
    warn(warning: PlanWarning) {
      warnings.push(warning)
    },
    leaveOpen(mayResolve: boolean) {
      settled &&= !mayResolve
    },
    finish: (): UpdatePlan => ({ write, erpWrite, changes, base, taken, conflicts, undecided, warnings, settled }),
  }
}

/** The side whose record was modified last, each by its own clock; `null` where one has no stamp or both are equal. */
function newerSide({ erp, crm }: UpdateInput): Side | null {
  const [ours, theirs] = [Date.parse(erp.modifiedAt ?? ''), Date.parse(crm.modifiedAt ?? '')]
  if (Number.isNaN(ours) || Number.isNaN(theirs) || ours === theirs) return null
  return ours > theirs ? 'erp' : 'crm'
}
