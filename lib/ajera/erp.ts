import { chunksOf, inOrder } from '#lib/http/in-order'
import type { CallOptions, Erp, RecordPage } from '#lib/sync/ports'
import type { ErpRecord, RecordType } from '#lib/sync/records'
import { checkAjera } from './check.ts'
import { createAjeraClient } from './client.ts'
import { type AjeraConfig, METHODS, SYSTEM } from './config.ts'
import { unreadable } from './errors.ts'
import { FIELDS } from './fields.ts'
import { createReader } from './read.ts'
import { createTemplates } from './templates.ts'
import { totalsFrom } from './totals.ts'
import { createWriter } from './write.ts'

/** An {@link Erp} that holds sockets and sessions; `close` gives both back. */
export interface AjeraErp extends Erp {
  close(): Promise<void>
}

function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other
  return one > other ? one : other
}

/**
 * Ajera as the engine sees it. Fields and field names follow `config.fieldMap`; sensitive ones are dropped whatever it
 * says. The watermark is the newest LastModifiedDate seen, by Ajera's own clock; it covers the whole read only with
 * the last page. Vendors that are no consultants are no records, but their keys are listed and answer by key: a vendor
 * that loses the mark is not gone.
 */
export function createErp(config: AjeraConfig): AjeraErp {
  const client = createAjeraClient(config)
  const reader = createReader(client, config)
  const templates = createTemplates(client)
  const writer = createWriter(client, reader, templates, config.fieldMap)

  async function* readChanged(
    type: RecordType,
    since: string | null,
    options: CallOptions = {},
  ): AsyncGenerator<RecordPage<ErpRecord>> {
    const keys = await reader.listKeys(type, since, options)
    const chunks = chunksOf(keys, METHODS[type].chunk)
    let watermark: string | null = null
    const reads = inOrder(chunks, config.concurrency, (chunk) => reader.get(type, chunk, options))
    // How many of the vendors are consultants is known only when the last of them has been read.
    const total = type === 'vendor' ? null : keys.length
    for await (const { wanted } of reads) {
      for (const { modifiedAt } of wanted) watermark = later(watermark, modifiedAt)
      yield { records: wanted, watermark, total }
    }
  }

  return {
    name: SYSTEM,
    fields: (type) => FIELDS[type],
    check: (options = {}) => checkAjera(client, options),
    async ping({ signal } = {}) {
      await client.call({
        version: 1,
        method: 'ListEmployees',
        args: {},
        page: { number: 1, size: 1 },
        retries: 0,
        signal,
      })
    },
    readChanged,
    readKeys: (type, options = {}) => reader.listKeys(type, null, options),
    read: (type, keys, options = {}) => reader.getAll(type, keys, options),
    async totals(key, options = {}) {
      const args = { RequestedProjectTotals: Number(key) }
      const { content } = await client.call({ version: 1, method: 'GetProjectTotals', args, signal: options.signal })
      const totals = totalsFrom(content)
      if (totals === undefined) throw unreadable('GetProjectTotals', 'totals in an unknown shape')
      return totals
    },
    templates: (options = {}) => templates.list(options),
    create: (type, fields, how = {}) => writer.create(type, fields, how),
    update: (type, key, changes, options = {}) => writer.update(type, key, changes, options),
    close: () => client.close(),
  }
}
