import { compareText } from '#lib/sync/keys'
import type { CrmRecord, RecordType } from '#lib/sync/records'
import { type Database, database } from './database.ts'

/** The CRM side as last read or written. */

export interface HashedCrmRecord {
  readonly record: CrmRecord
  readonly contentHash: string
}

/** Stores records as they were read. `seenInRun`: by which run; `null`: a person had the record asked for. */
export async function upsertCrmRecords(
  tx: Database,
  at: { readonly connectionId: string; readonly type: RecordType; readonly seenInRun: string | null },
  records: readonly HashedCrmRecord[],
): Promise<void> {
  if (records.length === 0) return
  await tx.$executeRaw`
    INSERT INTO crm_record
           (connection_id, type, id, name, long_name, external_key, sync_flag, fields, content_hash, modified_at,
            created_at, seen_in_run, read_at)
    SELECT ${at.connectionId}::uuid, ${at.type}::record_type, r.id, r.name, r.long_name, r.external_key, r.sync_flag,
           r.fields::jsonb, r.content_hash, r.modified_at, r.created_at, ${at.seenInRun}::uuid, now()
      FROM unnest(${records.map((r) => r.record.id)}::text[], ${records.map((r) => r.record.name)}::text[],
                  ${records.map((r) => r.record.longName)}::text[],
                  ${records.map((r) => r.record.externalKey)}::text[],
                  ${records.map((r) => r.record.syncFlag)}::boolean[],
                  ${records.map((r) => JSON.stringify(r.record.fields))}::text[],
                  ${records.map((r) => r.contentHash)}::text[],
                  ${records.map((r) => r.record.modifiedAt)}::timestamptz[],
                  ${records.map((r) => r.record.createdAt)}::timestamptz[])
        AS r(id, name, long_name, external_key, sync_flag, fields, content_hash, modified_at, created_at)
    ON CONFLICT (connection_id, type, id) DO UPDATE
       SET name = excluded.name, long_name = excluded.long_name, external_key = excluded.external_key,
           sync_flag = excluded.sync_flag, fields = excluded.fields, content_hash = excluded.content_hash,
           modified_at = excluded.modified_at, created_at = excluded.created_at,
           seen_in_run = coalesce(excluded.seen_in_run, crm_record.seen_in_run), read_at = excluded.read_at, gone_at = NULL`
}

export interface UnpairedCrmRecord {
  readonly id: string
  readonly name: string
  readonly longName: string | null
  readonly syncFlag: boolean
}

export async function findUnpairedCrmRecords(
  tx: Database,
  connectionId: string,
  type: RecordType,
): Promise<UnpairedCrmRecord[]> {
  return tx.$queryRaw<UnpairedCrmRecord[]>`
    SELECT r.id, r.name, r.long_name AS "longName", r.sync_flag AS "syncFlag"
      FROM crm_record r
     WHERE r.connection_id = ${connectionId}::uuid AND r.type = ${type}::record_type AND r.gone_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM crm_mapping m
                        WHERE m.connection_id = r.connection_id AND m.type = r.type AND m.crm_id = r.id
                          AND m.removed_at IS NULL)`
}

/** Names of every CRM record of a type that is there, paired or not. */
export async function findCrmNames(
  connectionId: string,
  type: RecordType,
): Promise<{ id: string; name: string; longName: string | null }[]> {
  return database().crmRecord.findMany({
    where: { connectionId, type, goneAt: null },
    select: { id: true, name: true, longName: true },
  })
}

/** Which unpaired records of the CRM are wanted: what meets any of these. */
export interface NewRecordsWanted {
  /** Those that are flagged to sync. */
  readonly flagged: boolean
  readonly ids: readonly string[]
  /** CRM field that names a firm: those whose firm is flagged to sync. `null`: it does not matter. */
  readonly firmField: string | null
}

/** Unpaired records that the CRM marks for the ERP (sync-rules §4.2, §8 step 9), whole, by id. */
export async function findMarkedCrmRecords(
  connectionId: string,
  type: RecordType,
  want: NewRecordsWanted,
): Promise<StoredCrmRecord[]> {
  const rows = await database().$queryRaw<{ id: string }[]>`
    SELECT r.id
      FROM crm_record r
     WHERE r.connection_id = ${connectionId}::uuid AND r.type = ${type}::record_type AND r.gone_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM crm_mapping m
                        WHERE m.connection_id = r.connection_id AND m.type = r.type AND m.crm_id = r.id
                          AND m.removed_at IS NULL)
       AND ((${want.flagged} AND r.sync_flag)
         OR upper(r.id) = ANY(${want.ids.map((id) => id.toUpperCase())}::text[])
         OR EXISTS (SELECT 1 FROM crm_record f
                     WHERE f.connection_id = r.connection_id AND f.type = 'client' AND f.sync_flag
                       AND f.gone_at IS NULL AND upper(f.id) = upper(r.fields->>${want.firmField}::text)))`
  const ids = rows.map((row) => row.id)
  const records = await findCrmRecords(connectionId, type, ids)
  return [...ids].sort(compareText).flatMap((id) => records.get(id) ?? [])
}

export interface StoredCrmRecord {
  readonly record: CrmRecord
  readonly hash: string
}

export async function findCrmRecords(
  connectionId: string,
  type: RecordType,
  ids: readonly string[],
): Promise<Map<string, StoredCrmRecord>> {
  const rows = await database().crmRecord.findMany({ where: { connectionId, type, id: { in: [...ids] } } })
  return new Map(
    rows.map((row) => [
      row.id,
      {
        hash: row.contentHash,
        record: {
          type,
          id: row.id,
          name: row.name,
          longName: row.longName,
          externalKey: row.externalKey,
          syncFlag: row.syncFlag,
          fields: row.fields as Record<string, string | null>,
          modifiedAt: row.modifiedAt?.toISOString() ?? null,
          createdAt: row.createdAt?.toISOString() ?? null,
        },
      },
    ]),
  )
}
