import { Prisma } from '#generated/client'
import type { LogFilter } from './log-filter.ts'
import { containsPattern } from './search-text.ts'

// The expression of the trigram index integration_log_search, to the letter.
const SEARCHED = Prisma.sql`(coalesce("erp_name", '') || ' ' || coalesce("erp_key", '') || ' ' || coalesce("crm_id", '') || ' ' || "message")`

/** The WHERE clause of a {@link LogFilter} within one connection. */
export function logWhere(connectionId: string, filter: LogFilter): Prisma.Sql {
  const others = logWhereWithoutText(connectionId, filter)
  return filter.text === null ? others : Prisma.sql`${others} AND ${logTextMatches(filter.text)}`
}

export function logTextMatches(text: string): Prisma.Sql {
  return Prisma.sql`${SEARCHED} ILIKE ${containsPattern(text)}`
}

/** Everything but the search: what an ordinary index delivers in order. */
export function logWhereWithoutText(connectionId: string, filter: LogFilter): Prisma.Sql {
  const conditions = [Prisma.sql`connection_id = ${connectionId}::uuid`]
  if (filter.severities.length > 0) conditions.push(oneOf('severity', filter.severities, Prisma.sql`severity`))
  if (filter.methods.length > 0) conditions.push(oneOf('method', filter.methods, Prisma.sql`text`))
  if (filter.types.length > 0) conditions.push(oneOf('type', filter.types, Prisma.sql`record_type`))
  if (filter.runId !== null) conditions.push(Prisma.sql`run_id = ${filter.runId}::uuid`)
  if (filter.from !== null) conditions.push(Prisma.sql`at >= ${filter.from}::timestamptz`)
  if (filter.to !== null) conditions.push(Prisma.sql`at < ${filter.to}::timestamptz`)
  if (filter.code !== null) conditions.push(Prisma.sql`code = ${filter.code}`)
  if (filter.erpKey !== null) conditions.push(Prisma.sql`erp_key = ${filter.erpKey}`)
  return Prisma.join(conditions, ' AND ')
}

// One value is written as an equality: only then does the index deliver the lines in order.
function oneOf(column: 'severity' | 'method' | 'type', values: readonly string[], sqlType: Prisma.Sql): Prisma.Sql {
  const name = Prisma.raw(column)
  return values.length === 1
    ? Prisma.sql`${name} = ${values[0]}::${sqlType}`
    : Prisma.sql`${name} = ANY(${values}::text[]::${sqlType}[])`
}
