import { Prisma } from '#generated/client'
import type { CrmRecord, ErpRecord, Fields, RecordType } from '#lib/sync/records'
import { findCrmRecords } from './crm-records.ts'
import { database } from './database.ts'
import { erpTable, findErpRecords } from './erp-records.ts'
import { findPairBases } from './mappings.ts'
import { containsPattern } from './search-text.ts'

/** What the field map's screens show beside the entries: a real pair, and the values that occur. */

/** A living pair to try a field map on. */
export interface TestPair {
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string
  readonly crmName: string
  readonly lastSyncedAt: Date | null
}

const PAIR = Prisma.sql`m.erp_key AS "erpKey", m.erp_name AS "erpName", m.crm_id AS "crmId", m.crm_name AS "crmName",
                        m.last_synced_at AS "lastSyncedAt"`

/** The pair of that ERP key, or the one that was synced last; `null` where there is none. */
export async function findTestPair(
  connectionId: string,
  type: RecordType,
  erpKey: string | null,
): Promise<TestPair | null> {
  const rows = await database().$queryRaw<TestPair[]>`
    SELECT ${PAIR} FROM crm_mapping m
     WHERE m.connection_id = ${connectionId}::uuid AND m.type = ${type}::record_type AND m.removed_at IS NULL
       ${erpKey === null ? Prisma.empty : Prisma.sql`AND m.erp_key = ${erpKey}`}
     ORDER BY m.last_synced_at DESC NULLS LAST, m.id DESC
     LIMIT 1`
  return rows[0] ?? null
}

/** Living pairs with `text` in a name or key of either side, the ones synced last first. */
export async function searchTestPairs(
  connectionId: string,
  type: RecordType,
  want: { readonly text: string; readonly limit: number },
): Promise<TestPair[]> {
  const pattern = containsPattern(want.text)
  return database().$queryRaw<TestPair[]>`
    SELECT ${PAIR} FROM crm_mapping m
     WHERE m.connection_id = ${connectionId}::uuid AND m.type = ${type}::record_type AND m.removed_at IS NULL
       AND (m.erp_name ILIKE ${pattern} OR m.erp_key ILIKE ${pattern} OR m.crm_name ILIKE ${pattern}
            OR m.crm_id ILIKE ${pattern})
     ORDER BY (m.erp_key = ${want.text} OR m.crm_id = ${want.text}) DESC, m.last_synced_at DESC NULLS LAST, m.id DESC
     LIMIT ${want.limit}`
}

/** Both sides of a pair as last read, and what they agreed on. */
export interface TestRecord {
  readonly erp: ErpRecord | null
  readonly crm: CrmRecord | null
  readonly base: Fields | null
}

export async function findTestRecord(
  connectionId: string,
  type: RecordType,
  pair: Pick<TestPair, 'erpKey' | 'crmId'>,
): Promise<TestRecord> {
  const [erp, crm, bases] = await Promise.all([
    findErpRecords(connectionId, type, [pair.erpKey]),
    findCrmRecords(connectionId, type, [pair.crmId]),
    findPairBases(connectionId, type, [pair.erpKey]),
  ])
  return {
    erp: erp.get(pair.erpKey)?.record ?? null,
    crm: crm.get(pair.crmId)?.record ?? null,
    base: bases.get(pair.erpKey)?.base ?? null,
  }
}

/** A value of an ERP field and how many records hold it. */
export interface SeenValue {
  readonly value: string
  readonly count: number
}

/** The values that occur in an ERP field as last read, the most frequent first, at most `limit`; empty ones left out. */
export async function listErpValues(
  connectionId: string,
  type: RecordType,
  field: string,
  limit: number,
): Promise<SeenValue[]> {
  const rows = await database().$queryRaw<{ value: string; count: bigint }[]>`
    SELECT r.fields->>${field} AS value, count(*) AS count
      FROM ${erpTable(type)} r
     WHERE r.connection_id = ${connectionId}::uuid AND trim(r.fields->>${field}) <> ''
     GROUP BY 1
     ORDER BY 2 DESC, 1
     LIMIT ${limit}`
  return rows.map(({ value, count }) => ({ value, count: Number(count) }))
}

/** Names of paired records by ERP key and by CRM id, for the keys that stand in references. */
export async function findPairNames(
  connectionId: string,
  type: RecordType,
  keys: { readonly erp: readonly string[]; readonly crm: readonly string[] },
): Promise<{ readonly erp: ReadonlyMap<string, string>; readonly crm: ReadonlyMap<string, string> }> {
  const rows = await database().crmMapping.findMany({
    where: {
      connectionId,
      type,
      removedAt: null,
      OR: [{ erpKey: { in: [...keys.erp] } }, { crmId: { in: [...keys.crm] } }],
    },
    select: { erpKey: true, erpName: true, crmId: true, crmName: true },
  })
  return {
    erp: new Map(rows.map((row) => [row.erpKey, row.erpName])),
    crm: new Map(rows.map((row) => [row.crmId, row.crmName])),
  }
}
