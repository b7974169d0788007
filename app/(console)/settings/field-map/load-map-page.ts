import { readConnectionMap } from '#lib/connection-field-map'
import { checkOf, describedCrm } from '#lib/field-map-desk'
import { tryMap } from '#lib/field-map-trial'
import type { ConnectionView } from '#lib/store/connections'
import { mapVersion } from '#lib/store/field-map'
import { findTestPair, searchTestPairs, type TestPair } from '#lib/store/views-field-map'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { checkFieldMap, type MapFinding } from '#lib/sync/map-check'
import { shownOrder } from '#lib/sync/map-edit'
import { isFixedEntry, isRequiredEntry, type MapCheck } from '#lib/sync/map-fields'
import { inSentence } from '../connection/in-sentence.ts'
import type { MapRow } from './map-table.tsx'
import { entryHref, type MapSearch, passes } from './search-params.ts'
import { trialView } from './trial-view.ts'

/** What the page of one record type's map shows. */
export interface MapPageView {
  readonly names: { readonly erp: string; readonly crm: string }
  readonly rows: readonly MapRow[]
  /** Entries of the map, whatever the search. */
  readonly count: number
  readonly version: string
  /** The map is not the default any more. */
  readonly isOwn: boolean
  /** Why the stored map cannot be used, so that the default is shown. */
  readonly broken: string | null
  /** Why the CRM could not be asked what it has. */
  readonly unchecked: string | null
  readonly describedAt: Date | null
  /** Findings about fields that have no entry. */
  readonly missing: readonly MapFinding[]
  readonly pair: TestPair | null
  readonly found: readonly TestPair[]
}

const MOST_FOUND = 12

export async function loadMapPage(connection: ConnectionView, search: MapSearch): Promise<MapPageView> {
  const { type, find, record, anew } = search
  const names = { erp: connection.erpName, crm: connection.crmName }
  const [reading, described, pair, found] = await Promise.all([
    readConnectionMap(connection.id),
    askedCrm(connection, anew),
    findTestPair(connection.id, type, record),
    find === null ? [] : searchTestPairs(connection.id, type, { text: find, limit: MOST_FOUND }),
  ])
  const { fieldMap, own, problems } = reading
  const entries = fieldMap[type]
  const description = described.ok ? described.value.description : null
  const opened = description ? await inSentence(() => checkOf(connection, type, description)) : null
  const check = opened?.ok ? opened.value : null
  const trials = description && pair ? await tryMap(connection, { type, fieldMap, description }, pair) : null
  const findings = check ? checkFieldMap(check, entries, entries) : []
  const isRequired = requiredBy(check)
  const shown = shownOrder(entries, isRequired)
  const rows = shown.map((entry, index): MapRow => {
    const trial = trials?.get(entry.crm)
    const sameGroup = (other: FieldMapEntry | undefined) =>
      other !== undefined && isRequired(other) === isRequired(entry)
    return {
      entry,
      isRequired: isRequired(entry),
      findings: findings.filter(({ crm }) => crm === entry.crm),
      trial: trial ? trialView(trial, names) : null,
      href: entryHref({ type, field: entry.crm, record: pair?.erpKey ?? null }),
      place:
        search.text === null ? { isFirst: !sameGroup(shown[index - 1]), isLast: !sameGroup(shown[index + 1]) } : null,
    }
  })
  return {
    names,
    rows: rows.filter(({ entry }) => passes(entry, search.text)),
    count: entries.length,
    version: mapVersion(entries),
    isOwn: own.includes(type),
    broken: problems.find((problem) => problem.type === type)?.message ?? null,
    unchecked: described.ok ? (opened?.ok === false ? opened.error : null) : described.error,
    describedAt: described.ok ? described.value.describedAt : null,
    missing: findings.filter(({ crm }) => !entries.some((entry) => entry.crm === crm)),
    pair,
    found,
  }
}

/** A connection that cannot be opened is a sentence too: the map can be looked at without it. */
export async function askedCrm(connection: ConnectionView, anew: boolean): ReturnType<typeof describedCrm> {
  const asked = await inSentence(() => describedCrm(connection, anew))
  return asked.ok ? asked.value : asked
}

export function requiredBy(check: MapCheck | null): (entry: FieldMapEntry) => boolean {
  return (entry) => (check ? isRequiredEntry(check, entry) : isFixedEntry(entry))
}
