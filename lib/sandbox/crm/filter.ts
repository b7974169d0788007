import type { SQLInputValue } from 'node:sqlite'
import { parseCrmDate } from '../clock.ts'
import { fold } from '../database.ts'
import type { CrmFaults, Hub } from '../faults.ts'
import { type Column, type ColumnMap, HUB_INFO } from './columns.ts'

/**
 * `filterHash[i][…]` as SQL (vantagepoint-api §4.1). Both operator families; clauses on the same field without a
 * condition mean "any of these", other clauses are joined by AND. An unknown column is a raw database error (I).
 */
export interface Filter {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

interface Clause {
  name: string
  value: string
  operator: string
  condition: string
  seq: number
  type: string
}

const OPERATORS: Readonly<Record<string, string>> = {
  '': '=',
  '=': '=',
  eq: '=',
  '!=': '!=',
  '<>': '!=',
  ne: '!=',
  '>=': '>=',
  ge: '>=',
  '<=': '<=',
  le: '<=',
  '>': '>',
  gt: '>',
  '<': '<',
  lt: '<',
  like: 'like',
  startswith: 'startswith',
  in: 'in',
}

/** The clauses in the order of `seq`, then of their index. */
function clausesOf(params: Iterable<readonly [string, string]>): Clause[] {
  const found = new Map<number, Clause>()
  for (const [name, value] of params) {
    const match = /^filterhash\[(\d+)\]\[(\w+)\]$/i.exec(name)
    if (!match) continue
    const index = Number(match[1])
    const clause = found.get(index) ?? { name: '', value: '', operator: '', condition: '', seq: index, type: '' }
    found.set(index, clause)
    const member = (match[2] ?? '').toLowerCase()
    if (member === 'name') clause.name = value
    else if (member === 'value') clause.value = value
    else if (member === 'opp') clause.operator = value.trim().toLowerCase()
    else if (member === 'condition') clause.condition = value.trim().toUpperCase()
    else if (member === 'seq' && /^\d+$/.test(value)) clause.seq = Number(value)
    else if (member === 'type') clause.type = value.trim().toLowerCase()
  }
  const ordered = [...found.entries()].sort(([a, one], [b, other]) => one.seq - other.seq || a - b)
  return ordered.map(([, clause]) => clause)
}

/** The SQL expression that holds a column's value in comparable form. */
export function expressionOf(hub: Hub, column: Column, faults: CrmFaults): string {
  const info = HUB_INFO[hub]
  if (hub === 'project' && column.name === 'WBS1') return 'wbs1'
  if (column.name === info.key) return 'key'
  if (column.name === 'ModDate') return 'modified'
  if (column.name === faults.externalKeyField) return 'external'
  if (column.name === (hub === 'project' || hub === 'firm' ? 'Name' : 'LastName')) return 'folded'
  const member = `json_extract(doc, '$.${column.name}')`
  if (column.type === 'decimal' || column.type === 'int') return `CAST(coalesce(${member}, 0) AS REAL)`
  if (column.type === 'date') return `coalesce(${member}, '')`
  return `fold(coalesce(${member}, ''))`
}

function comparable(column: Column, clause: Clause): SQLInputValue {
  if (column.type === 'decimal' || column.type === 'int') return Number(clause.value) || 0
  if (column.type === 'date' || clause.type === 'datetime') return parseCrmDate(clause.value) ?? clause.value
  return fold(clause.value)
}

/** Upper levels store a blank in WBS2 and WBS3, and comparing with blank is what every client does: use the level. */
function levelFilter(column: Column, operator: string, value: string): Filter | null {
  if (value.trim() !== '' || (operator !== '=' && operator !== '!=')) return null
  const limit = column.name === 'WBS2' ? 1 : column.name === 'WBS3' ? 2 : 0
  if (limit === 0) return null
  if (operator === '!=') return { sql: `level > ${limit}`, values: [] }
  return { sql: limit === 1 ? 'level = 1' : 'level < 3', values: [] }
}

function clauseFilter(hub: Hub, column: Column, clause: Clause, faults: CrmFaults): Filter | null {
  const operator = OPERATORS[clause.operator]
  if (operator === undefined) return null
  const level = hub === 'project' ? levelFilter(column, operator, clause.value) : null
  if (level) return level
  const expression = expressionOf(hub, column, faults)
  const value = comparable(column, clause)
  if (operator === 'like') {
    return { sql: `instr(lower(${expression}), ?) > 0`, values: [fold(clause.value.replace(/^%+|%+$/g, ''))] }
  }
  if (operator === 'startswith') {
    const start = fold(clause.value)
    return { sql: `substr(lower(${expression}), 1, ${[...start].length}) = ?`, values: [start] }
  }
  if (operator !== 'in') return { sql: `${expression} ${operator} ?`, values: [value] }
  const list = clause.value.split(',').map((part) => fold(part.trim().replace(/^'|'$/g, '')))
  return { sql: `${expression} IN (${list.map(() => '?').join(', ')})`, values: list }
}

/** How this clause is joined to the next: a word given, else OR on the same field, else AND. */
function joinOf(clause: Clause, next: Clause): 'any' | 'AND' | 'OR' {
  if (clause.condition === 'OR') return 'OR'
  if (clause.condition === 'AND') return 'AND'
  return clause.name.toLowerCase() === next.name.toLowerCase() ? 'any' : 'AND'
}

export type FilterResult =
  | { readonly ok: true; readonly filter: Filter | null }
  | { readonly ok: false; readonly problem: string }

export function filterOf(
  hub: Hub,
  params: Iterable<readonly [string, string]>,
  columns: ColumnMap,
  faults: CrmFaults,
): FilterResult {
  const clauses = clausesOf(params)
  const values: SQLInputValue[] = []
  let sql = ''
  for (const [index, clause] of clauses.entries()) {
    const column = columns.get(clause.name.trim().toLowerCase())
    if (!column) return { ok: false, problem: `Invalid column name '${clause.name}'.` }
    const filter = clauseFilter(hub, column, clause, faults)
    if (!filter) return { ok: false, problem: `Invalid filter operator '${clause.operator}'.` }
    const previous = clauses[index - 1]
    const join = previous ? joinOf(previous, clause) : null
    const next = clauses[index + 1]
    const opens = join !== 'any' && next !== undefined && joinOf(clause, next) === 'any'
    const closes = join === 'any' && (next === undefined || joinOf(clause, next) !== 'any')
    sql += `${join === null ? '' : join === 'any' ? ' OR ' : ` ${join} `}${opens ? '(' : ''}${filter.sql}${closes ? ')' : ''}`
    values.push(...filter.values)
  }
  return { ok: true, filter: sql === '' ? null : { sql: `(${sql})`, values } }
}
