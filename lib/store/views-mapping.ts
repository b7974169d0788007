import { z } from 'zod'
import type { AfterRemoval } from '#lib/sync/eligibility'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { database } from './database.ts'
import {
  type CappedCount,
  capped,
  decodePlace,
  encodePlace,
  type KeysetPage,
  type PageRequest,
  toKeysetPage,
} from './keyset.ts'
import { MAPPING_STATUSES, type MappingFilter, type MappingOrder, type MappingStatus } from './mapping-filter.ts'
import { sortValue } from './mapping-order.ts'
import { type MappingPlace, mappingCountSql, mappingPageSql } from './mapping-sources.ts'
import { afterRemovalOf } from './removal-causes.ts'

export type MatchedBy = 'name' | 'person' | 'created' | 'adopted'

/** One row of the mapping table: a living pair, a removed one, or a finding without a pair. Stamps: ISO 8601 UTC. */
export interface MappingRow {
  readonly type: RecordType
  readonly status: MappingStatus
  /** The pair's id; `null` for a finding. */
  readonly id: string | null
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string | null
  readonly crmName: string | null
  readonly matchedBy: MatchedBy | null
  readonly lastSyncedAt: string | null
  /** What went wrong when the pair was last dealt with. */
  readonly lastProblem: string | null
  /** In how many runs in a row it failed; 0 once it went well. */
  readonly attempts: number
  /** Who made the pair, or removed it: an e-mail address, `cli`, or `sync`. */
  readonly by: string
  /** When the pair was made or the finding found. */
  readonly since: string
  readonly removedAt: string | null
  readonly removedCause: string | null
  /** Of a removed pair: whether its record waits for a person, or is created again by the next run. */
  readonly afterRemoval: AfterRemoval
  /** The ERP record was in other pairs before, which stay as its history. */
  readonly hadPairs: boolean
  /** Findings: CRM records that fit, and other Ajera keys that fit the same. */
  readonly candidateIds: readonly string[]
  readonly rivalKeys: readonly string[]
}

/** One row as `mappings --json` prints it (product.md §3), and the columns of its CSV. */
export interface MappingExportRow {
  readonly type: RecordType
  readonly erpKey: string
  readonly erpName: string
  readonly crmId: string | null
  readonly crmName: string | null
  readonly matchedBy: MatchedBy | null
  readonly status: MappingStatus
  readonly lastSyncedAt: string | null
}

export const MAPPING_EXPORT_COLUMNS = [
  'type',
  'erpKey',
  'erpName',
  'crmId',
  'crmName',
  'matchedBy',
  'status',
  'lastSyncedAt',
] as const satisfies readonly (keyof MappingExportRow)[]

export type MappingCounts = Readonly<Record<MappingStatus, CappedCount>>

interface ReadRow
  extends Omit<
    MappingRow,
    'type' | 'lastSyncedAt' | 'since' | 'removedAt' | 'afterRemoval' | 'candidateIds' | 'rivalKeys'
  > {
  readonly value: string
  readonly list: number
  readonly tie: string
  readonly lastSyncedAt: Date | null
  readonly since: Date
  readonly removedAt: Date | null
  readonly createAgainAt: Date | null
  readonly candidateIds: string[] | null
  readonly rivalKeys: string[] | null
}

const EXPORT_PAGE = 1_000
const COUNT_CAP = 10_000
/** Comparing text costs more than walking an index, so a search counts less far. */
const SEARCH_COUNT_CAP = 1_000

/** A page of the mapping table of one type, by keyset over the chosen column. */
export async function listMappingPage(
  connectionId: string,
  filter: MappingFilter,
  order: MappingOrder,
  request: PageRequest,
): Promise<KeysetPage<MappingRow>> {
  const wanted = request.before ?? request.after ?? null
  const from = wanted === null ? null : readPlace(wanted, order)
  const walk = from !== null && request.before ? 'backward' : 'forward'
  const read = await readRows({ connectionId, filter, order, place: from, walk, limit: request.size + 1 })
  const page = toKeysetPage({
    read,
    size: request.size,
    walk,
    isFromPlace: from !== null,
    position: from?.position ?? 0,
    badPlace: wanted !== null && from === null,
    place: (row, position) => encodePlace([order.column, row.value, row.list, row.tie, position]),
  })
  return { ...page, rows: page.rows.map((row) => toMappingRow(row, filter.type)) }
}

