import { allInOrder } from '#lib/http/in-order'
import { referenceText } from '#lib/http/json-values'
import { type CallOptions, RemoteFailure } from '#lib/sync/ports'
import type { CrmRecord, RecordType } from '#lib/sync/records'
import type { VantagepointClient } from './client.ts'
import { HUBS, isFirm, SYSTEM, type VantagepointConfig } from './config.ts'
import { unreadable } from './errors.ts'
import type { FirmAddresses } from './firm-address.ts'
import { type Filter, filterHash, listPage, topLevel } from './list.ts'
import type { Schemas } from './metadata.ts'
import { columnsFor, isOfType, isTopLevel, recordFrom, rowsFrom, type WireRow } from './wire.ts'

export interface ListOptions extends CallOptions {
  readonly filters?: readonly Filter[]
}

export interface CrmReader {
  /** The columns every full read of this type asks for. */
  columns(type: RecordType, options: CallOptions): Promise<string[]>
  /** Pages of rows in the order of their keys, each key once; phases and tasks left out. */
  pages(type: RecordType, options: ListOptions): AsyncGenerator<WireRow[]>
  /** One row by key, `null` when it does not exist. */
  row(type: RecordType, id: string, options: CallOptions): Promise<WireRow | null>
  /** Rows as records; firms with their primary address, which is a call each. */
  records(type: RecordType, rows: readonly WireRow[], options: CallOptions): Promise<CrmRecord[]>
  /** Records that meet the filter and the test, which is asked before a firm's address is read. */
  find(type: RecordType, filter: Filter, fits: (row: WireRow) => boolean, options: CallOptions): Promise<CrmRecord[]>
  /** By the ERP key they hold; empty when this tenant has no such field. */
  byExternalKey(type: RecordType, key: string, options: CallOptions): Promise<CrmRecord[]>
}

export function createReader(
  client: VantagepointClient,
  config: Pick<VantagepointConfig, 'fieldMap' | 'externalKeyField' | 'concurrency'>,
  schemas: Schemas,
  addresses: FirmAddresses,
): CrmReader {
  async function columns(type: RecordType, options: CallOptions): Promise<string[]> {
    return columnsFor(type, config, await schemas.of(type, options))
  }

  async function* pages(type: RecordType, options: ListOptions): AsyncGenerator<WireRow[]> {
    const { key, noun } = HUBS[type]
    const filters = [...(options.filters ?? []), ...(type === 'project' ? [topLevel] : [])]
    const wanted = await columns(type, options)
    const query: [string, string][] = [['fieldFilter', wanted.join(',')], ...filterHash(filters)]
    const seen = new Set<string>()
    let firstOfPage: string | null = null
    for (let offset = 0, size = 0; ; ) {
      const rows = await listPage(client, type, query, offset, options)
      if (rows.length === 0) return
      const first = referenceText(rows[0]?.[key])
      if (first !== null && first === firstOfPage) throw unreadable(noun, 'the same page again and again')
      firstOfPage = first
      yield rows.filter((row) => {
        const id = referenceText(row[key])
        if (id === null || seen.has(id) || (type === 'project' && !isTopLevel(row))) return false
        seen.add(id)
        return true
      })
      // The server may cut pages shorter than asked for (its maximum is unknown), so the first page only tells its
      // size; a later, shorter one is the last.
      if (size > 0 && rows.length < size) return
      size = Math.max(size, rows.length)
      offset += rows.length
    }
  }

  async function row(type: RecordType, id: string, options: CallOptions): Promise<WireRow | null> {
    const { path, noun } = HUBS[type]
    const query: [string, string][] = [['fieldFilter', (await columns(type, options)).join(',')]]
    try {
      const json = await client.call({
        method: 'GET',
        path: [path, id],
        query,
        noun: `${noun} ${id}`,
        signal: options.signal,
      })
      const rows = rowsFrom(json)
      if (!rows) throw unreadable(`${noun} ${id}`, 'something that is no record')
      return rows.find((each) => type !== 'project' || isTopLevel(each)) ?? null
    } catch (error) {
      if (error instanceof RemoteFailure && error.reason === 'not-found') return null
      throw error
    }
  }

  async function records(type: RecordType, rows: readonly WireRow[], options: CallOptions): Promise<CrmRecord[]> {
    const { fieldMap, externalKeyField, concurrency } = config
    const complete = await allInOrder(rows, isFirm(type) ? concurrency : 1, async (each) => {
      const id = referenceText(each[HUBS[type].key])
      const address = isFirm(type) && id !== null ? await addresses.primary(type, id, options) : null
      return recordFrom(type, each, { fieldMap, externalKeyField, address })
    })
    return complete.filter((record) => record !== null)
  }

  async function find(
    type: RecordType,
    filter: Filter,
    fits: (row: WireRow) => boolean,
    options: CallOptions,
  ): Promise<CrmRecord[]> {
    const found = (await Array.fromAsync(pages(type, { ...options, filters: [filter] }))).flat()
    return records(type, found.filter(fits), options)
  }

  return {
    columns,
    pages,
    row,
    records,
    find,
    async byExternalKey(type, key, options) {
      const { externalKeyField } = config
      const schema = await schemas.of(type, options)
      if (schema && !schema.has(externalKeyField)) return []
      try {
        // Tested again here: a filter the server does not understand answers with every row (vantagepoint-api §4.1).
        // A client and a vendor of the ERP may have the same key, and their firms share this column.
        const fits = (each: WireRow) => isOfType(type, each) && referenceText(each[externalKeyField]) === key
        return await find(type, { name: externalKeyField, value: key, opp: '=' }, fits, options)
      } catch (error) {
        if (error instanceof RemoteFailure && error.reason === 'unknown-field') return []
        throw error
      }
    },
  }
}

/** What is said when a record that was just written does not answer. */
export function vanished(noun: string): RemoteFailure {
  const message = `${SYSTEM} took the new ${noun} but does not show it yet; the next attempt looks for it before anything is sent again.`
  return new RemoteFailure({ side: 'crm', failureClass: 'unknown', reason: 'broken-answer', message })
}
