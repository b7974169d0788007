import { type CrmFaults, HUBS, type Hub } from '../faults.ts'
import { WIDE_COLUMNS } from './wide-columns.ts'

/** The columns of the four hubs and of the firm address: type, length, label, reference (vantagepoint-api §6). */
export type ColumnType = 'text' | 'memo' | 'date' | 'decimal' | 'int' | 'flag'
export type Reference = 'firm' | 'contact' | 'employee' | 'ProjectType' | 'FirmType' | 'CFGProjectStage' | 'Country'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly length: number | null
  /** Name in messages to people. */
  readonly label: string
  /** Must be filled in every record, whatever the tenant sets. */
  readonly required: boolean
  /** Computed or stamped: read, and ignored when sent (I). */
  readonly readOnly: boolean
  readonly reference: Reference | null
  /** Taken when a create does not send the column. */
  readonly initial: string
}

type Extra = Partial<Omit<Column, 'name' | 'type' | 'length'>>

function column(name: string, type: ColumnType, length: number | null, extra: Extra = {}): Column {
  const calm = { label: name, required: false, readOnly: false, reference: null, initial: '' }
  return { name, type, length, ...calm, ...extra }
}

const text = (name: string, length: number | null = null, extra: Extra = {}) => column(name, 'text', length, extra)
const flag = (name: string, initial = 'N') => column(name, 'flag', 1, { initial })
const many = (type: ColumnType, names: string, length: number | null = null): Column[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => column(name, type, length))
const computed = (names: string): Column[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => column(name, 'text', null, { readOnly: true }))
const to = (name: string, reference: Reference, length: number | null = null, label = name) =>
  text(name, length, { reference, label })

const stamps = [
  ...computed('CreateUser ModUser'),
  column('CreateDate', 'date', null, { readOnly: true }),
  column('ModDate', 'date', null, { readOnly: true }),
]

const project: Column[] = [
  text('WBS1', 30, { label: 'Project Number' }),
  text('WBS2', 30, { label: 'Phase Number' }),
  text('WBS3', 30, { label: 'Task Number' }),
  text('Name', 40, { label: 'Project Name', required: true }),
  text('LongName', 255, { label: 'Long Name' }),
  text('ChargeType', 1, { label: 'Charge Type', required: true, initial: 'R' }),
  text('SubLevel', 1, { initial: 'N' }),
  text('Status', 1, { required: true, initial: 'A' }),
  to('Stage', 'CFGProjectStage', 10),
  text('Org', 14, { label: 'Organization' }),
  to('ClientID', 'firm', 32, 'Primary Client'),
  to('ContactID', 'contact', 32, 'Primary Contact'),
  text('CLAddress', 20),
  to('BillingClientID', 'firm', 32, 'Billing Client'),
  to('BillingContactID', 'contact', 32, 'Billing Contact'),
  text('CLBillingAddr', 20),
  to('Principal', 'employee', 20),
  to('ProjMgr', 'employee', 20, 'Project Manager'),
  to('Supervisor', 'employee', 20),
  to('BusinessDeveloperLead', 'employee', 20),
  to('ProposalManager', 'employee', 20),
  to('MarketingCoordinator', 'employee', 20),
  to('ProjectType', 'ProjectType', 10, 'Project Type'),
  ...many('text', 'Responsibility Source', 10),
  ...many('text', 'Address1 Address2 Address3', 50),
  text('City', 30),
  text('State', 10),
  text('Zip', 10),
  text('County'),
  to('Country', 'Country', 40),
  ...many('decimal', 'Revenue Fee ConsultFee ReimbAllow FirmCost TotalProjectCost'),
  column('WeightedRevenue', 'decimal', null, { readOnly: true }),
  column('Probability', 'int', null),
  ...many('text', 'ProjectCurrencyCode BillingCurrencyCode', 3),
  ...many('date', 'StartDate EndDate PlanStartDate PlanEndDate EstStartDate EstCompletionDate ActCompletionDate'),
  ...many('date', 'CloseDate BidDate ContractDate'),
  text('BudgetedFlag', 1, { initial: 'N' }),
  text('BudgetSource', 1),
  text('RevType', 1, { initial: 'N' }),
  flag('ReadyForApproval'),
  flag('ReadyForProcessing', 'Y'),
  flag('WBS1ReadyForProcessing', 'Y'),
  flag('AvailableForCRM', 'Y'),
  text('SiblingWBS1', 30),
  text('ProjectTemplate', 80),
  ...many('memo', 'Memo Description'),
  ...computed(
    'ProjMgrName ProjMgrEmail PrincipalName SupervisorName ClientName BillingClientName OrgName StageDescription',
  ),
  ...stamps,
]

