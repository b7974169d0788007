import { Prisma } from '#generated/client'
import type { RecordType } from '#lib/sync/records'
import { MAPPING_STATUSES, type MappingFilter, type MappingOrder, type MappingStatus } from './mapping-filter.ts'
import { type SortValue, sortValue } from './mapping-order.ts'
import { containsPattern } from './search-text.ts'

/**
 * The mapping table is several lists shown as one: living pairs, removed pairs, and what matching found that is no
 * pair. Each list reads at most a page in order from its own index; the pages are then merged. The order over all is
 * (value, list, row), or (list, value, row) when the table is sorted by status.
 */
export interface MappingPlace {
  readonly value: string
  /** Number of the list the row stands in: its index in `MAPPING_STATUSES`. */
  readonly list: number
  /** The row within its list: the pair's id, or the finding's Ajera key. */
  readonly tie: string
}

interface List {
  readonly status: MappingStatus
  readonly number: number
  readonly from: Prisma.Sql
  readonly columns: Prisma.Sql
  readonly tie: Prisma.Sql
  readonly tieOf: (text: string) => Prisma.Sql
  readonly searched: Prisma.Sql
  readonly value: (sort: SortValue) => Prisma.Sql
}

const PAIR_COLUMNS = Prisma.sql`m.id::text AS id, m.erp_key AS "erpKey", m.erp_name AS "erpName", m.crm_id AS "crmId",
  m.crm_name AS "crmName", m.matched_by::text AS "matchedBy", m.last_synced_at AS "lastSyncedAt",
  m.last_problem AS "lastProblem", m.attempts, coalesce(m.removed_by, m.created_by) AS by, m.created_at AS since,
  m.removed_at AS "removedAt", m.removed_cause AS "removedCause",
  m.create_again_at AS "createAgainAt", EXISTS (SELECT 1 FROM crm_mapping p WHERE p.connection_id = m.connection_id
    AND p.type = m.type AND p.erp_key = m.erp_key AND p.removed_at IS NOT NULL AND p.id <> m.id) AS "hadPairs",
  NULL::text[] AS "candidateIds", NULL::text[] AS "rivalKeys"`

const FINDING_COLUMNS = Prisma.sql`NULL::text AS id, f.erp_key AS "erpKey", f.erp_name AS "erpName", NULL::text AS "crmId",
  NULL::text AS "crmName", NULL::text AS "matchedBy", NULL::timestamptz AS "lastSyncedAt",
  NULL::text AS "lastProblem", 0 AS attempts, 'sync' AS by, f.found_at AS since,
  NULL::timestamptz AS "removedAt", NULL::text AS "removedCause",
  NULL::timestamptz AS "createAgainAt", false AS "hadPairs", f.crm_ids AS "candidateIds", f.erp_keys AS "rivalKeys"`

const pairParts = {
  columns: PAIR_COLUMNS,
  // Qualified, or ORDER BY would mean the text column of the same name and no index would serve.
  tie: Prisma.sql`m.id`,
  tieOf: (text: string) => Prisma.sql`${text}::uuid`,
  // The expression of the trigram index crm_mapping_search, to the letter.
  searched: Prisma.sql`("erp_name" || ' ' || "erp_key" || ' ' || "crm_name" || ' ' || "crm_id")`,
}

/**
 * Whether a field of the pair waits for a person; one that is decided waits for the next run only. `IS TRUE` keeps it a
 * set that is read once and looked into: as a join it is read anew for every pair where the statistics are old.
 */
function isInConflict({ connectionId, type }: ListedType, wanted: boolean): Prisma.Sql {
  return Prisma.sql`(erp_key IN (SELECT c.erp_key FROM field_conflict c
    WHERE c.connection_id = ${connectionId}::uuid AND c.type = ${type}::record_type AND c.state = 'open'
    )) IS ${wanted ? Prisma.sql`TRUE` : Prisma.sql`NOT TRUE`}`
}

interface ListedType {
  readonly connectionId: string
  readonly type: RecordType
}

/** The list of one status. A pair stands in one of `conflict` and `active`. */
function listOf(status: MappingStatus, of: ListedType): List {
  const number = MAPPING_STATUSES.indexOf(status)
  if (status === 'conflict' || status === 'active') {
    const from = Prisma.sql`crm_mapping m WHERE removed_at IS NULL AND ${isInConflict(of, status === 'conflict')}`
    return { status, number, from, ...pairParts, value: (sort) => sort.pair }
  }
  if (status === 'removed') {
    // A record that was paired again stands in the table once, as the living pair.
    const from = Prisma.sql`crm_mapping m WHERE removed_at IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM crm_mapping living WHERE living.connection_id = m.connection_id AND living.type = m.type
         AND living.erp_key = m.erp_key AND living.removed_at IS NULL)`
    return { status, number, from, ...pairParts, value: (sort) => sort.removedPair }
  }
  return {
    status,
    number,
    from: Prisma.sql`match_finding f WHERE kind = ${status}::finding_kind`,
    columns: FINDING_COLUMNS,
    tie: Prisma.sql`("erp_key" COLLATE "C")`,
    tieOf: (text) => Prisma.sql`${text}`,
    searched: Prisma.sql`("erp_name" || ' ' || "erp_key")`,
    value: (sort) => sort.finding,
  }
}

