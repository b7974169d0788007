import { referenceText } from '#lib/http/json-values'
import { type CallOptions, type CrmCreate, type CrmWrite, RemoteFailure } from '#lib/sync/ports'
import type { CrmRecord, RecordType } from '#lib/sync/records'
import type { VantagepointClient } from './client.ts'
import { HUBS, isFirm, type VantagepointConfig } from './config.ts'
import { messagesOf, unreadable } from './errors.ts'
import type { FirmAddresses } from './firm-address.ts'
import type { Schemas } from './metadata.ts'
import { type CrmReader, vanished } from './read.ts'
import { isAddressField, rowsFrom, type WireRow, wireValue } from './wire.ts'

/** Waits for a number that the CRM fills in after its answer, or for a new record to answer; 7.75 s in all. */
const PATIENCE_MS = [250, 500, 1000, 2000, 4000]

type Body = Record<string, string | number>

export interface CrmWriter {
  create(type: RecordType, create: CrmCreate, options: CallOptions): Promise<CrmRecord>
  update(
    type: RecordType,
    id: string,
    write: CrmWrite,
    externalKey: string | null,
    options: CallOptions,
  ): Promise<CrmRecord>
}

/** The record's own columns and those of a firm's address row. A field outside the map is a defect of the caller. */
function split(
  type: RecordType,
  write: CrmWrite,
  fieldMap: VantagepointConfig['fieldMap'],
): { own: Body; address: CrmWrite } {
  const own: Body = {}
  const address: Record<string, string | null> = {}
  for (const [field, value] of Object.entries(write)) {
    const entry = fieldMap[type].find(({ crm }) => crm === field)
    if (!entry || entry.role === 'read-only' || entry.role === 'template') {
      throw new Error(`The field ${field} of a ${type} is not one that the field map lets us write.`)
    }
    if (isAddressField(type, field)) address[field] = value
    else own[field] = wireValue(value, entry)
  }
  return { own, address }
}

export function createWriter(
  client: VantagepointClient,
  config: Pick<VantagepointConfig, 'fieldMap' | 'externalKeyField'>,
  schemas: Schemas,
  reader: CrmReader,
  addresses: FirmAddresses,
): CrmWriter {
  async function externalKey(type: RecordType, key: string | null, options: CallOptions): Promise<Body> {
    if (key === null) return {}
    const schema = await schemas.of(type, options).catch((error: unknown) => {
      throw error instanceof RemoteFailure ? error.withClass('not-executed') : error
    })
    return schema === null || schema.has(config.externalKeyField) ? { [config.externalKeyField]: key } : {}
  }

  /** The write was carried out: whatever fails from here on, "nothing was done" is not among the answers. */
  async function afterWriting<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw error instanceof RemoteFailure ? error.withClass('unknown') : error
    }
  }

  async function poll<T>(look: () => Promise<T | null>, options: CallOptions): Promise<T | null> {
    let found = await look()
    for (const wait of PATIENCE_MS) {
      if (found !== null) break
      await client.ports.sleep(wait, options.signal)
      found = await look()
    }
    return found
  }

  async function readBack(type: RecordType, id: string, options: CallOptions): Promise<CrmRecord | null> {
    const row = await reader.row(type, id, options)
    return row === null ? null : ((await reader.records(type, [row], options))[0] ?? null)
  }

  /** Numbers filled in by a workflow after the answer: the record is known by its external key meanwhile. */
  async function lateRecord(type: RecordType, create: CrmCreate, options: CallOptions): Promise<CrmRecord> {
    const known = await externalKey(type, create.externalKey, options)
    if (Object.keys(known).length === 0) throw vanished(HUBS[type].noun)
    const record = await poll(async () => {
      return (await reader.byExternalKey(type, create.externalKey, options))[0] ?? null
    }, options)
    if (!record) throw vanished(HUBS[type].noun)
    return record
  }

  function asNumberRequired(type: RecordType, create: CrmCreate, error: unknown): unknown {
    const isNumber = error instanceof RemoteFailure && error.reason === 'required-field' && create.id === null
    if (!isNumber || !/^(project |employee )?number$|^wbs1$|^employee$/i.test(error.field ?? '')) return error
    const { noun } = HUBS[type]
    const message = `Vantagepoint does not number its ${noun}s itself and was given no number for this one.`
    return new RemoteFailure({ ...error, side: 'crm', reason: 'number-required', message, cause: error })
  }

  async function post(type: RecordType, create: CrmCreate, own: Body, options: CallOptions): Promise<string | null> {
    const { path, key, constants, noun } = HUBS[type]
    const filled = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''))
    const chosen = create.id === null ? {} : { [key]: create.id }
    const body = { ...constants, ...filled, ...(await externalKey(type, create.externalKey, options)), ...chosen }
    const query: [string, string][] = [['fieldFilter', key]]
    try {
      const json = await client.call({ method: 'POST', path: [path], query, body, noun, signal: options.signal })
      const row = rowsFrom(json)?.[0]
      if (!row) throw unreadable(noun, messagesOf(json).length > 0 ? 'a message instead of the record' : 'no record')
      return referenceText(row[key])
    } catch (error) {
      throw asNumberRequired(type, create, error)
    }
  }

  /** The row as it stands afterwards, if the answer shows all of it: that spares a read for every update. */
  async function put(type: RecordType, id: string, body: Body, options: CallOptions): Promise<WireRow | null> {
    const { path, noun } = HUBS[type]
    const columns = await reader.columns(type, options)
    const json = await client.call({
      method: 'PUT',
      path: [path, id],
      query: [['fieldFilter', columns.join(',')]],
      body,
      noun: `${noun} ${id}`,
      signal: options.signal,
    })
    const row = rowsFrom(json)?.[0]
    return row && columns.every((column) => column in row) ? row : null
  }

  return {
    async create(type, create, options) {
      const { own, address } = split(type, create.fields, config.fieldMap)
      const id = await post(type, create, own, options)
      return afterWriting(async () => {
        if (id === null) return lateRecord(type, create, options)
        if (isFirm(type)) {
          // The firm exists from here on. Without its address it is read back with empty address fields, so that the
          // next comparison finds them due and an update adds the row.
          await addresses.add(id, address, options).catch((error: unknown) => {
            if (!(error instanceof RemoteFailure)) throw error
          })
        }
        const record = await poll(() => readBack(type, id, options), options)
        if (!record) throw vanished(HUBS[type].noun)
        return record
      })
    },

    async update(type, id, write, key, options) {
      const { noun } = HUBS[type]
      const { own, address } = split(type, write, config.fieldMap)
      const body = { ...own, ...(await externalKey(type, key, options)) }
      const hasAddress = Object.keys(address).length > 0
      const isWritten = Object.keys(body).length > 0
      const answered = isWritten ? await put(type, id, body, options) : null
      if (hasAddress) {
        const writing = () => addresses.write(id, address, options)
        await (isWritten ? afterWriting(writing) : writing())
      }
      const record = await afterWriting(async () => {
        if (answered === null || hasAddress) return readBack(type, id, options)
        return (await reader.records(type, [answered], options))[0] ?? null
      })
      if (record) return record
      const message = `Vantagepoint no longer has the ${noun} ${id}.`
      throw new RemoteFailure({ side: 'crm', failureClass: 'definite', reason: 'not-found', message })
    },
  }
}
