import type { FieldMapEntry } from './field-map.ts'
import { projectNameField } from './name-rule.ts'
import type { CrmDescription } from './ports.ts'
import type { ErpRecord, FieldValue, RecordType } from './records.ts'
import { isTakeable } from './take.ts'
import { type Lookups, type Transformed, transformValue } from './transform.ts'

/** Why an entry of the field map takes no part in updating a record. */
export type NoPart =
  /** Written once, when the record is created. */
  | 'creation-only'
  /** A person has told the sync never to touch it. */
  | 'pinned'
  /** *Sync to CRM* is off for the pair. */
  | 'sync-off'
  /** Read and shown, never written. */
  | 'read-only'
  /** The CRM has no such field, or it may not be written. */
  | 'not-writable'
  /** The ERP did not give it. */
  | 'not-read'
  /** The project's name travels in its other name field (sync-rules §4.4). */
  | 'other-name'

/** The value an entry sends for a record, or why the entry takes no part. */
export type Outgoing =
  | { readonly part: true; readonly value: Transformed }
  | { readonly part: false; readonly why: NoPart }

export interface OutgoingInput {
  readonly erp: ErpRecord
  /** CRM field names that a person has told the sync never to touch. */
  readonly pins: readonly string[]
  readonly lookups: Lookups
  /** The pair's switch, *Sync to CRM*. Missing: on. */
  readonly syncOn?: boolean
}

/** Whether an entry takes part in updating a mapped record, and the ERP's value in CRM form (sync-rules §4.3, §7.2, §9). */
export function outgoingValue(entry: FieldMapEntry, input: OutgoingInput): Outgoing {
  if (entry.owner === 'create') return none('creation-only')
  if (input.pins.includes(entry.crm)) return none('pinned')
  if (input.syncOn === false && entry.role !== 'sync-flag') return none('sync-off')
  // What the CRM owns is only read there, so it need not be writable.
  if (entry.owner === 'crm' && !isTakeable(entry)) return none('read-only')
  if (entry.owner !== 'crm' && !isWritable(entry, input.erp.type, input.lookups.description)) {
    return none(isFixed(entry) ? 'read-only' : 'not-writable')
  }
  const raw = erpValue(entry, input.erp, input.syncOn)
  if (raw === undefined) return none('not-read')
  if (!isNameInUse(entry, raw, input.lookups.description)) return none('other-name')
  if (entry.constant !== undefined) {
    return { part: true, value: { ok: true, value: entry.constant, warning: null } }
  }
  return { part: true, value: transformValue(entry, input.erp.type, raw, input.lookups) }
}

function none(why: NoPart): Outgoing {
  return { part: false, why }
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
export function erpValue(entry: FieldMapEntry, erp: ErpRecord, syncOn = true): FieldValue | undefined {
  if (entry.constant !== undefined) return entry.constant
  if (entry.role === 'sync-flag') return syncOn ? 'Y' : 'N'
  return erp.fields[entry.erp]
}

/** Whether the CRM has the field and the sync may write it. */
export function isWritable(entry: FieldMapEntry, type: RecordType, description: CrmDescription): boolean {
  if (isFixed(entry)) return false
  const { writableFields } = description.types[type]
  return writableFields === null || writableFields.includes(entry.crm)
}

function isFixed(entry: FieldMapEntry): boolean {
  return entry.role === 'read-only' || entry.role === 'number' || entry.role === 'template'
}