/** One statement for a page of the table. `backward` walks against the order, from `place` towards the start. */
export function mappingPageSql(input: {
  readonly connectionId: string
  readonly filter: MappingFilter
  readonly order: MappingOrder
  readonly place: MappingPlace | null
  readonly walk: 'forward' | 'backward'
  readonly limit: number
}): Prisma.Sql | null {
  const isAscending = (input.order.direction === 'asc') === (input.walk === 'forward')
  const sort = sortValue(input.order.column)
  const way = isAscending ? Prisma.sql`ASC` : Prisma.sql`DESC`
  const pages = listsOf(input.connectionId, input.filter).flatMap((list) => {
    const beyond = input.place && beyondPlace(list, sort, input.place, isAscending, input.order.column === 'status')
    if (beyond === 'nothing') return []
    return [
      Prisma.sql`(SELECT ${list.value(sort)} AS sort_value, ${list.number}::int AS list, ${list.tie}::text COLLATE "C" AS tie,
        ${list.status} AS status, ${list.columns}
        FROM ${list.from} AND ${within(input.connectionId, input.filter, list)} ${beyond ?? Prisma.empty}
        ORDER BY ${list.value(sort)} ${way}, ${list.tie} ${way} LIMIT ${input.limit})`,
    ]
  })
  if (pages.length === 0) return null
  const orderOverAll =
    input.order.column === 'status'
      ? Prisma.sql`list ${way}, listed.sort_value ${way}, tie ${way}`
      : Prisma.sql`listed.sort_value ${way}, list ${way}, tie ${way}`
  return Prisma.sql`SELECT ${sort.asText} AS value, list, tie, status, id, "erpKey", "erpName", "crmId", "crmName", "matchedBy",
      "lastSyncedAt", "lastProblem", attempts, by, since, "removedAt", "removedCause", "createAgainAt",
      "hadPairs", "candidateIds", "rivalKeys"
    FROM (${Prisma.join(pages, ' UNION ALL ')}) listed ORDER BY ${orderOverAll} LIMIT ${input.limit}`
}

/** Counts up to `cap` rows that pass the filter, list by list. */
export function mappingCountSql(connectionId: string, filter: MappingFilter, cap: number): Prisma.Sql {
  const counts = listsOf(connectionId, filter).map(
    (list) => Prisma.sql`SELECT ${list.status} AS status, count(*)::int AS counted FROM (
      SELECT 1 FROM ${list.from} AND ${within(connectionId, filter, list)} LIMIT ${cap + 1}) AS some_rows`,
  )
  return Prisma.join(counts, ' UNION ALL ')
}

function listsOf(connectionId: string, filter: MappingFilter): List[] {
  const statuses = filter.statuses.length === 0 ? MAPPING_STATUSES : filter.statuses
  return statuses.map((status) => listOf(status, { connectionId, type: filter.type }))
}

function within(connectionId: string, filter: MappingFilter, list: List): Prisma.Sql {
  const found =
    filter.text === null ? Prisma.empty : Prisma.sql`AND ${list.searched} ILIKE ${containsPattern(filter.text)}`
  return Prisma.sql`connection_id = ${connectionId}::uuid AND type = ${filter.type}::record_type ${found}`
}

/** Which rows of a list lie beyond the place: those behind it in its own list, all or none of another's equals. */
function beyondPlace(
  list: List,
  sort: SortValue,
  place: MappingPlace,
  isAscending: boolean,
  isByStatus: boolean,
): Prisma.Sql | 'nothing' {
  const value = Prisma.sql`${place.value}::${sort.sqlType}`
  const strictly = isAscending ? Prisma.sql`>` : Prisma.sql`<`
  if (list.number === place.list) {
    return Prisma.sql`AND (${list.value(sort)}, ${list.tie}) ${strictly} (${value}, ${list.tieOf(place.tie)})`
  }
  const isListBeyond = list.number > place.list === isAscending
  if (isByStatus) return isListBeyond ? Prisma.empty : 'nothing'
  return isListBeyond
    ? Prisma.sql`AND ${list.value(sort)} ${strictly}= ${value}`
    : Prisma.sql`AND ${list.value(sort)} ${strictly} ${value}`
}
