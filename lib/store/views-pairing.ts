import { Prisma } from '#generated/client'
import type { Fields, RecordType } from '#lib/sync/records'
import { database } from './database.ts'
import { erpTable } from './erp-records.ts'
import { containsPattern, startsPattern } from './search-text.ts'
import { type ConflictView, listConflicts } from './views-conflicts.ts'
import type { MappingRow } from './views-mapping.ts'

/** The record a person wants to pair, as last read from the ERP. */
export interface PairingSubject {
  readonly erpKey: string
  readonly name: string
  readonly fields: Fields
  /** The living pair it is in already, if any. */
  readonly pairedWith: { readonly crmId: string; readonly crmName: string } | null
}

/** A CRM record that may be its other half. */
export interface PairingCandidate {
  readonly crmId: string
  readonly name: string
  readonly longName: string | null
  readonly fields: Fields
  /** ISO 8601 UTC. */
  readonly createdAt: string | null
  /** Taken by this ERP record: it can be chosen only after those two are unpaired. */
  readonly pairedWith: { readonly erpKey: string; readonly erpName: string } | null
  /** A person said that these two are not the same (sync-rules §4.10). */
  readonly isNever: boolean
}

interface CandidateRow {
  crmId: string
  name: string
  longName: string | null
  fields: Record<string, string | null>
  createdAt: Date | null
  pairedKey: string | null
  pairedName: string | null
  isNever: boolean
}

// The expression of the trigram index crm_record_search.
const SEARCHED = Prisma.sql`(r.name || ' ' || coalesce(r.long_name, '') || ' ' || r.id)`

export async function findPairingSubject(
  connectionId: string,
  type: RecordType,
  erpKey: string,
): Promise<PairingSubject | null> {
  const rows = await database().$queryRaw<
    {
      erpKey: string
      name: string
      fields: Record<string, string | null>
      crmId: string | null
      crmName: string | null
    }[]
  >`
    SELECT r.key AS "erpKey", r.name, r.fields, m.crm_id AS "crmId", m.crm_name AS "crmName"
      FROM ${erpTable(type)} r
      LEFT JOIN crm_mapping m ON m.connection_id = r.connection_id AND m.type = ${type}::record_type
                             AND m.erp_key = r.key AND m.removed_at IS NULL
     WHERE r.connection_id = ${connectionId}::uuid AND r.key = ${erpKey}`
  const row = rows[0]
  if (row === undefined) return null
  const { erpKey: key, name, fields, crmId, crmName } = row
  return { erpKey: key, name, fields, pairedWith: crmId === null ? null : { crmId, crmName: crmName ?? '' } }
}

/** CRM records by id, in the order of the ids; those that are gone are left out. */
export async function findCandidates(
  connectionId: string,
  type: RecordType,
  erpKey: string,
  crmIds: readonly string[],
): Promise<PairingCandidate[]> {
  if (crmIds.length === 0) return []
  const rows = await database().$queryRaw<CandidateRow[]>`
    ${candidateSql(connectionId, type, erpKey)} AND r.id = ANY(${[...crmIds]}::text[])
    ORDER BY array_position(${[...crmIds]}::text[], r.id)`
  return rows.map(toCandidate)
}

/** Unpaired CRM records that contain `text` in name, long name or id; names that begin with it come first. */
export async function searchUnpaired(
  connectionId: string,
  type: RecordType,
  want: { readonly erpKey: string; readonly text: string; readonly limit: number },
): Promise<PairingCandidate[]> {
  const rows = await database().$queryRaw<CandidateRow[]>`
    ${candidateSql(connectionId, type, want.erpKey)} AND m.id IS NULL AND ${SEARCHED} ILIKE ${containsPattern(want.text)}
    ORDER BY (r.name ILIKE ${startsPattern(want.text)}) DESC, lower(r.name), r.id
    LIMIT ${want.limit}`
  return rows.map(toCandidate)
}

/**
 * Unpaired CRM records whose name resembles `name`, the most alike first: a suggestion for a person, which never
 * pairs anything by itself (sync-rules §4.9).
 */
