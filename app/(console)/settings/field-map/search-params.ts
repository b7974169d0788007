import { searchTextSchema } from '#lib/store/search-text'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { address, namedValue, oneValue, type Query, type SearchParams } from '../../address.ts'
import { transformWords } from './map-words.ts'

const DONE = ['saved', 'added', 'removed', 'reset'] as const

/** What the address of the field map's pages asks for. */
export interface MapSearch {
  readonly type: RecordType
  /** Narrows the entries. */
  readonly text: string | null
  /** Looks for another record to try the map on. */
  readonly find: string | null
  /** ERP key of the record that the map is tried on; `null`: the one that was synced last. */
  readonly record: string | null
  /** CRM field of one entry. */
  readonly field: string | null
  /** What was just done to {@link field}. */
  readonly done: (typeof DONE)[number] | null
  /** The CRM is to be asked anew what it has. */
  readonly anew: boolean
  readonly ignored: readonly string[]
}

export function readMapSearch(params: SearchParams): MapSearch {
  const ignored: string[] = []
  const wanted = oneValue(params, 'type')
  const type = RECORD_TYPES.find((each) => each === wanted)
  if (wanted !== null && type === undefined) ignored.push(namedValue('type', wanted))
  return {
    type: type ?? 'project',
    text: searched(params, 'q', 'search', ignored),
    find: searched(params, 'find', 'record', ignored),
    record: named(oneValue(params, 'record')),
    field: named(oneValue(params, 'field')),
    done: DONE.find((each) => each === oneValue(params, 'done')) ?? null,
    anew: oneValue(params, 'anew') === 'yes',
    ignored,
  }
}

function searched(params: SearchParams, name: string, label: string, ignored: string[]): string | null {
  const typed = oneValue(params, name)
  const text = typed === null ? null : (searchTextSchema.safeParse(typed).data ?? null)
  if (typed !== null && text === null) ignored.push(namedValue(label, typed))
  return text
}

function named(value: string | null): string | null {
  return value === null || value.includes('\u0000') || value.length > 300 ? null : value
}

export function mapHref(query: Query): string {
  return address('/settings/field-map', query)
}

export function entryHref(query: Query): string {
  return address('/settings/field-map/entry', query)
}

/** Whether an entry passes the search: by what it is called on either side, and by how it is sent. */
export function passes(entry: FieldMapEntry, text: string | null): boolean {
  if (text === null) return true
  const { erp, crm, label, constant } = entry
  const words = [label, erp, crm, constant ?? '', transformWords(entry)].join(' ').toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((part) => words.includes(part))
}
