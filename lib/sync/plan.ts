import { canonicalCrmValue } from './canonical.ts'
import type { FieldMapEntry } from './field-map.ts'
import { type ConflictPolicy, mergeField, type WriteReason } from './merge.ts'
import { projectNameField } from './name-rule.ts'
import type { CrmDescription, CrmWrite } from './ports.ts'
import { type ProblemCode, problemCodes } from './problems.ts'
import type { CrmRecord, ErpRecord, Fields, FieldValue, RecordType } from './records.ts'
import { type Lookups, type Transformed, transformValue } from './transform.ts'

/** One field of a write. `from`: what the CRM held, or the base where the CRM's value is unknown. */
export interface FieldChange {
  /** CRM field name. */
  readonly field: string
  readonly label: string
  readonly from: FieldValue
  readonly to: FieldValue
  readonly reason: WriteReason | 'created'
}

/** Something a person should know about a value that is sent differently or not at all; `value` is the ERP's. */
export interface PlanWarning {
  readonly code: ProblemCode
  /** CRM field name. */
  readonly field: string
  readonly label: string
  readonly value: string
}

export interface UpdatePlan {
  /** Empty: nothing to send. */
  readonly write: CrmWrite
  readonly changes: readonly FieldChange[]
  /** By CRM field name; to be stored when the write, possibly empty, is done. */
  readonly base: Fields
  readonly warnings: readonly PlanWarning[]
  /**
   * False: a reference or code could not be resolved, or the CRM holds a change that has not travelled yet, so the same
   * content on both sides does not mean that there is nothing to do next time.
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
}

/**
 * What to write to the CRM for one mapped record, field by field (sync-rules §5.1, §7, §13.3–13.5, 13.7, 13.11).
 * Applying the plan and planning again gives an empty write.
 */
export function planUpdate(input: UpdateInput): UpdatePlan {
  const write: Record<string, FieldValue> = {}
  const base: Record<string, FieldValue> = { ...input.base }
  const changes: FieldChange[] = []
  const warnings: PlanWarning[] = []
  let settled = true
  for (const entry of input.entries) {
    const value = outgoing(entry, input)
    if (value === null) continue
    const { crm: field, label, owner, transform } = entry
    if (value.warning) warnings.push({ field, label, ...value.warning })
    if (!value.ok) {
      settled &&= !value.mayResolve
      continue
    }
    const held = input.crm.fields[field]
    const crm = held === undefined ? undefined : canonicalCrmValue(transform, held)
    const decision = mergeField({ owner, transform, erp: value.value, crm, base: base[field] }, input.policy)
    if (decision.kind === 'leave') settled &&= decision.settled
    if (decision.kind === 'not-cleared') {
      warnings.push({ code: problemCodes.referenceNotCleared, field, label, value: held ?? base[field] ?? '' })
    }
    if (decision.kind === 'write') {
      write[field] = value.value
      changes.push({ field, label, from: held ?? base[field] ?? null, to: value.value, reason: decision.reason })
    }
    if (decision.kind === 'write' || decision.kind === 'agreed') base[field] = value.value
  }
  return { write, changes, base, warnings, settled }
}

/** The entry's outgoing value, or `null` where the entry takes no part in updating this record. */
function outgoing(entry: FieldMapEntry, input: UpdateInput): Transformed | null {
  if (entry.owner === 'create' || input.pins.includes(entry.crm)) return null
  if (!isWritable(entry, input.erp.type, input.lookups.description)) return null
  const raw = erpValue(entry, input.erp)
  if (raw === undefined || !isNameInUse(entry, raw, input.lookups.description)) return null
  return transformValue(entry, input.erp.type, raw, input.lookups)
}

/** A project keeps its name where it fits; the other name field is written at creation only (fields.md). */
function isNameInUse(entry: FieldMapEntry, raw: FieldValue, description: CrmDescription): boolean {
  const { kind } = entry.transform
  if (kind !== 'short-name' && kind !== 'long-name') return true
  return kind === `${projectNameField(raw ?? '', description.shortName.limit)}-name`
}

/**
 * The ERP's value of an entry; `undefined` where it was not read. Everything that is sent is set to sync, whichever side
 * the person switched it on (sync-rules §4.3, §13.14), so the sync flag of an outgoing record is always `Y`.
 */
export function erpValue(entry: FieldMapEntry, erp: ErpRecord): FieldValue | undefined {
  return entry.role === 'sync-flag' ? 'Y' : erp.fields[entry.erp]
}

/** Whether the CRM has the field and the sync may write it. */
export function isWritable(entry: FieldMapEntry, type: RecordType, description: CrmDescription): boolean {
  if (entry.role === 'read-only' || entry.role === 'number' || entry.role === 'template') return false
  const { writableFields } = description.types[type]
  return writableFields === null || writableFields.includes(entry.crm)
}