/** How many rows each status has, for tabs and chips: exact up to a cap. */
export async function countMappings(connectionId: string, filter: MappingFilter): Promise<MappingCounts> {
  const cap = filter.text === null ? COUNT_CAP : SEARCH_COUNT_CAP
  const rows = await database().$queryRaw<{ status: MappingStatus; counted: number }[]>(
    mappingCountSql(connectionId, filter, cap),
  )
  const counted = new Map(rows.map((row) => [row.status, row.counted]))
  const entries = MAPPING_STATUSES.map((status) => [status, capped(counted.get(status) ?? 0, cap)] as const)
  return Object.fromEntries(entries) as Record<MappingStatus, CappedCount>
}

export function sumCounts(counts: MappingCounts, statuses: readonly MappingStatus[] = MAPPING_STATUSES): CappedCount {
  return {
    value: statuses.reduce((sum, status) => sum + counts[status].value, 0),
    isCapped: statuses.some((status) => counts[status].isCapped),
  }
}

/**
 * Every row that passes the filter, by Ajera key: the one column that no run changes, so that an export made while a
 * run is going still has each row exactly once. Without a type: all types, one after the other.
 */
export async function* listMappingsForExport(
  connectionId: string,
  filter: Omit<MappingFilter, 'type'> & { readonly type: RecordType | null },
): AsyncGenerator<MappingExportRow, void, undefined> {
  const order: MappingOrder = { column: 'erpKey', direction: 'asc' }
  for (const type of filter.type === null ? RECORD_TYPES : [filter.type]) {
    let place: MappingPlace | null = null
    for (;;) {
      const ofType: MappingFilter = { ...filter, type }
      const rows: ReadRow[] = await readRows({
        connectionId,
        filter: ofType,
        order,
        place,
        walk: 'forward',
        limit: EXPORT_PAGE,
      })
      for (const row of rows) yield toExportRow(row, type)
      const last = rows.at(-1)
      if (last === undefined || rows.length < EXPORT_PAGE) break
      place = last
    }
  }
}

async function readRows(input: Parameters<typeof mappingPageSql>[0]): Promise<ReadRow[]> {
  const statement = mappingPageSql(input)
  return statement === null ? [] : database().$queryRaw<ReadRow[]>(statement)
}

function readPlace(text: string, order: MappingOrder): (MappingPlace & { position: number }) | null {
  const schema = z.tuple([
    z.literal(order.column),
    sortValue(order.column).schema,
    z.int().min(0).max(MAPPING_STATUSES.length),
    z.string().refine((tie) => !tie.includes('\u0000')),
    z.int().min(0),
  ])
  const place = decodePlace(text, schema)
  if (place === null) return null
  const [, value, list, tie, position] = place
  const status = MAPPING_STATUSES[list]
  const isPair = status === 'active' || status === 'conflict' || status === 'removed'
  if (status === undefined || (isPair && !z.uuid().safeParse(tie).success)) return null
  return { value, list, tie, position }
}

function toMappingRow(row: ReadRow, type: RecordType): MappingRow {
  const { value, list, tie, createAgainAt, ...kept } = row
  return {
    ...kept,
    type,
    lastSyncedAt: row.lastSyncedAt?.toISOString() ?? null,
    since: row.since.toISOString(),
    removedAt: row.removedAt?.toISOString() ?? null,
    afterRemoval: row.removedAt === null ? null : afterRemovalOf(row),
    candidateIds: row.candidateIds ?? [],
    rivalKeys: row.rivalKeys ?? [],
  }
}

function toExportRow(row: ReadRow, type: RecordType): MappingExportRow {
  const { erpKey, erpName, crmId, crmName, matchedBy, status } = row
  return {
    type,
    erpKey,
    erpName,
    crmId,
    crmName,
    matchedBy,
    status,
    lastSyncedAt: row.lastSyncedAt?.toISOString() ?? null,
  }
}
