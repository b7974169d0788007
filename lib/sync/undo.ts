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
  /** It was empty before the run, and a link to another record is never cleared (§13.11). */
  | 'link-stays'
  /** It was written, and the side still holds another value. */
  | 'not-taken'
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
  const changes = input.changes.map((change) => {
    const entry = entryOf(input, change)
    const held = entry && heldValue(input.side, input.record, entry)
    const verdict = judge(input, change, entry, held)
    if (verdict === 'write') write[fieldName(input.side, change)] = change.to
    return verdict === 'write' || verdict === 'already' ? change : keep(input, change, verdict, held)
  })
  return toPlan(write, changes)
}

/**
 * The plan as it was carried out: a field that the side did not take, although it took the write, is kept.
 *
 * @param after the record as it stands after the write.
 */
export function confirmUndo(input: UndoInput, plan: UndoPlan, after: ErpRecord | CrmRecord): UndoPlan {
  const changes = plan.changes.map((change) => {
    const entry = entryOf(input, change)
    if (change.kept !== undefined || !entry || !(fieldName(input.side, change) in plan.write)) return change
    const held = heldValue(input.side, after, entry)
    return held === undefined || isSame(entry, held, change.to) ? change : keep(input, change, 'not-taken', held)
  })
  return toPlan(plan.write, changes)
}

function keep(input: UndoInput, change: FieldChange, reason: KeptReason, held: FieldValue | undefined): FieldChange {
  const kept = input.explain({ reason, held: held ?? null, side: input.side })
  return { ...change, from: held === undefined ? change.from : held, kept }
}

function toPlan(write: Fields, changes: readonly FieldChange[]): UndoPlan {
  const done = changes.filter((change) => change.kept === undefined)
  const known = done.flatMap((change) => (change.base === undefined ? [] : [[change.field, change.base] as const]))
  return {
    write,
    changes,
    putBack: done.map((change) => change.field),
    base: {
      restore: Object.fromEntries(known),
      forget: done.filter((change) => change.base === undefined).map((change) => change.field),
    },
  }
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
  if (!writable) return 'unwritable'
  return change.to === null && entry.transform.kind === 'reference' ? 'link-stays' : 'write'
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

function heldValue(side: Side, record: UndoInput['record'], entry: FieldMapEntry): FieldValue | undefined {
  if (!record) return undefined
  if (side === 'crm') return record.fields[entry.crm]
  if (entry.role === 'sync-flag' && 'syncToCrm' in record) return record.syncToCrm ? 'Y' : 'N'
  return record.fields[entry.erp]
}

function fieldName(side: Side, change: FieldChange): string {
  return side === 'crm' ? change.field : (change.erpField ?? change.field)
}
