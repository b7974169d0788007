import { createHash, randomUUIDv7 } from 'node:crypto'
import type { FieldMap, FieldMapEntry } from '#lib/sync/field-map'
import {
  changesContent,
  changesReading,
  entryText,
  isUnchanged,
  type MapChanges,
  mapChanges,
} from '#lib/sync/map-changes'
import type { RecordType } from '#lib/sync/records'
import { appendAudit } from './audit.ts'
import { type Database, database, type Transaction } from './database.ts'
import { toMapEntry, toStoredEntry } from './field-map-row.ts'
import { findOpenRun } from './runs.ts'

/** A connection's own field map (fields.md): a record type without rows here uses the default. */

export interface FieldMapReading {
  /** Usable for every type; one whose rows cannot be read stands at the default. */
  readonly fieldMap: FieldMap
  /** The types with entries of their own. */
  readonly own: readonly RecordType[]
  /** What is wrong with the rows, a sentence for each type that has a row of which this version can make nothing. */
  readonly problems: readonly { readonly type: RecordType; readonly message: string }[]
}

/** Reads the field map of a connection in the order of its positions. */
export async function readFieldMap(
  connectionId: string,
  defaults: FieldMap,
  db: Database = database(),
): Promise<FieldMapReading> {
  const rows = await db.fieldMapEntry.findMany({
    where: { connectionId },
    orderBy: { position: 'asc' },
    include: { values: { orderBy: { position: 'asc' } } },
  })
  const own = [...new Set(rows.map((row) => row.type))]
  const problems: { type: RecordType; message: string }[] = []
  const fieldMap: Record<RecordType, readonly FieldMapEntry[]> = { ...defaults }
  for (const type of own) {
    const read = rows.filter((row) => row.type === type).map(toMapEntry)
    const broken = read.find((one) => !one.ok)
    if (broken && !broken.ok) problems.push({ type, message: brokenMessage(type, broken.crm, broken.problem) })
    else fieldMap[type] = read.flatMap((one) => (one.ok ? [one.entry] : []))
  }
  return { fieldMap, own, problems }
}

function brokenMessage(type: RecordType, crm: string, problem: string): string {
  return `The field map for ${type} records cannot be used: its entry for ${crm} has ${problem}. Set this map back to the default under Settings, Field map.`
}

/** Names one state of a type's map, so that an edit made on an old page is recognised as such. */
export function mapVersion(entries: readonly FieldMapEntry[]): string {
  return createHash('sha256').update(entries.map(entryText).join('\n')).digest('hex').slice(0, 16)
}

export type MapSaved =
  | { readonly ok: true; readonly changes: MapChanges }
  /** A run works by one map from its beginning to its end. */
  | { readonly ok: false; readonly reason: 'run-open'; readonly runId: string }
  /** Somebody else has changed the map since it was read. */
  | { readonly ok: false; readonly reason: 'stale' }

export interface MapEdit {
  readonly connectionId: string
  readonly type: RecordType
  readonly by: string
  readonly defaults: FieldMap
  /** {@link mapVersion} of the entries that the edit was made on. */
  readonly expected: string
}

/** Stores one type's map as a whole, or nothing. Its living pairs are compared again in the next run. */
export async function saveFieldMap(edit: MapEdit & { readonly entries: readonly FieldMapEntry[] }): Promise<MapSaved> {
  return replaceMap(edit, { action: 'field-map.save', after: edit.entries }, async (tx) => {
    const stored = edit.entries.map((entry, index) => toStoredEntry(entry, { ...edit, id: randomUUIDv7(), index }))
    await tx.fieldMapEntry.createMany({ data: stored.map(({ row }) => row) })
    await tx.valueMapEntry.createMany({ data: stored.flatMap(({ values }) => values) })
  })
}

/** Sets one type's map back to the default. */
export async function resetFieldMap(edit: MapEdit): Promise<MapSaved> {
  return replaceMap(edit, { action: 'field-map.reset', after: edit.defaults[edit.type] }, async () => undefined)
}

async function replaceMap(
  { connectionId, type, by, defaults, expected }: MapEdit,
  deed: { readonly action: string; readonly after: readonly FieldMapEntry[] },
  insert: (tx: Transaction) => Promise<void>,
): Promise<MapSaved> {
  return database().$transaction(async (tx) => {
    // A run that starts meanwhile refers to this row, so it waits until the map stands.
    await tx.$queryRaw`SELECT id FROM connection WHERE id = ${connectionId}::uuid FOR UPDATE`
    const open = await findOpenRun(connectionId, tx)
    if (open) return { ok: false, reason: 'run-open', runId: open.id }
    const { fieldMap, problems } = await readFieldMap(connectionId, defaults, tx)
    const before = fieldMap[type]
    if (mapVersion(before) !== expected) return { ok: false, reason: 'stale' }
    const changes = mapChanges(before, deed.after)
    const isBroken = problems.some((problem) => problem.type === type)
    if (isUnchanged(changes) && !isBroken) return { ok: true, changes }
    await tx.fieldMapEntry.deleteMany({ where: { connectionId, type } })
    await insert(tx)
    if (changesContent(changes) || isBroken) await compareAgain(tx, connectionId, type, changes)
    await appendAudit(tx, {
      actor: by,
      action: deed.action,
      subject: connectionId,
      details: { type, ...told(changes) },
    })
    return { ok: true, changes }
  })
}

/** Nothing that was settled by the old map is settled by the new one; fields that were not read are read. */
async function compareAgain(
  tx: Transaction,
  connectionId: string,
  type: RecordType,
  changes: MapChanges,
): Promise<void> {
  await tx.crmMapping.updateMany({
    where: { connectionId, type, removedAt: null },
    data: { settledErpHash: null, settledCrmHash: null },
  })
  if (!changesReading(changes)) return
  // The name of the sync flag is one for all types, and stands in the map of projects.
  const all = [...changes.added, ...changes.removed].some(({ role }) => role === 'sync-flag')
  await tx.watermark.updateMany({ where: { connectionId, ...(all ? {} : { type }) }, data: { value: null } })
}

function told({ added, removed, changed, moved }: MapChanges): Record<string, unknown> {
  return { added, removed, changed, ...(moved ? { moved } : {}) }
}
