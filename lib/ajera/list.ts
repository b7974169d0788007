import { z } from 'zod'
import { type CallOptions, RemoteFailure } from '#lib/sync/ports'
import type { AjeraClient } from './client.ts'
import { SYSTEM } from './config.ts'
import { unreadable } from './errors.ts'
import type { ApiVersion } from './session.ts'
import { type WireRow, wireRow } from './wire.ts'

const PAGE_SIZE = 500

/** One List method: what it is called and what its rows are known by (ajera-api §4). */
export interface ListedRows {
  readonly version: ApiVersion
  readonly list: string
  /** Member of `Content` that holds the rows. */
  readonly rows: string
  readonly key: string
  readonly statuses: readonly string[]
}

/** The rows of an answer with the whole `Content`. Throws where the member is not there: the method may be unknown. */
export function rowsFrom(
  method: string,
  member: string,
  answer: unknown,
): { rows: WireRow[]; content: Record<string, unknown> } {
  const parsed = wireRow.safeParse(answer)
  const rows = z.array(wireRow).safeParse(parsed.data?.[member])
  // Some instances answer a method they do not know with status 200 and nothing in it (ajera-api §1).
  if (!parsed.success || !rows.success) {
    throw unreadable(method, `no ${member}; the method may be unknown to this version of ${SYSTEM} or not permitted`)
  }
  return { rows: rows.data, content: parsed.data }
}

function incomplete(method: string): RemoteFailure {
  const message = `${SYSTEM} answered ${method} with an incomplete list; nothing is concluded from it.`
  return new RemoteFailure({ side: 'erp', failureClass: 'unknown', reason: 'broken-answer', message })
}

/** A whole list, page by page. Throws {@link RemoteFailure} where a page is short or a row has no key. */
export async function listRows(
  client: AjeraClient,
  { version, list, rows: member, key, statuses }: ListedRows,
  filters: Readonly<Record<string, unknown>>,
  options: CallOptions,
): Promise<WireRow[]> {
  const all: WireRow[] = []
  let firstLength = 0
  for (let number = 1, pageCount = 1; number <= pageCount; number += 1) {
    const answer = await client.call({
      version,
      method: list,
      args: { FilterByStatus: [...statuses], ...filters },
      page: { number, size: PAGE_SIZE },
      signal: options.signal,
    })
    const { rows } = rowsFrom(list, member, answer.content)
    pageCount = answer.pageCount ?? 1
    if (number === 1) firstLength = rows.length
    if (number < pageCount && (rows.length === 0 || rows.length < firstLength)) throw incomplete(list)
    if (rows.some((row) => typeof row[key] !== 'number')) throw unreadable(list, `rows without ${key}`)
    all.push(...rows)
  }
  return all
}
