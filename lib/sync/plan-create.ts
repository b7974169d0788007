import type { FieldMapEntry } from './field-map.ts'
import { foldWhiteSpace } from './name-rule.ts'
import { erpValue, isWritable } from './outgoing.ts'
import type { FieldChange, PlanWarning } from './plan.ts'
import type { CrmWrite } from './ports.ts'
import type { ErpRecord, Fields, FieldValue } from './records.ts'
import { type Lookups, type Transformed, transformValue } from './transform.ts'

export interface CreatePlan {
  /** The key to ask for: the record's own number, else the caller's; `null` leaves it to the CRM. */
  readonly id: string | null
  readonly fields: CrmWrite
  readonly changes: readonly FieldChange[]
  readonly warnings: readonly PlanWarning[]
  /** By CRM field name; to be stored when the record exists. A field left out for a reason has no base. */
  readonly base: Fields
}

export interface CreateInput {
  readonly erp: ErpRecord
  readonly entries: readonly FieldMapEntry[]
  readonly lookups: Lookups
  readonly callerKey: string | null
}

/**
 * The record to create in the CRM (sync-rules §8 step 8, fields.md). Empty fields are left out; a project gets both
 * names, the short one being the first characters of a longer description; whatever is created is set to sync.
 */
export function planCreate(input: CreateInput): CreatePlan {
  const fields: Record<string, FieldValue> = {}
  const base: Record<string, FieldValue> = {}
  const changes: FieldChange[] = []
  const warnings: PlanWarning[] = []
  for (const entry of input.entries) {
    const value = initialValue(entry, input)
    if (value === null) continue
    const { crm: field, label } = entry
    if (value.warning) warnings.push({ field, label, ...value.warning })
    if (!value.ok) continue
    base[field] = value.value
    if (value.value === null) continue
    fields[field] = value.value
    changes.push({ field, label, from: null, to: value.value, reason: 'created' })
  }
  return { id: ownNumber(input) ?? input.callerKey, fields, changes, warnings, base }
}

/** The entry's value at creation, or `null` where the entry takes no part in it. */
function initialValue(entry: FieldMapEntry, { erp, lookups }: CreateInput): Transformed | null {
  if (entry.owner === 'crm' || !isWritable(entry, erp.type, lookups.description)) return null
  if (entry.constant !== undefined) return { ok: true, value: entry.constant, warning: null }
  const raw = erpValue(entry, erp)
  if (raw === undefined) return null
  if (entry.constant !== undefined) return { ok: true, value: entry.constant, warning: null }
  const value = transformValue(entry, erp.type, raw, lookups)
  // A short name that is the beginning of the long one is the rule, not a loss to warn of.
  return value.ok && entry.transform.kind === 'short-name' ? { ...value, warning: null } : value
}

/** The ERP's own number for the record (a project's ID), where the map has one. It is never cut: half a key is another. */
function ownNumber({ erp, entries }: CreateInput): string | null {
  const entry = entries.find((one) => one.role === 'number')
  const number = entry ? foldWhiteSpace(erp.fields[entry.erp] ?? '') : ''
  return number === '' ? null : number
}
