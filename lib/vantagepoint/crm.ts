import { allInOrder } from '#lib/http/in-order'
import type { CallOptions, Crm, RecordPage } from '#lib/sync/ports'
import type { CrmRecord, RecordType } from '#lib/sync/records'
import { checkVantagepoint } from './check.ts'
import { createVantagepointClient } from './client.ts'
import { HUBS, isFirm, SYSTEM, type VantagepointConfig } from './config.ts'
import { describeCrm } from './describe.ts'
import { createFirmAddresses } from './firm-address.ts'
import { readKeys } from './keys.ts'
import type { Filter } from './list.ts'
import { createSchemas } from './metadata.ts'
import { createReader } from './read.ts'
import { filterStamp, isOfType } from './wire.ts'
import { createWriter } from './write.ts'

/** A {@link Crm} that holds sockets; `close` gives them back. */
export interface VantagepointCrm extends Crm {
  close(): Promise<void>
}

/** Longest name asked for whole: a URL has room for about 2,000 characters, and one may need nine of them. */
const LONGEST_QUERY = 60

function nameFilter(field: string, name: string): Filter {
  const points = Array.from(name)
  if (points.length <= LONGEST_QUERY) return { name: field, value: name, opp: '=' }
  return { name: field, value: points.slice(0, LONGEST_QUERY).join('').trimEnd(), opp: 'STARTSWITH' }
}

function folded(text: string | null): string {
  return (text ?? '').normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase()
}

/** People by the last word of their name, which the last name contains; the whole name is compared here. */
function nameFilters(type: RecordType, name: string): Filter[] {
  if (type === 'project') return [nameFilter('Name', name), nameFilter('LongName', name)]
  if (isFirm(type)) return [nameFilter('Name', name)]
  return [{ name: 'LastName', value: name.trim().split(/\s+/u).at(-1) ?? '', opp: 'like' }]
}

/**
 * Vantagepoint as the engine sees it. Fields and field names follow `config.fieldMap`. The watermark is the newest
 * ModDate seen, by Vantagepoint's own clock; it covers the whole read only with the last page. A firm is a record of
 * the type its marks say, but the keys of all firms are listed for both: a firm that loses a mark is not gone.
 */
export function createCrm(config: VantagepointConfig): VantagepointCrm {
  const client = createVantagepointClient(config)
  const schemas = createSchemas(client)
  const addresses = createFirmAddresses(client, config.fieldMap)
  const reader = createReader(client, config, schemas, addresses)
  const writer = createWriter(client, config, schemas, reader, addresses)

  async function* readChanged(
    type: RecordType,
    since: string | null,
    options: CallOptions = {},
  ): AsyncGenerator<RecordPage<CrmRecord>> {
    const changed: Filter[] =
      since === null ? [] : [{ name: 'ModDate', value: filterStamp(since), opp: '>=', type: 'datetime' }]
    let watermark: string | null = null
    for await (const rows of reader.pages(type, { ...options, filters: changed })) {
      const wanted = rows.filter((row) => isOfType(type, row))
      const records = await reader.records(type, wanted, options)
      for (const { modifiedAt } of records) {
        if (modifiedAt !== null && (watermark === null || modifiedAt > watermark)) watermark = modifiedAt
      }
      yield { records, watermark, total: null }
    }
  }

  async function read(type: RecordType, ids: readonly string[], options: CallOptions): Promise<CrmRecord[]> {
    const rows = await allInOrder(ids, config.concurrency, (id) => reader.row(type, id, options))
    return reader.records(
      type,
      rows.filter((row) => row !== null),
      options,
    )
  }

  async function findByName(type: RecordType, name: string, options: CallOptions): Promise<CrmRecord[]> {
    const found = new Map<string, CrmRecord>()
    for (const filter of nameFilters(type, name)) {
      const records = await reader.find(type, filter, (row) => isOfType(type, row), options)
      for (const record of records) {
        const names = [folded(record.name), folded(record.longName)]
        if (names.includes(folded(name))) found.set(record.id, record)
      }
    }
    return [...found.values()]
  }

  return {
    name: SYSTEM,
    check: (options = {}) => checkVantagepoint(client, config, schemas, options),
    async ping({ signal } = {}) {
      const { path, key, noun } = HUBS.employee
      const query: [string, string][] = [
        ['fieldFilter', key],
        ['limit', '1'],
      ]
      await client.call({ method: 'GET', path: [path], query, noun, retries: 0, signal })
    },
    describe: (options = {}) => describeCrm(client, config, schemas, options),
    readChanged,
    readKeys: (type, options = {}) => readKeys(client, type, options),
    read: (type, ids, options = {}) => read(type, ids, options),
    findByName: (type, name, options = {}) => findByName(type, name, options),
    findByExternalKey: (type, key, options = {}) => reader.byExternalKey(type, key, options),
    create: (type, create, options = {}) => writer.create(type, create, options),
    update: (type, id, write, key, options = {}) => writer.update(type, id, write, key, options),
    close: () => client.close(),
  }
}
