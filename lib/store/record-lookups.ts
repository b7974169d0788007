import type { FieldMapEntry } from '#lib/sync/field-map'
import type { CrmDescription } from '#lib/sync/ports'
import { type CrmRecord, type ErpRecord, RECORD_TYPES, type RecordType } from '#lib/sync/records'
import type { Lookups } from '#lib/sync/transform'
import { database } from './database.ts'
import { erpTable } from './erp-records.ts'

/** What other records are called on either side: `<type> <key>` → name. CRM ids in capitals, as they are compared. */
export interface ReferenceNames {
  readonly erp: ReadonlyMap<string, string>
  readonly crm: ReadonlyMap<string, string>
}

/** References of one record: resolved as a run resolves them, and named for people. */
export interface RecordLookups {
  readonly lookups: Lookups
  readonly names: ReferenceNames
}

interface Wanted {
  readonly erpKeys: string[]
  readonly crmIds: string[]
}

/**
 * Looks up what the reference fields of one record point at; a run loads every pair of a type instead, which is worth it
 * only for thousands of records.
 */
export async function loadRecordLookups(
  connectionId: string,
  record: { readonly erp: ErpRecord | null; readonly crm: CrmRecord | null },
  entries: readonly FieldMapEntry[],
  description: CrmDescription,
): Promise<RecordLookups> {
  const ids = new Map<string, string>()
  const keys = new Map<string, string>()
  const names = { erp: new Map<string, string>(), crm: new Map<string, string>() }
  for (const [type, wanted] of wantedOf(record, entries)) {
    for (const row of await findNamed(connectionId, type, wanted)) {
      const { erpKey, erpName, crmId, crmName } = row
      if (erpKey !== null && crmId !== null) {
        ids.set(`${type} ${erpKey}`, crmId)
        keys.set(`${type} ${crmId.toUpperCase()}`, erpKey)
      }
      if (erpKey !== null && erpName !== null) names.erp.set(`${type} ${erpKey}`, erpName)
      if (crmId !== null && crmName !== null) names.crm.set(`${type} ${crmId.toUpperCase()}`, crmName)
    }
  }
  const lookups: Lookups = {
    description,
    reference: (type, erpKey) => ids.get(`${type} ${erpKey}`) ?? null,
    referenceBack: (type, crmId) => keys.get(`${type} ${crmId.toUpperCase()}`) ?? null,
  }
  return { lookups, names }
}

function wantedOf(
  { erp, crm }: { readonly erp: ErpRecord | null; readonly crm: CrmRecord | null },
  entries: readonly FieldMapEntry[],
): Map<RecordType, Wanted> {
  const wanted = new Map<RecordType, Wanted>(RECORD_TYPES.map((type) => [type, { erpKeys: [], crmIds: [] }]))
  for (const { transform, erp: erpField, crm: crmField } of entries) {
    if (transform.kind !== 'reference') continue
    const [erpKey, crmId] = [erp?.fields[erpField], crm?.fields[crmField]]
    if (erpKey) wanted.get(transform.type)?.erpKeys.push(erpKey.trim())
    if (crmId) wanted.get(transform.type)?.crmIds.push(crmId.trim().toUpperCase())
  }
  return new Map([...wanted].filter(([, { erpKeys, crmIds }]) => erpKeys.length + crmIds.length > 0))
}

interface NamedRow {
  readonly erpKey: string | null
  readonly erpName: string | null
  readonly crmId: string | null
  readonly crmName: string | null
}

/** The living pairs of the keys and ids, and the names of those that have none. */
async function findNamed(connectionId: string, type: RecordType, { erpKeys, crmIds }: Wanted): Promise<NamedRow[]> {
  return database().$queryRaw<NamedRow[]>`
    SELECT erp_key AS "erpKey", erp_name AS "erpName", crm_id AS "crmId", crm_name AS "crmName" FROM crm_mapping
     WHERE connection_id = ${connectionId}::uuid AND type = ${type}::record_type AND removed_at IS NULL
       AND (erp_key = ANY(${erpKeys}::text[]) OR upper(crm_id) = ANY(${crmIds}::text[]))
    UNION ALL
    SELECT key, name, NULL, NULL FROM ${erpTable(type)}
     WHERE connection_id = ${connectionId}::uuid AND key = ANY(${erpKeys}::text[])
    UNION ALL
    SELECT NULL, NULL, id, coalesce(long_name, name) FROM crm_record
     WHERE connection_id = ${connectionId}::uuid AND type = ${type}::record_type AND upper(id) = ANY(${crmIds}::text[])`
}
