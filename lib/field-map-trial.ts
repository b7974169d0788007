import { readConnectionMap } from '#lib/connection-field-map'
import { loadLookupsOf } from '#lib/engine/pairs'
import { type Answered, checkOf, readPairNow } from '#lib/field-map-desk'
import type { ConnectionView } from '#lib/store/connections'
import { findPairNames, findTestRecord, type TestPair, type TestRecord } from '#lib/store/views-field-map'
import type { FieldMap, FieldMapEntry } from '#lib/sync/field-map'
import { checkFieldMap, type MapFinding } from '#lib/sync/map-check'
import { putEntry } from '#lib/sync/map-edit'
import type { ConflictPolicy } from '#lib/sync/merge'
import type { CrmDescription } from '#lib/sync/ports'
import { planKnown, type RecordField, recordFields } from '#lib/sync/record-fields'
import type { RecordType } from '#lib/sync/records'

/** A field map tried on a real pair: what the ERP holds, what would be sent, what the CRM holds. */

/** One entry's values for the pair; names stand beside keys of other records. */
export interface TrialField {
  readonly field: RecordField
  readonly names: { readonly erp: string | null; readonly sent: string | null; readonly crm: string | null }
}

/** Which policy decides is no part of a map: a trial shows the field as the ERP would send it. */
const POLICY: ConflictPolicy = 'erp-wins'

/** Every entry of a type tried on a pair as it was last read, by CRM field. */
export async function tryMap(
  connection: ConnectionView,
  at: { readonly type: RecordType; readonly fieldMap: FieldMap; readonly description: CrmDescription },
  pair: TestPair,
): Promise<ReadonlyMap<string, TrialField>> {
  return trialOf(connection.id, at, await findTestRecord(connection.id, at.type, pair))
}

/** An entry that is not saved yet, tried on a pair as it stands in both systems now. `crm`: the entry it takes the place of. */
export async function tryEntry(
  connection: ConnectionView,
  edit: { readonly type: RecordType; readonly crm: string | null; readonly entry: FieldMapEntry },
  pair: TestPair,
): Promise<Answered<{ trial: TrialField | null; findings: readonly MapFinding[] }>> {
  const { type, crm, entry } = edit
  const { fieldMap: saved } = await readConnectionMap(connection.id)
  const entries = putEntry(saved[type], crm, entry)
  const fieldMap = { ...saved, [type]: entries }
  const read = await readPairNow(connection, fieldMap, { type, ...pair })
  if (!read.ok) return read
  const { erp, description } = read.value
  const stored = await findTestRecord(connection.id, type, pair)
  // Project totals come from a call of their own: those of the last run stand in for them.
  const record = {
    base: stored.base,
    crm: read.value.crm,
    erp: erp && { ...erp, fields: { ...stored.erp?.fields, ...erp.fields } },
  }
  const trials = await trialOf(connection.id, { type, fieldMap, description }, record)
  const check = await checkOf(connection, type, description)
  const findings = checkFieldMap(check, entries, saved[type]).filter((finding) => finding.crm === entry.crm)
  return { ok: true, value: { trial: trials.get(entry.crm) ?? null, findings } }
}

async function trialOf(
  connectionId: string,
  {
    type,
    fieldMap,
    description,
  }: { readonly type: RecordType; readonly fieldMap: FieldMap; readonly description: CrmDescription },
  { erp, crm, base }: TestRecord,
): Promise<ReadonlyMap<string, TrialField>> {
  const lookups = await loadLookupsOf(connectionId, fieldMap, description)
  const known = { type, erp, crm, pair: { base, pins: [], syncOn: true }, entries: fieldMap[type], lookups }
  const fields = recordFields(known, planKnown(known, { policy: POLICY })).map((field, index) =>
    fieldMap[type][index]?.role === 'sync-flag' ? switchedOn(field) : field,
  )
  const nameOf = await loadNames(connectionId, fields)
  return new Map(fields.map((field) => [field.field, { field, names: nameOf(field) }]))
}

/** Whatever is sent is set to sync, though the ERP's own switch may be off while the pair carries it (sync-rules §4.3). */
function switchedOn(field: RecordField): RecordField {
  return { ...field, erpInCrmForm: 'Y', differs: field.crm !== undefined && field.crm !== 'Y', left: null }
}

/** Names of the records whose keys stand in references. */
async function loadNames(
  connectionId: string,
  fields: readonly RecordField[],
): Promise<(field: RecordField) => TrialField['names']> {
  const references = fields.flatMap(({ transform, ...field }) =>
    transform.kind === 'reference' ? [{ ...field, to: transform.type }] : [],
  )
  const types = [...new Set(references.map(({ to }) => to))]
  const known = new Map(
    await Promise.all(
      types.map(async (type) => {
        const own = references.filter(({ to }) => to === type)
        const erp = own.flatMap(({ erp: key }) => key ?? [])
        const crm = own.flatMap(({ erpInCrmForm, crm: id }) => [erpInCrmForm ?? [], id ?? []].flat())
        return [type, await findPairNames(connectionId, type, { erp, crm })] as const
      }),
    ),
  )
  return ({ transform, erp, erpInCrmForm, crm }) => {
    const names = transform.kind === 'reference' ? known.get(transform.type) : undefined
    return {
      erp: names?.erp.get(erp ?? '') ?? null,
      sent: names?.crm.get(erpInCrmForm ?? '') ?? null,
      crm: names?.crm.get(crm ?? '') ?? null,
    }
  }
}
