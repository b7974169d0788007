import { ajeraStamp } from '../clock.ts'
import { type Doc, type Json, storedDoc } from '../json.ts'
import type { ErpContext } from './envelope.ts'
import { type ErpKind, type ErpRow, erpName, readErp } from './store.ts'

/** Clients, contacts, employees and vendors as the v1 Get methods show them (ajera-api §6). */
export const PARTY_KINDS = ['client', 'contact', 'employee', 'vendor'] as const
export type PartyKind = (typeof PARTY_KINDS)[number]

const ADDRESS = ['LineOne', 'LineTwo', 'LineThree'] as const
const SHORT = ['City', 'Zip', 'State', 'Country'] as const

const addressDefaults: Doc = {}
for (const line of ADDRESS) addressDefaults[`PrimaryAddress${line}`] = ''
for (const part of SHORT) addressDefaults[part] = ''
addressDefaults.MailingAddressSameAsPrimary = true
for (const part of [...ADDRESS, ...SHORT]) addressDefaults[`MailingAddress${part}`] = ''

const phones: Doc = {}
for (const rank of ['Primary', 'Secondary', 'Tertiary']) {
  phones[`${rank}PhoneNumber`] = ''
  phones[`${rank}PhoneDescription`] = ''
}

const DEFAULTS: Readonly<Record<PartyKind, Doc>> = {
  client: {
    Status: 'Active',
    Description: '',
    DateEstablished: null,
    SendStatements: true,
    CreateFinanceCharge: false,
    AnnualPercentageRate: 0,
    PrePaymentBeginningBalance: 0,
    AccountID: '',
    ...phones,
    FaxNumber: '',
    FaxDescription: '',
    Email: '',
    Website: '',
    ...addressDefaults,
    EmailStatementTemplateKey: null,
    EmailStatementTemplateDescription: null,
    Notes: '',
    ClientTypeKey: null,
    ClientTypeNotes: null,
    InvoiceDeliveryPreference: 'Email',
  },
  contact: {
    Status: 'Active',
    FirstName: '',
    MiddleName: '',
    LastName: '',
    Company: '',
    Title: '',
    Fax: '',
    Email: '',
    Website: '',
    Notes: '',
    ...addressDefaults,
    ...phones,
    ContactTypeKey: null,
    ContactTypeNotes: null,
    ContactClientKey: null,
    ContactVendorKey: null,
  },
  employee: {
    FirstName: '',
    MiddleName: '',
    LastName: '',
    Title: '',
    Status: 'Active',
    CompanyKey: 1,
    DepartmentKey: null,
    IsPrincipal: false,
    IsSupervisor: false,
    IsProjectManager: false,
    IsAccountingManager: false,
    IsMarketingContact: false,
    SupervisorKey: null,
    Email: '',
    Website: '',
    ...phones,
    ...addressDefaults,
    EmployeeTypeKey: null,
    EmployeeTypeNotes: null,
    DateHired: null,
    DateRehired: null,
    DateTerminated: null,
    BillablePercent: 80,
    Notes: '',
    SocialSecurityNumber: '',
    BirthDate: null,
    Gender: '',
    PayRates: [],
    CreditCards: [],
    PayrollServiceID: '',
  },
  vendor: {
    Name: '',
    Status: 'Active',
    DateEstablished: null,
    ...phones,
    ...addressDefaults,
    FaxNumber: '',
    FaxDescription: '',
    Email: '',
    Website: '',
    Notes: '',
    VendorTypeKey: null,
    BuisnessTypeW9: '',
    FederalTaxWitheld: false,
    TaxIdentificationNumber: '',
    BankAccountNumber: '',
  },
}

const KEYS: Readonly<Record<PartyKind, string>> = {
  client: 'ClientKey',
  contact: 'ContactKey',
  employee: 'EmployeeKey',
  vendor: 'VendorKey',
}

/** Computed members: description of a referenced record by the member that holds its key. */
const DESCRIBED: Readonly<Record<PartyKind, readonly [string, string, ErpKind][]>> = {
  client: [['ClientTypeKey', 'ClientTypeDescription', 'clientType']],
  contact: [
    ['ContactTypeKey', 'ContactTypeDescription', 'contactType'],
    ['ContactClientKey', 'ContactClientDescription', 'client'],
    ['ContactVendorKey', 'ContactVendorDescription', 'vendor'],
  ],
  employee: [['EmployeeTypeKey', 'EmployeeTypeDescription', 'employeeType']],
  vendor: [['VendorTypeKey', 'VendorTypeDescription', 'vendorType']],
}

export function keyMember(kind: PartyKind): string {
  return KEYS[kind]
}

/** `City` under the name this installation uses; lines and the mailing address have one name only. */
function styled(doc: Doc, style: 'short' | 'long'): Doc {
  if (style === 'short') return doc
  const result: Doc = {}
  for (const [name, value] of Object.entries(doc)) {
    result[SHORT.some((part) => part === name) ? `PrimaryAddress${name}` : name] = value
  }
  return result
}

/** Both spellings of the address members in the one they are stored under. */
export function unstyled(doc: Doc): Doc {
  const result: Doc = {}
  for (const [name, value] of Object.entries(doc)) {
    const short = name.startsWith('PrimaryAddress') ? name.slice('PrimaryAddress'.length) : ''
    result[SHORT.some((part) => part === short) ? short : name] = value
  }
  return result
}

/** Members a caller may write, under their stored names. */
export function isWritable(kind: PartyKind, member: string): boolean {
  return member in DEFAULTS[kind]
}

function contactList(context: ErpContext, keys: Json | undefined): Json[] {
  if (!Array.isArray(keys)) return []
  return keys.flatMap((key, index) => {
    if (typeof key !== 'number') return []
    const row = context.database.get("SELECT doc FROM erp WHERE kind = 'contact' AND key = ?", key)
    if (!row) return []
    const { FirstName = '', MiddleName = '', LastName = '', Title = '', Company = '' } = storedDoc(String(row.doc))
    return [{ ContactKey: key, Order: index + 1, Text: '', FirstName, MiddleName, LastName, Title, Company }]
  })
}

/** What a vendor is for comes from its type and is not written on the vendor. */
function vendorKind(context: ErpContext, type: Json | undefined): Doc {
  const row = typeof type === 'number' ? readErp(context.database, 'vendorType', type) : null
  return {
    VendorTypeIsConsultant: row?.doc.VendorTypeIsConsultant ?? false,
    VendorTypeIsCreditCard: row?.doc.VendorTypeIsCreditCard ?? false,
  }
}

/** A record under stored member names, complete: what baselines are compared with. */
export function partyMembers(context: ErpContext, kind: PartyKind, row: ErpRow): Doc {
  const { ContactKeys, ...own } = row.doc
  const shape: Doc = {
    [KEYS[kind]]: row.key,
    LastModifiedDate: ajeraStamp(row.modified),
    ...structuredClone(DEFAULTS[kind]),
    ...own,
  }
  for (const [key, description, of] of DESCRIBED[kind]) {
    const reference = shape[key]
    shape[description] = typeof reference === 'number' ? erpName(context.database, of, reference) : null
  }
  if (kind !== 'contact') shape.Contacts = contactList(context, ContactKeys)
  return kind === 'vendor' ? { ...shape, ...vendorKind(context, shape.VendorTypeKey) } : shape
}

export function party(context: ErpContext, kind: PartyKind, row: ErpRow): Doc {
  return styled(partyMembers(context, kind, row), context.faults().addressStyle)
}