const firm: Column[] = [
  text('ClientID', 32, { label: 'Firm ID' }),
  text('Client', 20, { label: 'Firm Number' }),
  text('Vendor', 20, { label: 'Vendor Number' }),
  text('Name', 100, { label: 'Firm Name', required: true }),
  text('SortName'),
  text('Status', 1, { required: true, initial: 'A' }),
  flag('ClientInd'),
  flag('VendorInd'),
  flag('Competitor'),
  flag('GovernmentAgency'),
  to('Type', 'FirmType', 10, 'Firm Type'),
  text('CurrentStatus', 50),
  text('Specialty', null),
  text('Category', null, { label: 'Vendor Type' }),
  text('WebSite', 255),
  to('ParentID', 'firm', 32, 'Parent Firm'),
  ...computed('ParentName'),
  text('Org', 14, { label: 'Organization' }),
  to('Owner', 'employee', 20),
  text('PrimaryEmail', 50),
  ...computed(
    'PrimaryAddress1 PrimaryAddress2 PrimaryCity PrimaryState PrimaryZip PrimaryCountry PrimaryPhone PrimaryFax',
  ),
  text('QBOID'),
  flag('AvailableForCRM', 'Y'),
  flag('ReadyForApproval'),
  flag('ReadyForProcessing', 'Y'),
  ...many('memo', 'Memo'),
  ...stamps,
]

const contact: Column[] = [
  text('ContactID', 32, { label: 'Contact ID' }),
  to('ClientID', 'firm', 32, 'Firm'),
  text('CLAddress', 20),
  text('Vendor', 20),
  text('FirstName', 25, { label: 'First' }),
  text('MiddleName', 30, { label: 'Middle' }),
  text('LastName', 30, { label: 'Last', required: true }),
  text('Salutation', 5),
  text('Suffix', 20),
  ...many('text', 'PreferredName ProfessionalSuffix'),
  text('Title', 50),
  text('Email', 50),
  ...many('text', 'Phone CellPhone HomePhone Fax Pager', 24),
  ...many('text', 'Address1 Address2 Address3 Address4', 50),
  text('City', 30),
  text('State', 10),
  text('Zip', 10),
  to('Country', 'Country', 40),
  ...computed('Company ClientName'),
  text('ContactStatus', 1, { initial: 'A' }),
  flag('PrimaryInd'),
  flag('Billing'),
  text('Source', 10),
  to('Owner', 'employee', 20),
  text('QualifiedStatus', 10),
  ...many('memo', 'Memo'),
  text('QBOID'),
  ...stamps,
]

const employee: Column[] = [
  text('Employee', 20, { label: 'Employee Number' }),
  text('EmployeeCompany', 14, { label: 'Employee Company Name', initial: 'HL' }),
  text('HomeCompany', 14, { initial: 'HL' }),
  text('Org', 14, { label: 'Organization', initial: 'HL:ARC' }),
  text('FirstName', 25, { label: 'First' }),
  text('LastName', 30, { label: 'Last', required: true }),
  text('MiddleName', 30, { label: 'Middle' }),
  text('PreferredName'),
  text('Title', 50),
  text('EMail', 50),
  ...many('text', 'WorkPhone MobilePhone', 24),
  text('Status', 1, { required: true, initial: 'A' }),
  text('Type', 1),
  to('Supervisor', 'employee', 20),
  ...many('date', 'HireDate TerminationDate'),
  flag('ReadyForProcessing', 'Y'),
  flag('ReadyForApproval'),
  text('PayType', 1),
  text('Locale', 10),
  ...many('text', 'Address1 Address2 Address3', 50),
  text('City', 30),
  text('State', 10),
  text('ZIP', 10),
  to('Country', 'Country', 40),
  text('QBOID'),
  ...computed('SupervisorName'),
  ...stamps,
]

