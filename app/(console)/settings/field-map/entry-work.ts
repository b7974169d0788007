import { readConnectionMap } from '#lib/connection-field-map'
import { type Answered, checkOf, describedCrm, type MapAnswer, saveEditedMap } from '#lib/field-map-desk'
import { tryEntry } from '#lib/field-map-trial'
import type { ConnectionView } from '#lib/store/connections'
import { findTestPair, listErpValues, type SeenValue } from '#lib/store/views-field-map'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { MapFinding } from '#lib/sync/map-check'
import { takenValues } from '#lib/sync/map-check-values'
import { moveEntry, putEntry } from '#lib/sync/map-edit'
import { isFixedEntry, isRequiredEntry, type MapCheck, type MapPart } from '#lib/sync/map-fields'
import { nameKey } from '#lib/sync/name-rule'
import { lookUpValue } from '#lib/sync/transform'
import { entryFromForm } from './entry-from-form.ts'
import type { EntryForm, MoveForm } from './schema.ts'
import type { EntryState } from './state.ts'
import { trialView } from './trial-view.ts'

/** What an edited entry comes to: saved, or what the form shows in its place. */
export type EntryOutcome = { readonly saved: string } | Omit<Partial<EntryState>, 'answer' | 'values' | 'rows'>

/** Suggestions for a value map: more are no help, and the rest shows once these have rows. */
const MOST_SEEN = 40

/** Saves the entry of a form, or tries it on the chosen record, as the button that was pressed says. */
export async function workOnEntry(connection: ConnectionView, form: EntryForm, by: string): Promise<EntryOutcome> {
  const { type, field } = form
  const before = (await readConnectionMap(connection.id)).fieldMap[type].find(({ crm }) => crm === field) ?? null
  if (before === null && field !== '')
    return { error: 'This entry is no longer in the map. Go back to the map and look again.' }
  const check = await checkFor(connection, form)
  if (!check.ok) return { error: `Nothing was saved or tried. ${check.error}` }
  const entry = entryFromForm(form, check.value, before)
  const seen = await unmappedValues(connection.id, check.value, entry)
  if (form.intent === 'try') return { seen, ...(await tried(connection, form, entry, before)) }
  const after = (entries: readonly FieldMapEntry[]) => putEntry(entries, before?.crm ?? null, entry)
  const answer = await saveEditedMap(connection, { type, by, expected: form.version, after })
  if (answer.ok) return { saved: entry.crm }
  return 'error' in answer ? { seen, error: answer.error } : { seen, ...told(answer.findings, entry.crm) }
}

/** What the CRM has, asked anew where what is kept of it does not know the field. */
async function checkFor(connection: ConnectionView, form: EntryForm): Promise<Answered<MapCheck>> {
  const kept = await describedCrm(connection, false)
  const key = form.crm.toLowerCase()
  const isKnown =
    kept.ok && kept.value.description.types[form.type].fields?.some(({ name }) => name.toLowerCase() === key)
  const described = isKnown ? kept : await describedCrm(connection, true)
  return described.ok
    ? { ok: true, value: await checkOf(connection, form.type, described.value.description) }
    : described
}

async function tried(
  connection: ConnectionView,
  form: EntryForm,
  entry: FieldMapEntry,
  before: FieldMapEntry | null,
): Promise<Partial<EntryState>> {
  const { type } = form
  const pair = await findTestPair(connection.id, type, form.record === '' ? null : form.record)
  if (!pair) return { error: 'There is no paired record to try this on yet. Run a sync first.' }
  const answer = await tryEntry(connection, { type, crm: before?.crm ?? null, entry }, pair)
  if (!answer.ok) return { error: `It could not be tried. ${answer.error}` }
  const { trial, findings } = answer.value
  const sides = { erp: connection.erpName, crm: connection.crmName }
  return { ...told(findings, entry.crm), trial: trial && trialView(trial, sides) }
}

/** Findings at the fields of the form that they are about; those about other entries stand above it. */
function told(findings: readonly MapFinding[], crm: string): Partial<EntryState> {
  const errors: Partial<Record<MapPart, string[]>> = {}
  const elsewhere: string[] = []
  for (const { level, part, message, crm: about } of findings) {
    if (level === 'warning') continue
    if (about === crm && part !== null) errors[part] = [...(errors[part] ?? []), message]
    else elsewhere.push(message)
  }
  const warnings = findings.filter((one) => one.level === 'warning' && one.crm === crm).map(({ message }) => message)
  return { errors, warnings, error: elsewhere.length > 0 ? `Nothing was saved. ${elsewhere.join(' ')}` : null }
}

/**
 * Values that occur in the entry's ERP field and have no form in the CRM, the most frequent first: those that its value
 * map does not name, but for names that the CRM's list has itself.
 */
export async function unmappedValues(
  connectionId: string,
  check: MapCheck,
  entry: FieldMapEntry,
): Promise<readonly SeenValue[]> {
  const { transform, erp, constant } = entry
  if (erp === '' || constant !== undefined) return []
  const values = 'values' in transform ? transform.values : {}
  const listed = transform.kind === 'listed-name' ? (takenValues(check, entry) ?? []) : []
  const own = new Set(listed.flatMap(({ code, description }) => [nameKey(code), nameKey(description)]))
  const seen = await listErpValues(connectionId, check.type, erp, MOST_SEEN)
  return seen.filter(({ value }) => lookUpValue(values, value) === null && !own.has(nameKey(value)))
}

/** Lets an entry change places with its neighbour as the page lists them: required entries are a group of their own. */
export async function moveInMap(connection: ConnectionView, form: MoveForm, by: string): Promise<MapAnswer> {
  const { type, version, move } = form
  const [direction, crm] = move
  const kept = await describedCrm(connection, false)
  const isFirst = (entry: FieldMapEntry) =>
    kept.ok ? isRequiredEntry({ type, description: kept.value.description }, entry) : isFixedEntry(entry)
  const after = (entries: readonly FieldMapEntry[]) => moveEntry(entries, crm, direction, isFirst)
  return saveEditedMap(connection, { type, by, expected: version, after })
}
