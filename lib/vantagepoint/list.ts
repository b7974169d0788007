import type { CallOptions } from '#lib/sync/ports'
import type { RecordType } from '#lib/sync/records'
import type { VantagepointClient } from './client.ts'
import { HUBS } from './config.ts'
import { unreadable } from './errors.ts'
import { rowsFrom, type WireRow } from './wire.ts'

const PAGE_SIZE = 500

export interface Filter {
  readonly name: string
  readonly value: string
  readonly opp: '=' | '>=' | 'like' | 'STARTSWITH'
  readonly type?: 'datetime'
}

/** `filterHash` of vantagepoint-api §4.1: clauses on different fields, joined by AND. */
export function filterHash(filters: readonly Filter[]): [string, string][] {
  return filters.flatMap(({ name, value, opp, type }, index): [string, string][] => [
    [`filterHash[${index}][name]`, name],
    [`filterHash[${index}][value]`, value],
    [`filterHash[${index}][opp]`, opp],
    ...(type ? [[`filterHash[${index}][type]`, type] as [string, string]] : []),
    [`filterHash[${index}][seq]`, String(index + 1)],
    ...(index < filters.length - 1 ? [[`filterHash[${index}][condition]`, 'AND'] as [string, string]] : []),
  ])
}

/** Phases and tasks share the table of projects. */
export const topLevel: Filter = { name: 'WBS2', value: '', opp: '=' }

/** One page of a hub's list in the order of its key. Throws {@link RemoteFailure} where the answer is no such list. */
export async function listPage(
  client: VantagepointClient,
  type: RecordType,
  query: [string, string][],
  offset: number,
  options: CallOptions,
): Promise<WireRow[]> {
  const { path, key, noun } = HUBS[type]
  const paging: [string, string][] = [
    ['order', key],
    ['limit', String(PAGE_SIZE)],
    ['offset', String(offset)],
  ]
  const json = await client.call({
    method: 'GET',
    path: [path],
    query: [...query, ...paging],
    noun,
    signal: options.signal,
  })
  const rows = Array.isArray(json) ? rowsFrom(json) : null
  if (!rows) throw unreadable(noun, 'something that is no list')
  // A number that is filled in late is empty; a message in a list has no such member at all.
  if (rows.some((row) => !(key in row))) throw unreadable(noun, `rows without ${key}`)
  return rows
}
