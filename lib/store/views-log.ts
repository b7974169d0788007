import { z } from 'zod'
import { Prisma } from '#generated/client'
import type { RecordType } from '#lib/sync/records'
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
import type { LogFilter, LogSeverity } from './log-filter.ts'
import { logTextMatches, logWhere, logWhereWithoutText } from './log-where.ts'

/** One line as the screen, the exports and the CLI hold it. `at`: ISO 8601 UTC with microseconds. */
export interface LogLineView {
  readonly id: string
  readonly at: string
  readonly severity: LogSeverity
  readonly code: string | null
  readonly method: string
  readonly type: RecordType | null
  readonly erpKey: string | null
  readonly erpName: string | null
  readonly crmId: string | null
  readonly message: string
  readonly runId: string | null
}

/** One line as `log --json` prints it (product.md §3), and the columns of its CSV. */
export interface LogExportRow {
  readonly at: string
  readonly severity: LogSeverity
  readonly code: string | null
  readonly method: string
  readonly type: RecordType | null
  readonly erpKey: string | null
  readonly erpName: string | null
  readonly crmId: string | null
  readonly message: string
  readonly runId: string | null
}

export const LOG_EXPORT_COLUMNS = [
  'at',
  'severity',
  'code',
  'method',
  'type',
  'erpKey',
  'erpName',
  'crmId',
  'message',
  'runId',
] as const satisfies readonly (keyof LogExportRow)[]

export interface LogLineDetail extends LogLineView {
  readonly details: unknown
}

const EXPORT_PAGE = 1_000
const COUNT_CAP = 10_000
/** What passes a filter lies scattered and costs more to count than what an index holds side by side. */
const FILTERED_COUNT_CAP = 1_000
/** A search looks through so many of the next lines before it asks the trigram index. */
const LINES_WALKED = 10_000
const NEWER_CAP = 99

const placeSchema = z.tuple([z.iso.datetime(), z.uuid(), z.int().min(0)])

const COLUMNS = Prisma.sql`id::text AS id,
  to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
  severity::text AS severity, code, method, type::text AS type, erp_key AS "erpKey", erp_name AS "erpName",
  crm_id AS "crmId", message, run_id::text AS "runId"`

/**
 * A page of the Integration Log, newest first, by keyset over (at, id). A place that cannot be read answers the
 * first page and says so.
 */
export async function listLogPage(
  connectionId: string,
  filter: LogFilter,
  request: PageRequest,
): Promise<KeysetPage<LogLineView>> {
  const wanted = request.before ?? request.after ?? null
  const place = wanted === null ? null : decodePlace(wanted, placeSchema)
  const walk = place !== null && request.before ? 'backward' : 'forward'
  const read = await readLines(connectionId, filter, {
    place: place && { at: place[0], id: place[1] },
    walk,
    limit: request.size + 1,
  })
  return toKeysetPage({
    read,
    size: request.size,
    walk,
    isFromPlace: place !== null,
    position: place?.[2] ?? 0,
    badPlace: wanted !== null && place === null,
    place: logPlace,
  })
}

/** The place of a line in links: of a page beside it, and of the line itself (`?entry=`). */
export function logPlace(line: { readonly at: string; readonly id: string }, position = 0): string {
  return encodePlace([line.at, line.id, position])
}

/** How many lines pass a filter: exact up to a cap, because counting millions takes longer than reading a page. */
export async function countLog(connectionId: string, filter: LogFilter): Promise<CappedCount> {
  const isFiltered = Object.values(filter).some((part) => part !== null && part.length > 0)
  const cap = isFiltered ? FILTERED_COUNT_CAP : COUNT_CAP
  return capped(await countUpTo(logWhere(connectionId, filter), cap), cap)
}

/** Lines that pass the filter and came after the one at `place`; what the "newer lines" link announces. */
export async function countNewerLines(connectionId: string, filter: LogFilter, place: string): Promise<CappedCount> {
  const newest = decodePlace(place, placeSchema)
  if (newest === null) return { value: 0, isCapped: false }
  const where = Prisma.sql`${logWhere(connectionId, filter)} AND ${beyond({ at: newest[0], id: newest[1] }, 'backward')}`
  return capped(await countUpTo(where, NEWER_CAP), NEWER_CAP)
}

/** One line with its details, by the place its row links to; `null` when there is no such line. */
export async function findLogLine(connectionId: string, place: string): Promise<LogLineDetail | null> {
  const wanted = decodePlace(place, placeSchema)
  if (wanted === null) return null
  const rows = await database().$queryRaw<LogLineDetail[]>`
    SELECT ${COLUMNS}, details FROM integration_log_entry
     WHERE connection_id = ${connectionId}::uuid AND at = ${wanted[0]}::timestamptz AND id = ${wanted[1]}::uuid`
  return rows[0] ?? null
}

