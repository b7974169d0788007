import { canonicalCrmValue, sameValue } from './canonical.ts'
import type { FieldMapEntry } from './field-map.ts'
import type { Fields, FieldValue } from './records.ts'

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
