import { searchTextSchema } from '#lib/store/search-text'
import { isItemOutcome, type RunItemFilter } from '#lib/store/views-run-items'
import { RECORD_TYPES } from '#lib/sync/records'
import { UNDO_GROUPS } from '#lib/sync/undo-groups'
import {
  address,
  DEFAULT_PAGE_SIZE,
  namedValue,
  oneValue,
  pageSize,
  type Query,
  type SearchParams,
} from '../../address.ts'

export const RUN_TABS = ['records', 'errors', 'log', 'calls', 'settings'] as const
export type RunTab = (typeof RUN_TABS)[number]

/** What the address of a run's page asks for. */
export interface RunSearch {
  readonly tab: RunTab
  readonly filter: RunItemFilter
  readonly size: number
  readonly after: string | null
  readonly before: string | null
  /** The link of Cancel without JavaScript: the page asks for confirmation. */
  readonly asksCancel: boolean
  /** The link of Undo: the page says what it does and asks for a reason. */
  readonly asksUndo: boolean
  /** The person started a sync while this one was going. */
  readonly attached: boolean
  /** Values that could not be used, named for the person; they were left out. */
  readonly ignored: readonly string[]
}

/** Reads an address. What cannot be used is left out and named, never an error: links grow old. */
export function readRunSearch(params: SearchParams): RunSearch {
  const ignored: string[] = []
  const choose = <Value extends string>(name: string, find: (value: string) => Value | undefined): Value | null => {
    const value = oneValue(params, name)
    if (value === null) return null
    const found = find(value)
    if (found === undefined) ignored.push(namedValue(name, value))
    return found ?? null
  }
  return {
    tab: choose('tab', (value) => RUN_TABS.find((tab) => tab === value)) ?? 'records',
    filter: {
      type: choose('type', (value) => RECORD_TYPES.find((type) => type === value)),
      outcome: choose('outcome', (value) => (isItemOutcome(value) ? value : undefined)),
      problem: choose('problem', (value) => (/^CW-\d{4}$/.test(value) ? value : undefined)),
      text: choose('q', (value) => searchTextSchema.safeParse(value).data),
      group: choose('group', (value) => UNDO_GROUPS.find((group) => group === value)),
    },
    size: pageSize(params),
    after: oneValue(params, 'after'),
    before: oneValue(params, 'before'),
    asksCancel: oneValue(params, 'cancel') === 'ask',
    asksUndo: oneValue(params, 'undo') === 'ask',
    attached: oneValue(params, 'attached') === 'yes',
    ignored,
  }
}

/** The run's page with another tab open. */
export function tabHref(runId: string, tab: RunTab): string {
  return address(`/sync/${runId}`, { tab: tab === 'records' ? null : tab })
}

/** The records tab with these changes to what it shows. A change of the filter starts at the first page again. */
export function recordsHref(runId: string, search: Pick<RunSearch, 'filter' | 'size'>, changes: Query = {}): string {
  const { type, outcome, problem, text, group } = search.filter
  const size = search.size === DEFAULT_PAGE_SIZE ? null : String(search.size)
  return address(`/sync/${runId}`, { type, outcome, problem, group: group ?? null, q: text, size, ...changes })
}