/** The methods that occur, for the filter's choices. Hops from one to the next in the index instead of reading lines. */
export async function listLogMethods(connectionId: string): Promise<string[]> {
  const rows = await database().$queryRaw<{ method: string | null }[]>`
    WITH RECURSIVE found(method) AS (
      SELECT min(method) FROM integration_log_entry WHERE connection_id = ${connectionId}::uuid
      UNION ALL
      SELECT (SELECT min(l.method) FROM integration_log_entry l
               WHERE l.connection_id = ${connectionId}::uuid AND l.method > found.method)
        FROM found WHERE found.method IS NOT NULL
    ) SELECT method FROM found WHERE method IS NOT NULL`
  return rows.flatMap((row) => (row.method === null ? [] : [row.method]))
}

/**
 * Every line that passes the filter, newest first, a thousand at a time: memory stays flat whatever the number.
 * Lines written after the start are left out, so an export made during a run ends. `limit`: at most so many lines.
 */
export async function* listLogForExport(
  connectionId: string,
  filter: LogFilter,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<LogExportRow, void, undefined> {
  let place: Place | null = null
  let left = limit
  while (left > 0) {
    const wanted = Math.min(EXPORT_PAGE, left)
    const rows: LogLineView[] = await readLines(connectionId, filter, { place, walk: 'forward', limit: wanted })
    for (const { id, ...line } of rows) yield line
    left -= rows.length
    const last = rows.at(-1)
    if (last === undefined || rows.length < wanted) return
    place = last
  }
}

interface Place {
  readonly at: string
  readonly id: string
}

interface Walk {
  readonly place: Place | null
  readonly walk: 'forward' | 'backward'
  readonly limit: number
}

async function readLines(connectionId: string, filter: LogFilter, from: Walk): Promise<LogLineView[]> {
  const others = logWhereWithoutText(connectionId, filter)
  const where = from.place === null ? others : Prisma.sql`${others} AND ${beyond(from.place, from.walk)}`
  // Qualified, or ORDER BY would mean the formatted columns of the same name and no index would serve.
  const order = from.walk === 'forward' ? Prisma.sql`l.at DESC, l.id DESC` : Prisma.sql`l.at ASC, l.id ASC`
  if (filter.text !== null) return searchLines({ where, order, limit: from.limit, text: filter.text })
  return database().$queryRaw<LogLineView[]>`
    SELECT ${COLUMNS} FROM integration_log_entry l WHERE ${where} ORDER BY ${order} LIMIT ${from.limit}`
}

/**
 * A common word fills the page from the lines that come next; a rare one is in few lines, which the trigram index
 * finds all and a sort puts in order. Left to itself the database takes a rare word for a common one and reads the
 * whole log, so the choice is made here, by looking.
 */
async function searchLines(want: {
  readonly where: Prisma.Sql
  readonly order: Prisma.Sql
  readonly limit: number
  readonly text: string
}): Promise<LogLineView[]> {
  const { where, order, limit } = want
  const matches = logTextMatches(want.text)
  const next = await database().$queryRaw<LogLineView[]>`
    SELECT ${COLUMNS} FROM (
      SELECT * FROM integration_log_entry l WHERE ${where} ORDER BY ${order} LIMIT ${LINES_WALKED}
    ) l WHERE ${matches} ORDER BY ${order} LIMIT ${limit}`
  if (next.length === limit) return next
  return database().$queryRaw<LogLineView[]>`
    WITH found AS MATERIALIZED (SELECT * FROM integration_log_entry l WHERE ${where} AND ${matches})
    SELECT ${COLUMNS} FROM found l ORDER BY ${order} LIMIT ${limit}`
}

// The first condition repeats what the second implies: partitions are left out by it.
function beyond(place: Place, walk: 'forward' | 'backward'): Prisma.Sql {
  return walk === 'forward'
    ? Prisma.sql`at <= ${place.at}::timestamptz AND (at, id) < (${place.at}::timestamptz, ${place.id}::uuid)`
    : Prisma.sql`at >= ${place.at}::timestamptz AND (at, id) > (${place.at}::timestamptz, ${place.id}::uuid)`
}

async function countUpTo(where: Prisma.Sql, cap: number): Promise<number> {
  const rows = await database().$queryRaw<{ counted: number }[]>`
    SELECT count(*)::int AS counted
      FROM (SELECT 1 FROM integration_log_entry WHERE ${where} LIMIT ${cap + 1}) AS some_lines`
  return rows[0]?.counted ?? 0
}
