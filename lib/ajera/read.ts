import { z } from 'zod'
import { allInOrder, chunksOf } from '#lib/http/in-order'
import { type CallOptions, RemoteFailure } from '#lib/sync/ports'
import type { ErpRecord, RecordType } from '#lib/sync/records'
import type { AjeraClient } from './client.ts'
import { type AjeraConfig, METHODS, SYSTEM } from './config.ts'
import { unreadable } from './errors.ts'
import { clientsByProject, filterStamp, isOfType, recordFrom, type WireRow, wireRow } from './wire.ts'

const PAGE_SIZE = 500

/** The rows of one Get as they came, for the baseline of an update. */
export interface RawRead {
  readonly rows: readonly WireRow[]
  /** The whole `Content`. */
  readonly content: Readonly<Record<string, unknown>>
  /** One record for each row that has a key, whatever it is. */
  readonly records: readonly ErpRecord[]
  /** Those of them that belong to the type: consultants among the vendors, all elsewhere. */
  readonly wanted: readonly ErpRecord[]
}

export interface AjeraReader {
  /** Keys in the order of the list; those modified at or after `since` (ISO UTC). */
  listKeys(type: RecordType, since: string | null, options: CallOptions): Promise<string[]>
  /** One Get of at most a chunk of keys; keys that do not exist are absent. */
  get(type: RecordType, keys: readonly string[], options: CallOptions): Promise<RawRead>
  getAll(type: RecordType, keys: readonly string[], options: CallOptions): Promise<ErpRecord[]>
}

function parseRows(
  method: string,
  member: string,
  content: unknown,
): { rows: WireRow[]; content: Record<string, unknown> } {
  const parsed = wireRow.safeParse(content)
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

/** Lists and gets with paging, chunks and the whitelist of fields; one Get at a time per place of the limiter. */
export function createReader(client: AjeraClient, config: Pick<AjeraConfig, 'fieldMap' | 'concurrency'>): AjeraReader {
  async function listPage(type: RecordType, since: string | null, number: number, options: CallOptions) {
    const { version, list, rows: member, statuses } = METHODS[type]
    // Whether the bound is inclusive is not documented; a millisecond earlier is inclusive in any case.
    const changed = since === null ? {} : { FilterByEarliestModifiedDate: filterStamp(Date.parse(since) - 1) }
    const answer = await client.call({
      version,
      method: list,
      args: { FilterByStatus: [...statuses], ...changed },
      page: { number, size: PAGE_SIZE },
      signal: options.signal,
    })
    return { rows: parseRows(list, member, answer.content).rows, pageCount: answer.pageCount ?? 1 }
  }

  async function get(type: RecordType, keys: readonly string[], options: CallOptions): Promise<RawRead> {
    const { version, get: method, requested, rows: member } = METHODS[type]
    const answer = await client.call({
      version,
      method,
      args: { [requested]: keys.map(Number) },
      slow: type === 'project',
      signal: options.signal,
    })
    const { rows, content } = parseRows(method, member, answer.content)
    const groups = z.array(z.unknown()).safeParse(content.InvoiceGroups)
    const context = {
      fieldMap: config.fieldMap,
      today: new Date(answer.remoteNow).toISOString().slice(0, 10),
      clientOf: clientsByProject(groups.data ?? []),
    }
    const read = rows.flatMap((row) => {
      const record = recordFrom(type, row, context)
      return record ? [{ record, wanted: isOfType(type, row) }] : []
    })
    const records = read.map(({ record }) => record)
    return { rows, content, records, wanted: read.flatMap(({ record, wanted }) => (wanted ? record : [])) }
  }

  return {
    async listKeys(type, since, options) {
      const { list, key } = METHODS[type]
      const keys = new Set<string>()
      let firstLength = 0
      for (let number = 1, pageCount = 1; number <= pageCount; number += 1) {
        const page = await listPage(type, since, number, options)
        pageCount = page.pageCount
        if (number === 1) firstLength = page.rows.length
        if (number < pageCount && (page.rows.length === 0 || page.rows.length < firstLength)) throw incomplete(list)
        for (const row of page.rows) {
          if (typeof row[key] !== 'number') throw unreadable(list, `rows without ${key}`)
          keys.add(String(row[key]))
        }
      }
      return [...keys]
    },
    get,
    async getAll(type, keys, options) {
      const reads = await allInOrder(chunksOf(keys, METHODS[type].chunk), config.concurrency, (chunk) =>
        get(type, chunk, options),
      )
      return reads.flatMap(({ records }) => records)
    },
  }
}
