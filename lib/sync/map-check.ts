import type { FieldMapEntry } from './field-map.ts'
import { entryText } from './map-changes.ts'
import { checkEntry } from './map-check-entry.ts'
import { type EntryFinding, isFixedEntry, type MapCheck } from './map-fields.ts'

export interface MapFinding extends EntryFinding {
  /** CRM field of the entry, or of the one that is missing. */
  readonly crm: string
}

/**
 * What is wrong with one record type's field map, against what the CRM says of itself and what the ERP can give
 * (fields.md, sync-rules §9). What stood in the map `before` exactly as it stands now prevents nothing from being saved:
 * findings about it are warnings.
 */
export function checkFieldMap(
  check: MapCheck,
  entries: readonly FieldMapEntry[],
  before: readonly FieldMapEntry[],
): MapFinding[] {
  const stood = new Set(before.map(entryText))
  const own = entries.flatMap((entry) =>
    checkEntry(check, entry).map(
      (finding): MapFinding => ({
        ...finding,
        crm: entry.crm,
        level: stood.has(entryText(entry)) ? 'warning' : finding.level,
      }),
    ),
  )
  return [...own, ...checkDuplicates(check, entries), ...checkMissing(check, entries, before)]
}

export function hasErrors(findings: readonly MapFinding[]): boolean {
  return findings.some(({ level }) => level === 'error')
}

function checkDuplicates({ names }: MapCheck, entries: readonly FieldMapEntry[]): MapFinding[] {
  const seen = new Set<string>()
  return entries.flatMap(({ crm }): MapFinding[] => {
    const key = crm.toLowerCase()
    if (crm !== '' && seen.has(key)) {
      const message = `Two entries write to ${crm} in ${names.crm}. A field has one source: change that entry, or remove it first.`
      return [{ level: 'error', crm, part: 'crm', message }]
    }
    seen.add(key)
    return []
  })
}

function checkMissing(
  check: MapCheck,
  entries: readonly FieldMapEntry[],
  before: readonly FieldMapEntry[],
): MapFinding[] {
  const { names, type } = check
  const gone = before.filter(isFixedEntry).filter((was) => !entries.some((entry) => keeps(was, entry)))
  const findings = gone.map(({ crm, label }): MapFinding => {
    const message = `${label} (${crm}) must stay in the map as it is: the sync recognises and names records by it.`
    return { level: 'error', crm, part: null, message }
  })
  for (const field of check.description.types[type].fields ?? []) {
    const has = (map: readonly FieldMapEntry[]) => map.some(({ crm }) => crm === field.name)
    if (!field.required || has(entries) || gone.some(({ crm }) => crm === field.name)) continue
    const message = `${names.crm} takes no new record without ${field.label} (${field.name}). Add an entry for it, with a fixed value if ${names.erp} has none.`
    findings.push({ level: has(before) ? 'error' : 'warning', crm: field.name, part: null, message })
  }
  return findings
}

/** Only its name, and for the sync flag the CRM's field, may be another. */
function keeps(was: FieldMapEntry, entry: FieldMapEntry): boolean {
  const same =
    was.role === entry.role &&
    was.erp === entry.erp &&
    was.owner === entry.owner &&
    was.transform.kind === entry.transform.kind
  const plain = entry.constant === undefined && entry.onlyIfEmpty !== true
  return same && plain && (was.role === 'sync-flag' || was.crm === entry.crm)
}
