import { z } from 'zod'
import { allInOrder, chunksOf } from '#lib/http/in-order'
import type { CallOptions } from '#lib/sync/ports'
import type { ErpRecord, RecordType } from '#lib/sync/records'
import type { AjeraClient } from './client.ts'
import { type AjeraConfig, METHODS } from './config.ts'
import { listRows, rowsFrom } from './list.ts'
import { clientsByProject, filterStamp, isOfType, recordFrom, type WireRow } from './wire.ts'

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

/** Lists and gets with paging, chunks and the whitelist of fields; one Get at a time per place of the limiter. */
export function createReader(client: AjeraClient, config: Pick<AjeraConfig, 'fieldMap' | 'concurrency'>): AjeraReader {
  async function get(type: RecordType, keys: readonly string[], options: CallOptions): Promise<RawRead> {
    const { version, get: method, requested, rows: member } = METHODS[type]
    const answer = await client.call({
      version,
      method,
      args: { [requested]: keys.map(Number) },
      slow: type === 'project',
      signal: options.signal,
    })
    const { rows, content } = rowsFrom(method, member, answer.content)
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
      const spec = METHODS[type]
      // Whether the bound is inclusive is not documented; a millisecond earlier is inclusive in any case.
      const changed = since === null ? {} : { FilterByEarliestModifiedDate: filterStamp(Date.parse(since) - 1) }
      const rows = await listRows(client, spec, changed, options)
      return [...new Set(rows.map((row) => String(row[spec.key])))]
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
