import { quoted } from './display-text.ts'
import type { FieldMapEntry } from './field-map.ts'
import { crmFieldNamed, type EntryFinding, type MapCheck } from './map-fields.ts'
import { nameKey } from './name-rule.ts'
import type { CodeEntry } from './ports.ts'

const error = (message: string): EntryFinding => ({ level: 'error', part: 'values', message })

/** What is wrong with an entry's value map: rows without a side, two for one value, values the CRM does not know. */
export function checkValues(check: MapCheck, entry: FieldMapEntry): EntryFinding[] {
  const { transform, constant } = entry
  if (constant !== undefined || !('values' in transform)) return []
  const rows = Object.entries(transform.values)
  if (rows.length === 0 && transform.kind === 'values') {
    return [error('Say for at least one value what is sent in its place; a value that is not listed is left out.')]
  }
  const known = takenValues(check, entry)
  const seen = new Map<string, string>()
  return rows.flatMap(([from, to]): EntryFinding[] => {
    const twin = seen.get(nameKey(from))
    seen.set(nameKey(from), from)
    if (twin !== undefined) return [error(`${quoted(from)} and ${quoted(twin)} are the same value: keep one of them.`)]
    if (from.trim() === '' || to.trim() === '') return [error(`The row for ${quoted(from || to)} has an empty side.`)]
    if (known === null || isKnown(known, to, transform.kind === 'listed-name')) return []
    return [
      error(
        `${check.names.crm} does not know ${quoted(to)}, which ${quoted(from)} would become. It knows ${few(known)}.`,
      ),
    ]
  })
}

/** The values that the CRM takes for the entry, where they are known. */
export function takenValues(
  check: Pick<MapCheck, 'type' | 'description'>,
  entry: FieldMapEntry,
): readonly CodeEntry[] | null {
  const { transform } = entry
  if (transform.kind === 'listed-name') return check.description.codeTables[transform.table] ?? null
  return transform.kind === 'values' ? (crmFieldNamed(check, entry.crm)?.codes ?? null) : null
}

/** A code is what it is; a name of a list is compared as names are. */
function isKnown(known: readonly CodeEntry[], value: string, byName: boolean): boolean {
  if (!byName) return known.some(({ code }) => code === value)
  const key = nameKey(value)
  return known.some(({ code, description }) => nameKey(code) === key || nameKey(description) === key)
}

const SHOWN = 6

function few(known: readonly CodeEntry[]): string {
  const named = known
    .slice(0, SHOWN)
    .map(({ code, description }) => (code === description ? code : `${code} (${description})`))
  const rest = known.length - named.length
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ')
}
