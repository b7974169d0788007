import type { FieldMapEntry } from './field-map.ts'

/** Edits of one record type's field map; an entry is known by its CRM field. Each answers a new map. */

/** Puts `entry` in the place of the one for `crm`, or at the end where that is `null`. */
export function putEntry(entries: readonly FieldMapEntry[], crm: string | null, entry: FieldMapEntry): FieldMapEntry[] {
  if (!entries.some((each) => each.crm === crm)) return [...entries, entry]
  return entries.map((each) => (each.crm === crm ? entry : each))
}

export function withoutEntry(entries: readonly FieldMapEntry[], crm: string): FieldMapEntry[] {
  return entries.filter((entry) => entry.crm !== crm)
}

/**
 * Changes places with the neighbour above or below among the entries that are shown together (required ones stand in a
 * group of their own). At the end of its group an entry stays where it is.
 */
export function moveEntry(
  entries: readonly FieldMapEntry[],
  crm: string,
  direction: 'up' | 'down',
  isFirst: (entry: FieldMapEntry) => boolean,
): FieldMapEntry[] {
  const own = entries.findIndex((entry) => entry.crm === crm)
  const entry = entries[own]
  if (!entry) return [...entries]
  const step = direction === 'up' ? -1 : 1
  let other = own + step
  while (entries[other] && isFirst(entries[other] ?? entry) !== isFirst(entry)) other += step
  const neighbour = entries[other]
  if (!neighbour) return [...entries]
  return entries.map((each, index) => (index === own ? neighbour : index === other ? entry : each))
}

/** The entries as a screen lists them: required ones first, else in their own order. */
export function shownOrder(
  entries: readonly FieldMapEntry[],
  isFirst: (entry: FieldMapEntry) => boolean,
): FieldMapEntry[] {
  return [...entries.filter(isFirst), ...entries.filter((entry) => !isFirst(entry))]
}
