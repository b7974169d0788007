import { canonicalCrmValue, sameValue } from './canonical.ts'
import type { FieldMapEntry } from './field-map.ts'
import { isWritable } from './outgoing.ts'
import type { FieldChange } from './plan.ts'
import type { CrmDescription } from './ports.ts'
import type { CrmRecord, ErpRecord, Fields, FieldValue, RecordType, Side } from './records.ts'
import { isTakeable } from './take.ts'

/** Why a field that a run wrote is not put back (sync-rules §12). */
export type KeptReason =
  /** It no longer holds what the run wrote. */
  | 'changed'
  /** A person has told the sync never to touch it, so the undo of a sync does not either (§7.2). */
  | 'pinned'
  /** The side no longer has the record. */
  | 'record-gone'
  /** The side does not show the field, so nobody can tell whether it was changed. */
  | 'unreadable'
  | 'unwritable'
  /** The field map says nothing about the field any more, or something else. */
  | 'not-in-field-map'

/** One field that stays as it is. `held`: what the side holds now, as far as it is known. */
export interface KeptField {
  readonly reason: KeptReason
  readonly held: FieldValue
  readonly side: Side
}

export interface UndoInput {
  readonly type: RecordType
  /** The side whose record is put back. */
  readonly side: Side
  /** What is to be put back, as {@link undoneChanges} gives it. */
  readonly changes: readonly FieldChange[]
  /** That side's record as it stands now; `null`: it has none any more. */
  readonly record: ErpRecord | CrmRecord | null
  readonly entries: readonly FieldMapEntry[]
  readonly description: CrmDescription
  /** CRM field names. */
  readonly pins: readonly string[]
  /** The sentence that tells a person why a field is kept. */
  readonly explain: (kept: KeptField) => string
}

export interface UndoPlan {
  /** By the side's own field names; empty: nothing to send. */
  readonly write: Fields
  /** Every field: `from` is what the side holds now, `kept` says why it stays that way. */
  readonly changes: readonly FieldChange[]
  /** CRM field names of what is put back, whether it has to be written or holds its earlier value already. */
  readonly putBack: readonly string[]
  /** The base as it was before the run, of the fields that are put back; `forget`: there was none. */
  readonly base: { readonly restore: Fields; readonly forget: readonly string[] }
}

/**
 * What there is to put back of a record that a run wrote on one side: each field from what the run wrote to what that
 * side held before. What was written at a creation is none of it: the record stays (sync-rules §12).
 */
export function undoneChanges(written: readonly FieldChange[], side: Side): FieldChange[] {
  return written
    .filter((change) => (change.side ?? 'crm') === side && change.reason !== 'created')
    .map(({ from, to, ...change }) => ({ ...change, side, from: to, to: from, reason: 'undone' }))
}

/**
 * Which fields of one record are put back and which are kept (sync-rules §12): those that still hold the value that the
 * run wrote are put back, compared as the field map compares them. One that holds its earlier value already needs no
 * write and counts as put back, so that an undo that was cut short comes to the same end.
 */
export function planUndo(input: UndoInput): UndoPlan {
  const write: Record<string, FieldValue> = {}
  const changes: FieldChange[] = []
  const putBack: string[] = []
  const restore: Record<string, FieldValue> = {}
  const forget: string[] = []
  for (const change of input.changes) {
    const entry = entryOf(input, change)
    const held = entry && input.record ? heldValue(input, entry) : undefined
    const verdict = judge(input, change, entry, held)
    if (verdict !== 'write' && verdict !== 'already') {
      const kept = input.explain({ reason: verdict, held: held ?? null, side: input.side })
      changes.push({ ...change, from: held ?? change.from, kept })
      continue
    }
    if (verdict === 'write') write[fieldName(input.side, change)] = change.to
    changes.push(change)
    putBack.push(change.field)
    if (change.base === undefined) forget.push(change.field)
    else restore[change.field] = change.base
  }
  return { write, changes, putBack, base: { restore, forget } }
}

function judge(
  input: UndoInput,
  change: FieldChange,
  entry: FieldMapEntry | undefined,
  held: FieldValue | undefined,
): KeptReason | 'write' | 'already' {
  if (!input.record) return 'record-gone'
  if (!entry) return 'not-in-field-map'
  if (held === undefined) return 'unreadable'
  if (input.pins.includes(change.field)) return 'pinned'
  const holds = (value: FieldValue) => isSame(entry, held, value)
  if (!holds(change.from)) return holds(change.to) ? 'already' : 'changed'
  if (holds(change.to)) return 'already'
  const writable = input.side === 'crm' ? isWritable(entry, input.type, input.description) : isTakeable(entry)
  return writable ? 'write' : 'unwritable'
}

function isSame(entry: FieldMapEntry, a: FieldValue, b: FieldValue): boolean {
  const { transform } = entry
  return sameValue(transform, canonicalCrmValue(transform, a), canonicalCrmValue(transform, b))
}

/** The entry that the change was made by; it is no longer the same where the map now leads to another ERP field. */
function entryOf(input: UndoInput, change: FieldChange): FieldMapEntry | undefined {
  return input.entries.find(
    (entry) => entry.crm === change.field && (input.side === 'crm' || entry.erp === change.erpField),
  )
}

function heldValue({ side, record }: UndoInput, entry: FieldMapEntry): FieldValue | undefined {
  if (!record) return undefined
  if (side === 'crm') return record.fields[entry.crm]
  if (entry.role === 'sync-flag' && 'syncToCrm' in record) return record.syncToCrm ? 'Y' : 'N'
  return record.fields[entry.erp]
}

function fieldName(side: Side, change: FieldChange): string {
  return side === 'crm' ? change.field : (change.erpField ?? change.field)
}
