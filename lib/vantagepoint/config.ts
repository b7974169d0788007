import type { HttpPorts } from '#lib/http/ports'
import type { HttpAttempt } from '#lib/http/request'
import type { Weather } from '#lib/http/weather'
import type { FieldMap } from '#lib/sync/field-map'
import type { RecordType } from '#lib/sync/records'

export interface VantagepointConfig {
  /** Up to and including `/api`. */
  readonly url: string
  readonly database: string
  readonly clientId: string
  readonly clientSecret: string
  readonly username: string
  readonly password: string
  /** Requests in flight at most; how many there are, the API's own behaviour decides. */
  readonly concurrency: number
  /** Requests a second at most, sign-in included; `null`: no limit. */
  readonly rate: number | null
  /** Custom character field that holds the ERP key, e.g. `CustAjeraKey`. */
  readonly externalKeyField: string
  /** Does the CRM number projects and employees itself? `detect`: as its metadata says (sync-rules §13.18). */
  readonly autoNumbering: 'detect' | 'on' | 'off'
  /** The address is the operator's own word: http and private addresses are allowed. */
  readonly trusted: boolean
  readonly allowedHosts: readonly string[]
  /** Decides which fields are asked for and may be written. */
  readonly fieldMap: FieldMap
  readonly ports?: Partial<HttpPorts>
  /** What earlier calls have shown of this API; without it, nothing is known yet. */
  readonly weather?: Weather
  /** Told of every attempt, failed ones too. */
  readonly onCall?: (call: HttpAttempt & { readonly side: 'crm' }) => void
}

export const SYSTEM = 'Vantagepoint'

/** The CRM's own "sync me" flag of projects and firms, unless the field map names another (sync-rules §4.2). */
export const SYNC_FLAG = 'AjeraSync'

/** Where one record type lives (vantagepoint-api §5 and §6). */
export interface Hub {
  readonly path: string
  /** Key by which the API addresses a record; unique, so lists are ordered by it. */
  readonly key: string
  readonly nameFields: readonly string[]
  /** Has the flag of {@link SYNC_FLAG}. */
  readonly hasSyncFlag: boolean
  /** Read to tell phases from projects, and client firms from vendor firms. */
  readonly kindFields: readonly string[]
  /** Sent with every create. */
  readonly constants: Readonly<Record<string, string>>
  readonly noun: string
}

const person = ['FirstName', 'MiddleName', 'LastName']

export const HUBS: Readonly<Record<RecordType, Hub>> = {
  project: {
    path: 'project',
    key: 'WBS1',
    nameFields: ['Name', 'LongName'],
    hasSyncFlag: true,
    kindFields: ['WBS2', 'WBS3'],
    constants: { WBS2: ' ', WBS3: ' ', SubLevel: 'N', ChargeType: 'R' },
    noun: 'project',
  },
  client: {
    path: 'firm',
    key: 'ClientID',
    nameFields: ['Name'],
    hasSyncFlag: true,
    kindFields: ['ClientInd', 'VendorInd'],
    constants: { ClientInd: 'Y' },
    noun: 'firm',
  },
  vendor: {
    path: 'firm',
    key: 'ClientID',
    nameFields: ['Name'],
    hasSyncFlag: false,
    kindFields: ['ClientInd', 'VendorInd'],
    constants: { ClientInd: 'N', VendorInd: 'Y' },
    noun: 'firm',
  },
  contact: {
    path: 'contact',
    key: 'ContactID',
    nameFields: person,
    hasSyncFlag: false,
    kindFields: [],
    constants: {},
    noun: 'contact',
  },
  employee: {
    path: 'employee',
    key: 'Employee',
    nameFields: person,
    hasSyncFlag: false,
    kindFields: [],
    constants: {},
    noun: 'employee',
  },
}

/** Clients and consultants are two kinds of one hub; what holds for a firm holds for both. */
export function isFirm(type: RecordType): boolean {
  return HUBS[type].path === 'firm'
}

/** Fields of a firm that live in its primary address row (fields.md, Client). */
export const FIRM_ADDRESS_FIELDS: readonly string[] = [
  'Address1',
  'Address2',
  'Address3',
  'City',
  'State',
  'Zip',
  'Country',
  'Phone',
  'FAX',
]
