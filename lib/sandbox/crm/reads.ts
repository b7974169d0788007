import type { SQLInputValue } from 'node:sqlite'
import type { Hub, Listing } from '../faults.ts'
import { type Answer, HTML, htmlPage } from '../gate.ts'
import { invalid, notFound, okAnswer, refusal } from './answers.ts'
import { type ColumnMap, columnsOf } from './columns.ts'
import { expressionOf, filterOf } from './filter.ts'
import { present, selectColumns } from './present.ts'
import { CRM_FIELDS, type CrmContext, readCrm, toCrmRow } from './store.ts'

/** Query names count in any letter case; the first of several wins. */
export type Params = ReadonlyMap<string, string>

const LEVELS: Readonly<Record<string, string>> = { wbs1: 'level = 1', wbs2: 'level = 2', wbs3: 'level = 3' }

function positive(params: Params, ...names: string[]): number | null {
  for (const name of names) {
    const value = params.get(name)
    if (value !== undefined && /^\d+$/.test(value) && Number(value) > 0) return Number(value)
  }
  return null
}

/** `Name_D`, `Name_A`, `Name` (D, I) and `Name asc` (C); an unknown column orders nothing (U). */
function orderOf(context: CrmContext, hub: Hub, columns: ColumnMap, order: string | undefined): string {
  const terms: string[] = []
  let direction = 'ASC'
  for (const part of (order ?? '').split(',')) {
    const match = /^(.*?)(?:_([AD])|\s+(asc|desc))?$/i.exec(part.trim())
    const column = columns.get((match?.[1] ?? '').toLowerCase())
    if (!column) continue
    direction = /^d/i.test(match?.[2] ?? match?.[3] ?? 'a') ? 'DESC' : 'ASC'
    terms.push(`${expressionOf(hub, column, context.faults())} ${direction}`)
  }
  if (terms.length > 0) return `${terms.join(', ')}, rowid ${direction}`
  return context.faults().unorderedRows === 'shuffled' ? 'random()' : 'rowid'
}

function pageOf(context: CrmContext, params: Params): { limit: number; offset: number } {
  const { defaultPageSize, maxPageSize } = context.faults()
  const asked = positive(params, 'limit', 'pagesize') ?? defaultPageSize
  const limit = Math.min(asked ?? -1, maxPageSize ?? Number.MAX_SAFE_INTEGER)
  const size = limit < 0 ? (maxPageSize ?? -1) : limit
  const page = positive(params, 'page')
  const offset = params.get('offset')
  if (offset !== undefined && /^\d+$/.test(offset)) return { limit: size, offset: Number(offset) }
  return { limit: size, offset: page !== null && size > 0 ? (page - 1) * size : 0 }
}

/** A list GET: a bare array. Anything that is no known parameter is silently ignored, and then every row comes (L). */
export function listRecords(context: CrmContext, hub: Hub, params: Params): Answer {
  const faults = context.faults()
  const columns = columnsOf(hub, faults)
  const selection = selectColumns(context, hub, params.get('fieldfilter') ?? null)
  if (!selection.ok) return invalid(context, [`Field ${selection.unknown} does not exist`])
  const filter = filterOf(hub, params, columns, faults)
  if (!filter.ok) return refusal(context, 500, [filter.problem])
  const where = ['hub = ?', 'listed_from <= ?']
  const values: SQLInputValue[] = [hub, Date.now()]
  const level = hub === 'project' ? LEVELS[params.get('wbstype')?.toLowerCase() ?? ''] : undefined
  if (level) where.push(level)
  if (filter.filter) {
    where.push(filter.filter.sql)
    values.push(...filter.filter.values)
  }
  if (faults.lists[hub] === 'half') where.push('rowid % 2 = 0')
  if (faults.lists[hub] === 'empty') where.push('1 = 0')
  const { limit, offset } = pageOf(context, params)
  const order = orderOf(context, hub, columns, params.get('order'))
  const sql = `SELECT ${CRM_FIELDS} FROM crm WHERE ${where.join(' AND ')} ORDER BY ${order} LIMIT ? OFFSET ?`
  const rows = context.database.all(sql, ...values, limit, offset)
  return damaged(
    faults.lists[hub],
    okAnswer(rows.map((row) => present(context, toCrmRow(hub, row), selection.columns))),
  )
}

/** A list that is no list any more, although the status says that all is well. */
function damaged(listing: Listing, answer: Answer): Answer {
  if (listing === 'html') return { ...answer, headers: HTML, body: htmlPage('Please sign in') }
  return listing === 'truncated' ? { ...answer, body: answer.body.slice(0, Math.ceil(answer.body.length / 2)) } : answer
}

/** A GET by key: an array with one element, or 404. */
export function getRecord(context: CrmContext, hub: Hub, key: string, params: Params): Answer {
  const row = readCrm(context.database, hub, key)
  if (!row) return notFound(context, `Record ${key}`)
  const selection = selectColumns(context, hub, params.get('fieldfilter') ?? null)
  if (!selection.ok) return invalid(context, [`Field ${selection.unknown} does not exist`])
  return okAnswer([present(context, row, selection.columns)])
}
