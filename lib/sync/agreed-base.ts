import { canonicalCrmValue, sameValue } from './canonical.ts'
import type { FieldMapEntry } from './field-map.ts'
import { erpValue } from './outgoing.ts'
import type { ErpRecord, Fields, FieldValue } from './records.ts'
import { type Lookups, transformValue } from './transform.ts'

/**
 * Of a planned base, what the record really holds as it was read back. A field that the CRM did not keep stays without
 * a base, so that the next comparison treats it as a first sync and not as somebody's change. A field that cannot be
 * read counts as kept.
 */
export function agreedBase(base: Fields, held: Fields, entries: readonly FieldMapEntry[]): Fields {
  const transforms = new Map(entries.map((entry) => [entry.crm, entry.transform]))
  const agreed: Record<string, FieldValue> = {}
  for (const [field, value] of Object.entries(base)) {
    const transform = transforms.get(field)
    const found = held[field]
    const kept = !transform || found === undefined || sameValue(transform, canonicalCrmValue(transform, found), value)
    if (kept) agreed[field] = value
  }
  return agreed
}

/**
 * Of the values that were taken into the ERP, by CRM field name and in CRM form, those that the ERP really holds now as
 * it was read back (sync-rules §7.2): only these are agreed. `kept` is the new base of them, `lost` names the others.
 */
export function agreedTaken(
  taken: Fields,
  erp: ErpRecord,
  entries: readonly FieldMapEntry[],
  lookups: Lookups,
): { readonly kept: Fields; readonly lost: readonly string[] } {
  const kept: Record<string, FieldValue> = {}
  const lost: string[] = []
  for (const [field, value] of Object.entries(taken)) {
    const entry = entries.find((one) => one.crm === field)
    const held = entry && heldInCrmForm(entry, erp, lookups)
    if (entry && held !== undefined && sameValue(entry.transform, held, value)) kept[field] = value
    else lost.push(field)
  }
  return { kept, lost }
}

function heldInCrmForm(entry: FieldMapEntry, erp: ErpRecord, lookups: Lookups): FieldValue | undefined {
  const raw = erpValue(entry, erp, erp.syncToCrm)
  if (raw === undefined) return undefined
  const value = transformValue(entry, erp.type, raw, lookups)
  return value.ok ? value.value : undefined
}
