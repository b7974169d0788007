import { readConnectionMap } from '#lib/connection-field-map'
import { openSystems } from '#lib/console'
import { defaultFieldMap } from '#lib/default-field-map'
import type { ConnectionView } from '#lib/store/connections'
import { database } from '#lib/store/database'
import { type DescribedCrm, findDescribedCrm, storeDescribedCrm } from '#lib/store/described-crm'
import { type MapEdit, type MapSaved, mapVersion, resetFieldMap, saveFieldMap } from '#lib/store/field-map'
import type { FieldMap, FieldMapEntry } from '#lib/sync/field-map'
import { changesContent, mapChanges } from '#lib/sync/map-changes'
import { checkFieldMap, hasErrors, type MapFinding } from '#lib/sync/map-check'
import type { MapCheck } from '#lib/sync/map-fields'
import { type CrmDescription, type ErpField, RemoteFailure } from '#lib/sync/ports'
import type { CrmRecord, ErpRecord, RecordType } from '#lib/sync/records'

/** What the field map's screens ask of the two systems, and how an edited map gets past them into the database. */

export type Answered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }

/** The fields that the ERP has for one record type. Asks nobody. */
export async function erpFieldsOf(connection: ConnectionView, type: RecordType): Promise<readonly ErpField[]> {
  return withSystems(connection, defaultFieldMap, async ({ erp }) => erp.fields(type))
}

/** What the CRM said of itself when it was last asked; asked now where nothing usable is kept or `anew` wants it. */
export async function describedCrm(connection: ConnectionView, anew: boolean): Promise<Answered<DescribedCrm>> {
  const kept = await findDescribedCrm(connection.id)
  // What earlier versions have kept does not name the fields.
  if (kept?.description.types.project.fields && !anew) return { ok: true, value: kept }
  const { fieldMap } = await readConnectionMap(connection.id)
  const answer = await askCrm(connection, fieldMap)
  if (!answer.ok) return answer
  await storeDescribedCrm(database(), connection.id, answer.value)
  return { ok: true, value: { description: answer.value, describedAt: new Date() } }
}

function askCrm(connection: ConnectionView, fieldMap: FieldMap): Promise<Answered<CrmDescription>> {
  return withSystems(connection, fieldMap, ({ crm }) => answered(() => crm.describe()))
}

/** Both sides of one pair as they stand now, with the fields that a map not saved yet names. */
export async function readPairNow(
  connection: ConnectionView,
  fieldMap: FieldMap,
  pair: { readonly type: RecordType; readonly erpKey: string; readonly crmId: string },
): Promise<Answered<{ erp: ErpRecord | null; crm: CrmRecord | null; description: CrmDescription }>> {
  return withSystems(connection, fieldMap, ({ erp, crm }) =>
    answered(async () => {
      const [ours, theirs, description] = await Promise.all([
        erp.read(pair.type, [pair.erpKey]),
        crm.read(pair.type, [pair.crmId]),
        crm.describe(),
      ])
      return { erp: ours[0] ?? null, crm: theirs[0] ?? null, description }
    }),
  )
}

export type MapAnswer =
  | { readonly ok: true; readonly warnings: readonly MapFinding[] }
  | { readonly ok: false; readonly findings: readonly MapFinding[] }
  | { readonly ok: false; readonly error: string }

/** Checks one type's edited map against both systems and saves it as a whole, or says why not. */
export async function saveEditedMap(
  connection: ConnectionView,
  edit: Pick<MapEdit, 'type' | 'by' | 'expected'> & {
    readonly after: (entries: readonly FieldMapEntry[]) => readonly FieldMapEntry[]
  },
): Promise<MapAnswer> {
  const { type, expected } = edit
  const { fieldMap } = await readConnectionMap(connection.id)
  const before = fieldMap[type]
  if (mapVersion(before) !== expected) return { ok: false, error: STALE }
  const entries = edit.after(before)
  const save = async () => saveFieldMap({ ...edit, connectionId: connection.id, defaults: defaultFieldMap, entries })
  // Another order or name can be wrong in no way that a system would have to be asked about.
  if (!changesContent(mapChanges(before, entries))) return told(await save())
  const described = await askCrm(connection, { ...fieldMap, [type]: entries })
  if (!described.ok)
    return { ok: false, error: `Nothing was saved, because the map could not be checked. ${described.error}` }
  const findings = checkFieldMap(await checkOf(connection, type, described.value), entries, before)
  if (hasErrors(findings)) return { ok: false, findings }
  const saved = await save()
  if (saved.ok) await storeDescribedCrm(database(), connection.id, described.value)
  return told(saved, findings)
}

/** What a map of this type is held against. */
export async function checkOf(
  connection: ConnectionView,
  type: RecordType,
  description: CrmDescription,
): Promise<MapCheck> {
  const names = { erp: connection.erpName, crm: connection.crmName }
  return { type, names, erpFields: await erpFieldsOf(connection, type), description }
}

/** Sets one type's map back to the default, whatever is in it. */
export async function setMapBack(
  connection: ConnectionView,
  edit: Pick<MapEdit, 'type' | 'by' | 'expected'>,
): Promise<MapAnswer> {
  const saved = await resetFieldMap({ ...edit, connectionId: connection.id, defaults: defaultFieldMap })
  return told(saved)
}

const STALE = 'Somebody has changed this map in the meantime. Load the page again, then make the change once more.'
const RUNNING =
  'A sync is going on, and it works by one map from beginning to end. Save when it has ended, or cancel it.'

function told(saved: MapSaved, warnings: readonly MapFinding[] = []): MapAnswer {
  if (saved.ok) return { ok: true, warnings }
  return { ok: false, error: saved.reason === 'stale' ? STALE : RUNNING }
}

type Systems = Awaited<ReturnType<typeof openSystems>>

async function withSystems<T>(
  connection: ConnectionView,
  fieldMap: FieldMap,
  work: (systems: Systems) => Promise<T>,
): Promise<T> {
  const systems = await openSystems(connection, fieldMap)
  try {
    return await work(systems)
  } finally {
    await Promise.all([systems.erp.close(), systems.crm.close()])
  }
}

async function answered<T>(work: () => Promise<T>): Promise<Answered<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    if (error instanceof RemoteFailure) return { ok: false, error: error.message }
    throw error
  }
}
