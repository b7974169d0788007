import type { SQLInputValue } from 'node:sqlite'
import type { Row } from '../database.ts'
import { type Doc, type Json, storedDoc } from '../json.ts'
import {
  type ArgumentKind,
  argumentsFit,
  type Condition,
  equalsText,
  likeAny,
  modifiedWithin,
  oneOf,
} from './arguments.ts'
import { type ErpContext, failure, INVALID_DATA, type Outcome } from './envelope.ts'
import type { ErpKind } from './store.ts'

/** The List methods (ajera-api §4): keys and names only, filtered, in pages when asked for. */
interface ListSpec {
  readonly kind: ErpKind
  readonly content: string
  readonly filters: Readonly<Record<string, ArgumentKind>>
  readonly item: (row: Row) => Doc
}

const DATES = { FilterByEarliestModifiedDate: 'date', FilterByLatestModifiedDate: 'date' } as const
const STATUS = { FilterByStatus: 'texts' } as const

const PROJECT_FILTERS = {
  ...STATUS,
  ...DATES,
  FilterByCompany: 'ints',
  FilterByNameLike: 'text',
  FilterByDescriptionLike: 'text',
  FilterByDescriptionEquals: 'text',
  FilterByIDLike: 'text',
  FilterByProjectType: 'ints-or-null',
  FilterBySyncToCRM: 'bools',
} as const

function people(row: Row): Doc {
  const doc = storedDoc(String(row.doc))
  const { FirstName = '', MiddleName = '', LastName = '' } = doc
  return { FirstName, MiddleName, LastName }
}

function typeList(kind: ErpKind, singular: string, plural: string): ListSpec {
  return {
    kind,
    content: plural,
    filters: { ...STATUS, FilterByIsConsultant: 'bools', FilterByIsCreditCard: 'bools' },
    item: (row) => ({ [`${singular}Key`]: Number(row.key), ...storedDoc(String(row.doc)) }),
  }
}

export const LISTS: Readonly<Record<string, ListSpec>> = {
  ListProjects: {
    kind: 'project',
    content: 'Projects',
    filters: PROJECT_FILTERS,
    item: (row) => ({ ProjectKey: Number(row.key), ID: String(row.id), Description: String(row.name) }),
  },
  ListProjectTemplates: {
    kind: 'template',
    content: 'ProjectTemplates',
    filters: PROJECT_FILTERS,
    item: (row) => ({ ProjectTemplateKey: Number(row.key), ID: String(row.id), Description: String(row.name) }),
  },
  ListClients: {
    kind: 'client',
    content: 'Clients',
    filters: {
      ...STATUS,
      ...DATES,
      FilterByCompany: 'ints',
      FilterByNameLike: 'text',
      FilterByNameEquals: 'text',
      FilterByClientType: 'ints',
    },
    item: (row) => ({ ClientKey: Number(row.key), Description: String(row.name) }),
  },
  ListContacts: {
    kind: 'contact',
    content: 'Contacts',
    filters: {
      ...STATUS,
      ...DATES,
      FilterByCompany: 'ints',
      FilterByText: 'text',
      FilterByContactType: 'ints-or-null',
    },
    item: (row) => {
      const doc = storedDoc(String(row.doc))
      const { Company = '', ContactClientKey = null, ContactVendorKey = null } = doc
      return { ContactKey: Number(row.key), ...people(row), Company, ContactClientKey, ContactVendorKey }
    },
  },
  ListEmployees: {
    kind: 'employee',
    content: 'Employees',
    filters: {
      ...STATUS,
      ...DATES,
      FilterByCompany: 'ints',
      FilterByDepartment: 'ints',
      FilterBySupervisor: 'ints',
      FilterByNameLike: 'text',
      FilterByEmployeeType: 'ints',
    },
    item: (row) => {
      const { CompanyKey = 1, DepartmentKey = null } = storedDoc(String(row.doc))
      const restrictions = { RestrictToOwnCompany: false, RestrictToOwnDepartment: false }
      return {
        EmployeeKey: Number(row.key),
        ...people(row),
        Company: CompanyKey,
        Department: DepartmentKey,
        ...restrictions,
      }
    },
  },
  ListVendors: {
    kind: 'vendor',
    content: 'Vendors',
    filters: { ...STATUS, ...DATES, FilterByCompany: 'ints', FilterByNameLike: 'text', FilterByVendorType: 'ints' },
    item: (row) => ({ VendorKey: Number(row.key), Name: String(row.name) }),
  },
  ListProjectTypes: typeList('projectType', 'ProjectType', 'ProjectTypes'),
  ListClientTypes: typeList('clientType', 'ClientType', 'ClientTypes'),
  ListContactTypes: typeList('contactType', 'ContactType', 'ContactTypes'),
  ListEmployeeTypes: typeList('employeeType', 'EmployeeType', 'EmployeeTypes'),
  ListVendorTypes: typeList('vendorType', 'VendorType', 'VendorTypes'),
  ListCompanies: typeList('company', 'Company', 'Companies'),
  ListDepartments: typeList('department', 'Department', 'Departments'),
  ListMarketingStages: typeList('marketingStage', 'MarketingStage', 'MarketingStages'),
  ListMarketingFinalDispositions: typeList(
    'marketingFinalDisposition',
    'MarketingFinalDisposition',
    'MarketingFinalDispositions',
  ),
}

