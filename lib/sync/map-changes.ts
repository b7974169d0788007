import type { FieldMap, FieldMapEntry } from './field-map.ts'
import type { RecordType } from './records.ts'

/** What makes one record type's field map different from another: entries are the same where their CRM field is. */
export interface MapChanges {
  readonly added: readonly FieldMapEntry[]
  readonly removed: readonly FieldMapEntry[]
  readonly changed: readonly { readonly from: FieldMapEntry; readonly to: FieldMapEntry }[]
  /** The entries that stay are in another order. */
  readonly moved: boolean
}

export function mapChanges(before: readonly FieldMapEntry[], after: readonly FieldMapEntry[]): MapChanges {
  const was = new Map(before.map((entry) => [entry.crm, entry]))
  const is = new Map(after.map((entry) => [entry.crm, entry]))
  const changed = after.flatMap((to) => {
    const from = was.get(to.crm)
    return from && entryText(from) !== entryText(to) ? [{ from, to }] : []
  })
  const stayed = before.filter(({ crm }) => is.has(crm)).map(({ crm }) => crm)
  const staying = after.filter(({ crm }) => was.has(crm)).map(({ crm }) => crm)
  return {
    added: after.filter(({ crm }) => !was.has(crm)),
    removed: before.filter(({ crm }) => !is.has(crm)),
    changed,
    moved: stayed.some((crm, index) => crm !== staying[index]),
  }
}

export function isUnchanged({ added, removed, changed, moved }: MapChanges): boolean {
  return added.length + removed.length + changed.length === 0 && !moved
}

/** Whether pairs that agreed may agree no longer: anything but another order or another label. */
export function changesContent({ added, removed, changed }: MapChanges): boolean {
  const touches = changed.some(({ from, to }) => entryText({ ...from, label: to.label }) !== entryText(to))
  return added.length + removed.length > 0 || touches
}

/** Whether fields must be read that were not read before, or in another way. */
export function changesReading({ added, removed, changed }: MapChanges): boolean {
  const touches = changed.some(({ from, to }) => from.erp !== to.erp || from.transform.kind !== to.transform.kind)
  return added.length + removed.length > 0 || touches
}

/** Everything that makes up an entry, in a fixed order: equal texts, equal entries. */
export function entryText({ erp, crm, owner, transform, label, role, onlyIfEmpty, constant }: FieldMapEntry): string {
  const { kind } = transform
  const parameters = [
    'places' in transform ? transform.places : null,
    'table' in transform ? transform.table : null,
    'type' in transform ? transform.type : null,
    'values' in transform ? Object.entries(transform.values) : null,
  ]
  return JSON.stringify([
    erp,
    crm,
    owner,
    kind,
    parameters,
    label,
    role ?? null,
    onlyIfEmpty === true,
    constant ?? null,
  ])
}

/** The record types whose mappings a field map looks references up in. */
export function referencedTypes(fieldMap: FieldMap): RecordType[] {
  const transforms = Object.values(fieldMap).flatMap((entries) => entries.map(({ transform }) => transform))
  return [...new Set(transforms.flatMap((transform) => (transform.kind === 'reference' ? [transform.type] : [])))]
}