export const ADDRESS_COLUMNS: readonly Column[] = [
  text('ClientID', 32, { readOnly: true }),
  text('CLAddressID', 36, { readOnly: true }),
  text('Address', 20, { label: 'Address Description' }),
  flag('PrimaryInd'),
  flag('Billing'),
  flag('Payment'),
  flag('Accounting'),
  text('Addressee', 50),
  ...many('text', 'Address1 Address2 Address3 Address4', 50),
  text('City', 30),
  text('State', 10),
  ...computed('StateDescription'),
  text('Zip', 10),
  to('Country', 'Country', 40),
  ...many('text', 'Phone FAX', 24),
  text('Email', 50),
  text('TaxRegistrationNumber', 15),
  text('TaxCountryCode', 2),
  ...stamps,
]

export interface HubInfo {
  /** Key column. */
  readonly key: string
  /** Number column that auto-numbering fills; `null` where the hub has none. */
  readonly number: string | null
  /** Table name in metadata and in raw database errors. */
  readonly table: string
  /** Table name in messages to people. */
  readonly tableLabel: string
}

export const HUB_INFO: Readonly<Record<Hub, HubInfo>> = {
  project: { key: 'WBS1', number: 'WBS1', table: 'PR', tableLabel: 'Project' },
  firm: { key: 'ClientID', number: 'Client', table: 'CL', tableLabel: 'Firm' },
  contact: { key: 'ContactID', number: null, table: 'CO', tableLabel: 'Contacts' },
  employee: { key: 'Employee', number: 'Employee', table: 'EM', tableLabel: 'Employees' },
}

const BUILT_IN: Readonly<Record<Hub, readonly Column[]>> = { project, firm, contact, employee }

/** What this tenant has added for itself; the product puts the prefix before such names (vantagepoint-api §6.8). */
const CUSTOM: Readonly<Record<Hub, readonly Column[]>> = {
  project: [
    ...many('text', 'CustDeliveryMethod CustRegion', 50),
    column('CustSquareFeet', 'int', null),
    column('CustPermitDate', 'date', null),
    flag('CustSustainable'),
  ],
  firm: many('text', 'CustRegion', 50),
  contact: many('text', 'CustAssistant', 50),
  employee: many('text', 'CustStudio', 50),
}

const TOTALS = ['Spent', 'Cost', 'WIP', 'Billed', 'Received'].flatMap((kind) =>
  ['Labor', 'Reimbursable', 'Consultant'].map((part) => column(`Ajera${kind}${part}`, 'decimal', null)),
)

/** Columns of a hub in this tenant, by lower-case name. */
export type ColumnMap = ReadonlyMap<string, Column>

function build(hub: Hub, faults: CrmFaults): ColumnMap {
  const named = new Set(BUILT_IN[hub].map((one) => one.name))
  const wide = WIDE_COLUMNS[hub].filter((name) => !named.has(name)).map((name) => text(name))
  const columns = [...BUILT_IN[hub], ...CUSTOM[hub], ...wide]
  if (faults.externalKeyField !== null) columns.push(text(faults.externalKeyField, 255))
  if (faults.ajeraSyncColumn && (hub === 'project' || hub === 'firm')) columns.push(flag('AjeraSync'))
  if (faults.totalsColumns && hub === 'project') columns.push(...TOTALS)
  return new Map(columns.map((one) => [one.name.toLowerCase(), one]))
}

const cache = new Map<string, Readonly<Record<Hub, ColumnMap>>>()

/** The columns as the switches make them; built once per combination. */
export function columnsOf(hub: Hub, faults: CrmFaults): ColumnMap {
  const id = `${faults.externalKeyField}|${faults.ajeraSyncColumn}|${faults.totalsColumns}`
  const known = cache.get(id)
  if (known) return known[hub]
  const [projects, firms, contacts, employees] = HUBS.map((one) => build(one, faults))
  const empty: ColumnMap = new Map()
  const built = {
    project: projects ?? empty,
    firm: firms ?? empty,
    contact: contacts ?? empty,
    employee: employees ?? empty,
  }
  cache.set(id, built)
  return built[hub]
}

/** What an empty column reads as: clients slice texts without a null check, amounts are never null (I). */
export function emptyValue(type: ColumnType): string | number {
  if (type === 'flag') return 'N'
  return type === 'decimal' || type === 'int' ? 0 : ''
}
