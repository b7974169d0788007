import { readConnectionMap } from '#lib/connection-field-map'
import { checkOf } from '#lib/field-map-desk'
import { tryMap } from '#lib/field-map-trial'
import type { ConnectionView } from '#lib/store/connections'
import { mapVersion } from '#lib/store/field-map'
import { findTestPair, type TestPair } from '#lib/store/views-field-map'
import { displayText } from '#lib/sync/display-text'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { checkFieldMap, type MapFinding } from '#lib/sync/map-check'
import { takenValues } from '#lib/sync/map-check-values'
import { isFixedEntry, type MapCheck } from '#lib/sync/map-fields'
import { TYPE_SINGULAR } from '../../record-types.ts'
import { inSentence } from '../connection/in-sentence.ts'
import type { EntryFormProps } from './entry-form.tsx'
import { unmappedValues } from './entry-work.ts'
import { askedCrm } from './load-map-page.ts'
import { REFERENCE_TYPES } from './map-words.ts'
import { type MapSearch, mapHref } from './search-params.ts'
import { type TrialView, trialView } from './trial-view.ts'

export type EntryPageView =
  | {
      readonly ok: true
      /** `null`: a new one. */
      readonly entry: FieldMapEntry | null
      readonly form: EntryFormProps
      readonly findings: readonly MapFinding[]
    }
  | { readonly ok: false; readonly title: string; readonly why: string }

/** @param target CRM field that a new entry begins with. */
export async function loadEntryPage(
  connection: ConnectionView,
  { type, field, record }: MapSearch,
  target: string | null,
): Promise<EntryPageView> {
  const { fieldMap } = await readConnectionMap(connection.id)
  const entry = fieldMap[type].find(({ crm }) => crm === field) ?? null
  if (field !== null && entry === null) {
    const why = `The map has no entry for ${displayText(field, 60)}. It may have been removed, or set back to the default.`
    return { ok: false, title: 'This entry is not in the map', why }
  }
  const described = await askedCrm(connection, false)
  if (!described.ok) return unasked(described.error)
  const { description } = described.value
  const opened = await inSentence(() => checkOf(connection, type, description))
  if (!opened.ok) return unasked(opened.error)
  const check = opened.value
  const pair = await findTestPair(connection.id, type, record)
  const trials = entry && pair ? await tryMap(connection, { type, fieldMap, description }, pair) : null
  const trial = entry && trials?.get(entry.crm)
  const findings = checkFieldMap(check, fieldMap[type], fieldMap[type]).filter(({ crm }) => crm === entry?.crm)
  const seen = entry ? await unmappedValues(connection.id, check, entry) : []
  const form = toForm(check, entry, { pair, target, trial: trial ? trialView(trial, check.names) : null })
  return { ok: true, entry, findings, form: { ...form, seen, version: mapVersion(fieldMap[type]) } }
}

function unasked(error: string): EntryPageView {
  const why = `${error} Without an answer nobody can tell which fields there are, so nothing could be saved.`
  return { ok: false, title: 'The map cannot be edited now', why }
}

function toForm(
  check: MapCheck,
  entry: FieldMapEntry | null,
  {
    pair,
    target,
    trial,
  }: { readonly pair: TestPair | null; readonly target: string | null; readonly trial: TrialView | null },
): Omit<EntryFormProps, 'seen' | 'version'> {
  const { type, names, erpFields, description } = check
  const values = entry && 'values' in entry.transform ? entry.transform.values : {}
  const crmFields = (description.types[type].fields ?? []).map(({ name, label }) => ({ name, label }))
  return {
    type,
    field: entry?.crm ?? '',
    start: startValues(entry, target),
    rows: Object.entries(values).map(([from, to]) => ({ from, to })),
    known: entry ? takenValues(check, entry) : null,
    choices: {
      names,
      erpFields: erpFields.map(({ name, label }) => ({ name, label })),
      crmFields,
      tables: Object.keys(description.codeTables),
      references: REFERENCE_TYPES.map((one) => ({ value: one, label: TYPE_SINGULAR[one] })),
    },
    open: openness(entry),
    record: pair && { name: displayText(pair.erpName, 120), key: pair.erpKey, id: pair.crmId },
    trial,
    backHref: mapHref({ type, record: pair?.erpKey ?? null }),
  }
}

function openness(entry: FieldMapEntry | null): EntryFormProps['open'] {
  if (!entry || !isFixedEntry(entry)) return 'all'
  return entry.role === 'sync-flag' ? 'target' : 'label'
}

function startValues(entry: FieldMapEntry | null, target: string | null): Record<string, string> {
  if (!entry) return { crm: target ?? '', source: 'field', owner: 'erp', sending: 'auto' }
  const { erp, crm, owner, label, constant, transform, onlyIfEmpty } = entry
  return {
    crm,
    label,
    owner,
    erp,
    source: constant !== undefined ? 'constant' : erp === '' ? 'none' : 'field',
    constant: constant ?? '',
    sending: transform.kind,
    ...('places' in transform ? { places: String(transform.places) } : {}),
    ...('table' in transform ? { table: transform.table } : {}),
    ...('type' in transform ? { reference: transform.type } : {}),
    ...(onlyIfEmpty ? { onlyIfEmpty: 'on' } : {}),
  }
}