const member = (name: string): string => `json_extract(doc, '$.${name}')`

function conditions(args: Doc, spec: ListSpec, context: ErpContext): Condition[] {
  const faults = context.faults()
  const lowered = Array.isArray(args.FilterByStatus)
    ? args.FilterByStatus.map((status) => (typeof status === 'string' ? status.toLowerCase() : status))
    : undefined
  const defaultStatus: Json[] | undefined =
    faults.listDefaultStatus === 'active' && spec.kind !== 'project' && spec.kind !== 'template'
      ? ['active']
      : undefined
  const found = [
    oneOf('lower(status)', lowered ?? defaultStatus),
    oneOf('sync', args.FilterBySyncToCRM),
    oneOf(`coalesce(${member('CompanyKey')}, 1)`, args.FilterByCompany),
    oneOf(member('ProjectTypeKey'), args.FilterByProjectType),
    oneOf(member('ClientTypeKey'), args.FilterByClientType),
    oneOf(member('ContactTypeKey'), args.FilterByContactType),
    oneOf(member('EmployeeTypeKey'), args.FilterByEmployeeType),
    oneOf(member('VendorTypeKey'), args.FilterByVendorType),
    oneOf(member('DepartmentKey'), args.FilterByDepartment),
    oneOf(member('SupervisorKey'), args.FilterBySupervisor),
    oneOf(member('VendorTypeIsConsultant'), args.FilterByIsConsultant),
    oneOf(member('VendorTypeIsCreditCard'), args.FilterByIsCreditCard),
    likeAny(['name', 'id'], args.FilterByNameLike),
    likeAny(['name', member('Company')], args.FilterByText),
    likeAny(['name'], args.FilterByDescriptionLike),
    likeAny(['id'], args.FilterByIDLike),
    equalsText('folded', args.FilterByDescriptionEquals),
    equalsText('folded', args.FilterByNameEquals),
    modifiedWithin(args.FilterByEarliestModifiedDate, args.FilterByLatestModifiedDate, faults.dateFilterInclusive),
  ]
  return found.filter((condition) => condition !== null)
}

export interface Paging {
  readonly wanted: boolean
  readonly number: number
  readonly size: number
}

/** Answers a List method. Without `PageResults` the whole list comes at once. */
export function list(method: string, args: Doc, paging: Paging, context: ErpContext): Outcome | null {
  const spec = LISTS[method]
  if (!spec) return null
  if (!argumentsFit(args, spec.filters)) return failure(INVALID_DATA)
  const where = conditions(args, spec, context)
  const sql = `FROM erp WHERE kind = ?${where.map((condition) => ` AND ${condition.sql}`).join('')}`
  const values: SQLInputValue[] = [spec.kind, ...where.flatMap((condition) => condition.values)]
  const limit = paging.wanted ? ` LIMIT ${paging.size} OFFSET ${(paging.number - 1) * paging.size}` : ''
  const rows = context.database.all(`SELECT key, id, name, doc ${sql} ORDER BY key${limit}`, ...values)
  const outcome = { code: 200, errors: [], content: { [spec.content]: rows.map(spec.item) }, wrote: false }
  if (!paging.wanted) return outcome
  const total = Number(context.database.get(`SELECT count(*) AS total ${sql}`, ...values)?.total ?? 0)
  return { ...outcome, paging: { size: paging.size, number: paging.number, count: Math.ceil(total / paging.size) } }
}
