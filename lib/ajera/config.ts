import type { HttpPorts } from '#lib/http/ports'
import type { HttpAttempt } from '#lib/http/request'
import type { Weather } from '#lib/http/weather'
import type { FieldMap } from '#lib/sync/field-map'
import type { RecordType } from '#lib/sync/records'

export interface AjeraConfig {
  /** The API URL as copied from Ajera, with its `?{id}`. The query is kept out of every message and log. */
  readonly url: string
  readonly username: string
  readonly password: string
  /** Requests in flight at most; how many there are, the API's own behaviour decides. */
  readonly concurrency: number
  /** Requests a second at most, sign-in included; `null`: no limit. */
  readonly rate: number | null
  /** The address is the operator's own word: http and private addresses are allowed. */
  readonly trusted: boolean
  readonly allowedHosts: readonly string[]
  /** Decides which fields are delivered; nothing else is kept of an answer. */
  readonly fieldMap: FieldMap
  readonly ports?: Partial<HttpPorts>
  /** What earlier calls have shown of this API; without it, nothing is known yet. */
  readonly weather?: Weather
  /** Told of every attempt, failed ones too. */
  readonly onCall?: (call: HttpAttempt & { readonly side: 'erp' }) => void
}

export const SYSTEM = 'Ajera'

/** How Ajera speaks of one record type (ajera-api §4). */
export interface TypeMethods {
  readonly version: 1 | 2
  readonly list: string
  readonly get: string
  /** Argument of the Get method that takes the keys. */
  readonly requested: string
  /** Member of `Content` that holds the rows, in List and Get alike. */
  readonly rows: string
  readonly key: string
  /** All of them, named: whether a List without a filter shows inactive rows is not documented. */
  readonly statuses: readonly string[]
  /** Keys in one Get: 50 is the documented limit of employees, 25 was tested over whole firms for projects. */
  readonly chunk: number
}

const people = { version: 1, statuses: ['Active', 'Inactive'], chunk: 50 } as const

export const METHODS: Readonly<Record<RecordType, TypeMethods>> = {
  employee: {
    ...people,
    list: 'ListEmployees',
    get: 'GetEmployees',
    requested: 'RequestedEmployees',
    rows: 'Employees',
    key: 'EmployeeKey',
  },
  client: {
    ...people,
    list: 'ListClients',
    get: 'GetClients',
    requested: 'RequestedClients',
    rows: 'Clients',
    key: 'ClientKey',
  },
  vendor: {
    ...people,
    list: 'ListVendors',
    get: 'GetVendors',
    requested: 'RequestedVendors',
    rows: 'Vendors',
    key: 'VendorKey',
  },
  contact: {
    ...people,
    list: 'ListContacts',
    get: 'GetContacts',
    requested: 'RequestedContacts',
    rows: 'Contacts',
    key: 'ContactKey',
  },
  project: {
    version: 2,
    list: 'ListProjects',
    get: 'GetProjects',
    requested: 'RequestedProjects',
    rows: 'Projects',
    key: 'ProjectKey',
    statuses: ['Preliminary', 'Active', 'Hold', 'WorkHold', 'BillingHold', 'Closed', 'Marketing'],
    chunk: 25,
  },
}
