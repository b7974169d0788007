import { referenceText } from '#lib/http/json-values'
import type { CallOptions, CrmKey } from '#lib/sync/ports'
import type { RecordType } from '#lib/sync/records'
import type { VantagepointClient } from './client.ts'
import { HUBS } from './config.ts'
import { unreadable } from './errors.ts'
import { filterHash, listPage, topLevel } from './list.ts'
import { isOfType, isTopLevel } from './wire.ts'

/** Times a list is begun anew because rows came or went while it was read. */
const PASSES = 3

/**
 * One pass over the list to its empty end, each page beginning with the last row of the one before. `null`: that row
 * was another, so rows came or went meanwhile, and one may have slipped through between two pages.
 */
async function keysInOnePass(
  client: VantagepointClient,
  type: RecordType,
  options: CallOptions,
): Promise<CrmKey[] | null> {
  const { key, kindFields } = HUBS[type]
  const levels = type === 'project' ? [topLevel] : []
  const query: [string, string][] = [['fieldFilter', [key, ...kindFields].join(',')], ...filterHash(levels)]
  const keys = new Map<string, CrmKey>()
  let last: string | null = null
  for (let offset = 0; ; ) {
    const rows = await listPage(client, type, query, Math.max(0, offset - 1), options)
    if (offset > 0 && (rows.length === 0 || referenceText(rows[0]?.[key]) !== last)) return null
    const fresh = offset > 0 ? rows.slice(1) : rows
    if (fresh.length === 0) return [...keys.values()]
    for (const row of fresh) {
      last = referenceText(row[key])
      if (last === null || (type === 'project' && !isTopLevel(row))) continue
      keys.set(last, { id: last, ofType: isOfType(type, row) })
    }
    offset += fresh.length
  }
}

/**
 * Every key of the hub, from a list that held still while it was read. Throws {@link RemoteFailure} `broken-answer` where
 * the answers are no list of it; half a list that looks whole cannot be told (sync-rules §13.10).
 */
export async function readKeys(client: VantagepointClient, type: RecordType, options: CallOptions): Promise<CrmKey[]> {
  for (let pass = 1; pass <= PASSES; pass += 1) {
    const found = await keysInOnePass(client, type, options)
    if (found) return found
  }
  throw unreadable(HUBS[type].noun, 'a list that changed each time while it was read')
}
