import {
  MAPPING_COLUMNS,
  MAPPING_STATUSES,
  type MappingFilter,
  type MappingOrder,
  type MappingStatus,
  mappingFilterSchema,
  REVIEW_STATUSES,
} from '#lib/store/mapping-filter'
import { address, manyValues, namedValue, oneValue, pageSize, type Query, type SearchParams } from '../address.ts'

/** What the address of the mapping table asks for. */
export interface MappingSearch {
  readonly filter: MappingFilter
  readonly order: MappingOrder
  /** The valid parameters as they stand in the address, for links and for the form. */
  readonly query: Query
  readonly size: number
  readonly after: string | null
  readonly before: string | null
  readonly ignored: readonly string[]
}

/** Reads an address. What cannot be used is left out and named, never an error. `sort` is a column, `-` for falling. */
export function readMappingSearch(params: SearchParams): MappingSearch {
  const ignored: string[] = []
  const shape = mappingFilterSchema.shape
  const type = readOne(params, 'type', shape.type, ignored) ?? 'project'
  const text = readOne(params, 'q', shape.text, ignored) ?? null
  const statuses = readStatuses(params, ignored)
  const order = readOrder(params, ignored)
  const isDefaultOrder = order.column === 'erpName' && order.direction === 'asc'
  return {
    filter: { type, statuses, text },
    order,
    query: {
      type,
      status: sameStatuses(statuses, REVIEW_STATUSES) ? 'review' : statuses,
      q: text,
      sort: isDefaultOrder ? null : sortText(order),
      size: oneValue(params, 'size') === null ? null : String(pageSize(params)),
    },
    size: pageSize(params),
    after: oneValue(params, 'after'),
    before: oneValue(params, 'before'),
    ignored,
  }
}

/** The mapping table with these changes. Any change of filter or order starts at the first page again. */
export function mappingHref(query: Query, changes: Query = {}): string {
  return address('/mapping', { ...query, ...changes })
}

export function sortText(order: MappingOrder): string {
  return `${order.direction === 'desc' ? '-' : ''}${order.column}`
}

export function sameStatuses(a: readonly MappingStatus[], b: readonly MappingStatus[]): boolean {
  return a.length === b.length && a.every((status) => b.includes(status))
}

function readOne<Value>(
  params: SearchParams,
  name: 'type' | 'q',
  schema: { safeParse(value: unknown): { data?: Value } },
  ignored: string[],
): Value | null {
  const value = oneValue(params, name)
  if (value === null) return null
  const read = schema.safeParse(value).data ?? null
  if (read === null) ignored.push(namedValue(name === 'q' ? 'search' : name, value))
  return read
}

function readStatuses(params: SearchParams, ignored: string[]): MappingStatus[] {
  const wanted = manyValues(params, 'status')
  const chosen = new Set<MappingStatus>()
  for (const value of wanted) {
    const status = MAPPING_STATUSES.find((each) => each === value)
    if (status !== undefined) chosen.add(status)
    else if (value === 'review') for (const each of REVIEW_STATUSES) chosen.add(each)
    else if (value !== 'all') ignored.push(namedValue('status', value))
  }
  return MAPPING_STATUSES.filter((status) => chosen.has(status))
}

function readOrder(params: SearchParams, ignored: string[]): MappingOrder {
  const wanted = oneValue(params, 'sort')
  if (wanted === null) return { column: 'erpName', direction: 'asc' }
  const column = MAPPING_COLUMNS.find((each) => each === wanted.replace(/^-/, ''))
  if (column === undefined) {
    ignored.push(namedValue('sort', wanted))
    return { column: 'erpName', direction: 'asc' }
  }
  return { column, direction: wanted.startsWith('-') ? 'desc' : 'asc' }
}