export async function findLookAlikes(
  connectionId: string,
  type: RecordType,
  want: { readonly erpKey: string; readonly name: string; readonly limit: number },
): Promise<PairingCandidate[]> {
  const rows = await database().$queryRaw<CandidateRow[]>`
    ${candidateSql(connectionId, type, want.erpKey)} AND m.id IS NULL AND ${want.name} <% ${SEARCHED}
    ORDER BY greatest(similarity(r.name, ${want.name}), similarity(coalesce(r.long_name, ''), ${want.name})) DESC, r.id
    LIMIT ${want.limit}`
  return rows.map(toCandidate)
}

/** One finding with both sides, or one pair in conflict, for a person to decide. */
export interface ReviewItem {
  readonly row: MappingRow
  /** `null` when the ERP no longer has the record. */
  readonly subject: PairingSubject | null
  /** What the finding names; for a record without a match, look-alikes. */
  readonly candidates: readonly PairingCandidate[]
  readonly areLookAlikes: boolean
  /** Of a pair in conflict: what waits for a person. */
  readonly conflicts: readonly ConflictView[]
}

/** Findings with their candidates side by side, at most `limit` of them each, and pairs with their conflicts. Of one type. */
export async function listReviewItems(
  connectionId: string,
  rows: readonly MappingRow[],
  limit: number,
): Promise<ReviewItem[]> {
  const inConflict = rows.filter((row) => row.status === 'conflict')
  const [first] = inConflict
  const conflictsOf = first
    ? await listConflicts(
        connectionId,
        first.type,
        inConflict.map((row) => row.erpKey),
      )
    : null
  return Promise.all(
    rows.map(async (row) =>
      row.status === 'conflict'
        ? {
            row,
            subject: null,
            candidates: [],
            areLookAlikes: false,
            conflicts: (conflictsOf?.get(row.erpKey) ?? []).filter((one) => one.decided === null),
          }
        : reviewFinding(connectionId, row, limit),
    ),
  )
}

async function reviewFinding(connectionId: string, row: MappingRow, limit: number): Promise<ReviewItem> {
  const { type, erpKey, erpName } = row
  const areLookAlikes = row.candidateIds.length === 0
  const subject = await findPairingSubject(connectionId, type, erpKey)
  // A suggestion is about a record that has a partner already: the two are held against each other.
  const partner = row.status === 'suggested' && subject?.pairedWith ? [subject.pairedWith.crmId] : []
  const candidates = areLookAlikes
    ? await findLookAlikes(connectionId, type, { erpKey, name: erpName, limit })
    : await findCandidates(connectionId, type, erpKey, [...partner, ...row.candidateIds.slice(0, limit)])
  return { row, subject, candidates, areLookAlikes, conflicts: [] }
}

function candidateSql(connectionId: string, type: RecordType, erpKey: string): Prisma.Sql {
  return Prisma.sql`
    SELECT r.id AS "crmId", r.name, r.long_name AS "longName", r.fields, r.created_at AS "createdAt",
           m.erp_key AS "pairedKey", m.erp_name AS "pairedName", n.erp_key IS NOT NULL AS "isNever"
      FROM crm_record r
      LEFT JOIN crm_mapping m ON m.connection_id = r.connection_id AND m.type = r.type AND m.crm_id = r.id
                             AND m.removed_at IS NULL
      LEFT JOIN never_match n ON n.connection_id = r.connection_id AND n.type = r.type AND n.crm_id = r.id
                             AND n.erp_key = ${erpKey}
     WHERE r.connection_id = ${connectionId}::uuid AND r.type = ${type}::record_type AND r.gone_at IS NULL`
}

function toCandidate(row: CandidateRow): PairingCandidate {
  return {
    crmId: row.crmId,
    name: row.name,
    longName: row.longName,
    fields: row.fields,
    createdAt: row.createdAt?.toISOString() ?? null,
    pairedWith: row.pairedKey === null ? null : { erpKey: row.pairedKey, erpName: row.pairedName ?? '' },
    isNever: row.isNever,
  }
}
