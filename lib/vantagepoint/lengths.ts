import type { FieldMap } from '#lib/sync/field-map'
import type { RecordType } from '#lib/sync/records'
import type { HubSchema } from './metadata.ts'
import { isAddressField } from './wire.ts'

const address = { Address1: 50, Address2: 50, Address3: 50, City: 30, State: 10, Zip: 10, Country: 40 }
const firm = { Name: 100, WebSite: 255, PrimaryEmail: 50, Phone: 24, FAX: 24, ...address }
const person = { FirstName: 25, MiddleName: 30, LastName: 30, Title: 50 }

/**
 * Column lengths of vantagepoint-api §6 in characters. The server answers anything longer with a raw database error.
 * Name (40) and LongName (255) of a project are not confirmed for every version; metadata wins where it tells.
 */
const LENGTHS: Readonly<Record<RecordType, Readonly<Record<string, number>>>> = {
  project: { WBS1: 30, Name: 40, LongName: 255, ...address },
  client: firm,
  vendor: firm,
  contact: { ...person, Email: 50, Phone: 24, CellPhone: 24, HomePhone: 24, Fax: 24, Pager: 24, ...address },
  employee: { ...person, Employee: 20, EMail: 50, WorkPhone: 24, MobilePhone: 24, ...address },
}

/** Kinds whose value may be cut to fit; a code, date, amount or key must be whole or not be sent. */
const CUT = new Set(['text', 'memo', 'short-name', 'long-name'])

/** Limits of the mapped text fields of one type. */
export function lengthsFor(type: RecordType, fieldMap: FieldMap, schema: HubSchema | null): Record<string, number> {
  const lengths: Record<string, number> = {}
  for (const { crm, transform, role } of fieldMap[type]) {
    if (role === 'read-only' || !CUT.has(transform.kind)) continue
    const length =
      (isAddressField(type, crm) ? schema?.addressLength(crm) : schema?.lengthOf(crm)) ?? LENGTHS[type][crm]
    if (length !== undefined) lengths[crm] = length
  }
  return lengths
}

export const SHORT_NAME_LIMIT = 40
export const LONG_NAME_LIMIT = 255
