import { flagText, plainText } from '#lib/http/json-values'
import type { FieldMap } from '#lib/sync/field-map'
import { type CallOptions, type CrmWrite, RemoteFailure } from '#lib/sync/ports'
import type { RecordType } from '#lib/sync/records'
import type { VantagepointClient } from './client.ts'
import { FIRM_ADDRESS_FIELDS } from './config.ts'
import { unreadable } from './errors.ts'
import { isAddressField, rowsFrom, type WireRow } from './wire.ts'

/** Code of the row this product adds; unique within a firm. */
const ADDRESS_CODE = 'Main'
const noun = 'firm address'

export interface FirmAddresses {
  /** The primary row, else the only row; `null` when there is none or the field map wants no address. */
  primary(type: RecordType, firmId: string, options: CallOptions): Promise<WireRow | null>
  /** Puts the values into the primary row, adding one where the firm has none. Sends nothing that is there already. */
  write(firmId: string, values: CrmWrite, options: CallOptions): Promise<void>
  /** Adds the primary row of a firm just created; nothing if all values are empty. */
  add(firmId: string, values: CrmWrite, options: CallOptions): Promise<void>
}

function primaryOf(rows: readonly WireRow[]): WireRow | null {
  const flagged = rows.find((row) => flagText(row.PrimaryInd) === 'Y')
  return flagged ?? (rows.length === 1 ? (rows[0] ?? null) : null)
}

/** A firm's address is a sub-resource; the firm itself does not reliably show it (vantagepoint-api §6.2). */
export function createFirmAddresses(client: VantagepointClient, fieldMap: FieldMap): FirmAddresses {
  const isWanted = (type: RecordType) => fieldMap[type].some(({ crm }) => isAddressField(type, crm))
  const wanted = [...fieldMap.client, ...fieldMap.vendor].map(({ crm }) => crm)
  const columns = ['CLAddressID', 'PrimaryInd', ...FIRM_ADDRESS_FIELDS.filter((field) => wanted.includes(field))]

  async function rowsOf(firmId: string, { signal }: CallOptions): Promise<WireRow[]> {
    try {
      const query: [string, string][] = [['fieldFilter', columns.join(',')]]
      const json = await client.call({ method: 'GET', path: ['firm', firmId, 'address'], query, noun, signal })
      const rows = rowsFrom(json)
      if (!rows) throw unreadable(noun, 'something that is no list')
      return rows
    } catch (error) {
      if (error instanceof RemoteFailure && error.reason === 'not-found') return []
      throw error
    }
  }

  async function add(firmId: string, values: CrmWrite, { signal }: CallOptions): Promise<void> {
    const filled = Object.entries(values).filter(([, value]) => value !== null)
    if (filled.length === 0) return
    const body = { Address: ADDRESS_CODE, PrimaryInd: 'Y', ...Object.fromEntries(filled) }
    await client.call({ method: 'POST', path: ['firm', firmId, 'address'], body, noun, signal })
  }

  return {
    async primary(type, firmId, options) {
      return isWanted(type) ? primaryOf(await rowsOf(firmId, options)) : null
    },
    async write(firmId, values, options) {
      const row = primaryOf(await rowsOf(firmId, options))
      const addressId = plainText(row?.CLAddressID)
      if (!row || addressId === null) return add(firmId, values, options)
      const changed = Object.entries(values).filter(([field, value]) => plainText(row[field]) !== value)
      if (changed.length === 0) return
      const body = Object.fromEntries(changed.map(([field, value]) => [field, value ?? '']))
      const path = ['firm', firmId, 'address', addressId]
      await client.call({ method: 'PUT', path, body, noun, signal: options.signal })
    },
    add,
  }
}
