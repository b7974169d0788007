import { PLAN_KINDS, type PlanFilter } from '#lib/store/plan-filter'
import { searchTextSchema } from '#lib/store/search-text'
import { RECORD_TYPES } from '#lib/sync/records'
import {
  address,
  DEFAULT_PAGE_SIZE,
  namedValue,
  oneValue,
  pageSize,
  type Query,
  type SearchParams,
} from '../../../address.ts'

/** What the address of a plan's page asks for. */
export interface PlanSearch {
  readonly filter: PlanFilter
  readonly size: number
  readonly after: string | null
  readonly before: string | null
  /** Without JavaScript the page itself asks for confirmation. */
  readonly asks: 'apply' | 'discard' | null
  /** Values that could not be used, named for the person; they were left out. */
  readonly ignored: readonly string[]
}

const TICKS = { ticked: true, unticked: false } as const

/** Reads an address. What cannot be used is left out and named, never an error: links grow old. */
export function readPlanSearch(params: SearchParams): PlanSearch {
  const ignored: string[] = []
  const choose = <Value>(name: string, find: (value: string) => Value | undefined): Value | null => {
    const value = oneValue(params, name)
    if (value === null) return null
    const found = find(value)
    if (found === undefined) ignored.push(namedValue(name, value))
    return found ?? null
  }
  return {
    filter: {
      type: choose('type', (value) => RECORD_TYPES.find((type) => type === value)),
      kind: choose('kind', (value) => PLAN_KINDS.find((kind) => kind === value)),
      included: choose('ticks', (value) => (value === 'ticked' || value === 'unticked' ? TICKS[value] : undefined)),
      text: choose('q', (value) => searchTextSchema.safeParse(value).data),
    },
    size: pageSize(params),
    after: oneValue(params, 'after'),
    before: oneValue(params, 'before'),
    asks: choose('ask', (value) => (value === 'apply' || value === 'discard' ? value : undefined)),
    ignored,
  }
}

/** The filter as parameters of an address, by which a form carries it too. */
export function filterQuery({ type, kind, included, text }: PlanFilter): Record<string, string | null> {
  return { type, kind, ticks: included === null ? null : included ? 'ticked' : 'unticked', q: text }
}

/** The plan's page with these changes to what it shows. A change of the filter starts at the first page again. */
export function planHref(planId: string, search: Pick<PlanSearch, 'filter' | 'size'>, changes: Query = {}): string {
  const size = search.size === DEFAULT_PAGE_SIZE ? null : String(search.size)
  return address(`/sync/preview/${planId}`, { ...filterQuery(search.filter), size, ...changes })
}
