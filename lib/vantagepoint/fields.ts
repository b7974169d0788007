import type { CodeEntry, CrmField } from '#lib/sync/ports'
import type { RecordType } from '#lib/sync/records'
import { isSensitive } from '#lib/sync/sensitive'
import { FIRM_ADDRESS_FIELDS, HUBS, isFirm } from './config.ts'
import type { FieldInfo, HubSchema } from './metadata.ts'

/**
 * What the documents say of a hub's fields (vantagepoint-api §6), for tenants that show no metadata and for what
 * metadata does not tell. Metadata wins where it tells.
 */
interface Documented {
  readonly text: string
  readonly memo: string
  readonly date?: string
  readonly decimal?: string
  /** Needed in every tenant. */
  readonly required: readonly string[]
}

const address = 'Address1 Address2 Address3 City State Zip Country'

const firm: Documented = {
  text: `Name SortName Status Type CurrentStatus Specialty Category WebSite PrimaryEmail Client Vendor Org Owner QBOID ${FIRM_ADDRESS_FIELDS.join(' ')}`,
  memo: 'Memo',
  required: ['Name'],
}

const DOCUMENTED: Readonly<Record<RecordType, Documented>> = {
  project: {
    text: `WBS1 Name LongName Status Stage Org ClientID ContactID Principal ProjMgr Supervisor MarketingCoordinator
      BusinessDeveloperLead ProposalManager ProjectType Responsibility Source ${address} County`,
    memo: 'Memo Description',
    date: 'StartDate EndDate EstStartDate EstCompletionDate ActCompletionDate CloseDate BidDate ContractDate',
    decimal: 'Fee ConsultFee ReimbAllow FirmCost TotalProjectCost Revenue',
    required: ['Name'],
  },
  client: firm,
  vendor: firm,
  contact: {
    text: `FirstName MiddleName LastName Title Email Phone CellPhone HomePhone Fax Pager ${address} Address4 ClientID
      ContactStatus Salutation Suffix PreferredName ProfessionalSuffix Source Owner QBOID`,
    memo: 'Memo',
    required: ['LastName'],
  },
  employee: {
    text: `FirstName MiddleName LastName PreferredName Title EMail WorkPhone MobilePhone Status Type Supervisor Org
      HomeCompany Address1 Address2 Address3 City State ZIP Country QBOID`,
    memo: '',
    date: 'HireDate TerminationDate',
    required: ['LastName'],
  },
}

const LABELS: Readonly<Record<string, string>> = {
  WBS1: 'Project number',
  ProjMgr: 'Project manager',
  Principal: 'Principal in charge',
  MarketingCoordinator: 'Marketing coordinator',
  EstCompletionDate: 'Estimated completion date',
  EstStartDate: 'Estimated start date',
  ActCompletionDate: 'Actual completion date',
  ReimbAllow: 'Reimbursable allowance',
  ConsultFee: 'Consultant fee',
  Org: 'Organization',
  WebSite: 'Website',
  EMail: 'E-mail',
  Email: 'E-mail',
  PrimaryEmail: 'Primary e-mail',
  FAX: 'Fax',
  ZIP: 'Zip',
  QBOID: 'QuickBooks id',
}

const status = (...pairs: readonly (readonly [string, string])[]): CodeEntry[] =>
  pairs.map(([code, description]) => ({ code, description }))

const ofFirm = { Status: status(['A', 'Active'], ['I', 'Inactive'], ['D', 'Dormant']) }

/** Codes that the documents state for every tenant; those of a contact's status are not among them. */
const CODES: Readonly<Record<RecordType, Readonly<Record<string, readonly CodeEntry[]>>>> = {
  project: ofFirm,
  client: ofFirm,
  vendor: ofFirm,
  contact: {},
  employee: { Status: status(['A', 'Active'], ['I', 'Inactive'], ['T', 'Terminated']) },
}

/** `CustDeliveryMethod` as people read it; the prefix of custom fields is the product's. */
function labelOf(name: string): string {
  const own = LABELS[name]
  if (own !== undefined) return own
  const words = name.replace(/^Cust(?=[A-Z])/, '').split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
  return words.map((word, index) => (index === 0 || /^[A-Z]{2}/.test(word) ? word : word.toLowerCase())).join(' ')
}

function kindOf(documented: Documented, name: string): CrmField['kind'] {
  const kinds = ['text', 'memo', 'date', 'decimal'] as const
  return kinds.find((kind) => namesOf(documented[kind]).includes(name)) ?? null
}

function namesOf(list: string | undefined): string[] {
  return (list ?? '').split(/\s+/).filter((name) => name !== '')
}

/**
 * The fields of one record type. What the sync itself writes (the key, what kind of record it is) counts as not
 * writable, what every create carries anyway is not required, and sensitive fields are left out.
 */
export function fieldsFor(type: RecordType, schema: HubSchema | null): CrmField[] {
  const documented = DOCUMENTED[type]
  const { key, kindFields, constants } = HUBS[type]
  const ours = [key, ...kindFields]
  const inAddress = isFirm(type) ? FIRM_ADDRESS_FIELDS : []
  const told = schema?.fields ?? []
  const names = schema
    ? [...told.map(({ name }) => name), ...inAddress]
    : namesOf([documented.text, documented.memo, documented.date, documented.decimal].join(' '))
  const field = (name: string, info: FieldInfo | undefined): CrmField => ({
    name,
    label: info?.label ?? labelOf(name),
    kind: info?.kind ?? kindOf(documented, name),
    required: documented.required.includes(name) || (info?.required === true && name !== key && !(name in constants)),
    writable: !ours.includes(name) && info?.writable !== false,
    codes: CODES[type][name] ?? null,
  })
  const byName = new Map(told.map((info) => [info.name, info]))
  return [...new Set(names)]
    .filter((name) => !isSensitive(name))
    .map((name) => field(name, inAddress.includes(name) ? undefined : byName.get(name)))
}
