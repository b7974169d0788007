import type { ErpField } from '#lib/sync/ports'
import type { RecordType } from '#lib/sync/records'
import { isSensitive } from '#lib/sync/sensitive'

/**
 * What Ajera's records hold (ajera-api §6), under the names a field map uses: the data behind the screens that list
 * fields, behind what may be written, and behind how a value is read. Sensitive fields are not among them.
 */

type Kind = ErpField['kind']

/** Custom fields go on after this with their own name: `CustomFields.Delivery method`. Projects only. */
export const CUSTOM_FIELDS = 'CustomFields.'

const LABELS: Readonly<Record<string, string>> = {
  ID: 'Project ID',
  Zip: 'Zip',
  Email: 'E-mail',
  SyncToCRM: 'Sync to CRM',
  StartDate: 'Start date: the actual one, else the estimated',
  [CUSTOM_FIELDS]: 'Custom field, followed by its name',
}

/** `TotalContractAmount` as people write it; the key or description of another record is that record. */
function labelOf(name: string, fixed: boolean): string {
  const own = LABELS[name]
  if (own !== undefined) return own
  const stem = fixed ? name.replace(/(?<=.)(Description|Key)$/, '') : name.replace(/(?<=.)Key$/, '')
  const words = stem.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
  return words.map((word, index) => (index === 0 || /^[A-Z]{2}/.test(word) ? word : word.toLowerCase())).join(' ')
}

function fields(kind: Kind, names: string, more: { fixed?: boolean; to?: RecordType } = {}): ErpField[] {
  const { fixed = false, to = null } = more
  return names
    .trim()
    .split(/\s+/)
    .filter((name) => !isSensitive(name))
    .map((name) => ({ name, label: labelOf(name, fixed), kind, references: to, writable: !fixed, isOpen: false }))
}

const fixed = { fixed: true }

const person = fields('text', 'FirstName MiddleName LastName Title')
const reached = [
  ...fields('text', 'Email Website PrimaryPhoneNumber PrimaryPhoneDescription SecondaryPhoneNumber'),
  ...fields('text', 'SecondaryPhoneDescription TertiaryPhoneNumber TertiaryPhoneDescription'),
]
const addresses = [
  ...fields('text', 'PrimaryAddressLineOne PrimaryAddressLineTwo PrimaryAddressLineThree City State Zip Country'),
  ...fields('flag', 'MailingAddressSameAsPrimary'),
  ...fields('text', 'MailingAddressLineOne MailingAddressLineTwo MailingAddressLineThree'),
  ...fields('text', 'MailingAddressCity MailingAddressState MailingAddressZip MailingAddressCountry'),
]
const notes = fields('memo', 'Notes')

const custom: ErpField = {
  name: CUSTOM_FIELDS,
  label: labelOf(CUSTOM_FIELDS, true),
  kind: 'text',
  references: null,
  writable: false,
  isOpen: true,
}

const project: ErpField[] = [
  ...fields('text', 'ID', fixed),
  ...fields('text', 'Description Status'),
  ...fields('text', 'ProjectTypeDescription', fixed),
  ...fields('reference', 'ClientKey', { fixed: true, to: 'client' }),
  ...fields('reference', 'ProjectManager PrincipalInCharge MarketingContact', { to: 'employee' }),
  // Two fields under one name: which of them a value would go back to depends on the record.
  ...fields('date', 'StartDate EstimatedStartDate ActualStartDate EstimatedCompletionDate ActualCompletionDate'),
  ...fields('decimal', 'TotalContractAmount LaborContractAmount ExpenseContractAmount ConsultantContractAmount'),
  ...fields('decimal', 'ConstructionCost PercentOfConstructionCost BudgetedOverheadRate HoursBudget LaborCostBudget'),
  ...fields('decimal', 'ExpenseCostBudget ConsultantCostBudget PercentDistribution'),
  ...notes,
  ...fields('text', 'Location BillingDescription BillingType'),
  ...fields('text', 'DepartmentDescription CompanyDescription RateTableDescription WageTableDescription', fixed),
  ...fields('flag', 'SyncToCRM SummarizeBillingGroup IsCertified RestrictTimeEntryToResourcesOnly IsFinalBudget'),
  ...fields('flag', 'RequireTimesheetNotes BillLaborAsTE BillExpenseAsTE BillConsultantAsTE LockFee LaborEntry'),
  ...fields('flag', 'ExpenseConsultantEntry'),
  ...fields('total', 'SpentLabor SpentReimbursable SpentConsultant CostLabor CostReimbursable CostConsultant', fixed),
  ...fields('total', 'WIPLabor WIPReimbursable WIPConsultant BilledLabor BilledReimbursable BilledConsultant', fixed),
  ...fields('total', 'ReceivedLabor ReceivedReimbursable ReceivedConsultant', fixed),
  custom,
]

const client: ErpField[] = [
  ...fields('text', 'Description Status'),
  ...fields('text', 'ClientTypeDescription', fixed),
  ...reached,
  ...fields('text', 'FaxNumber FaxDescription'),
  ...addresses,
  ...notes,
  ...fields('date', 'DateEstablished'),
  ...fields('flag', 'SendStatements CreateFinanceCharge'),
  ...fields('decimal', 'AnnualPercentageRate'),
  ...fields('text', 'InvoiceDeliveryPreference'),
  ...fields('text', 'EmailStatementTemplateDescription ClientTypeNotes', fixed),
]

const vendor: ErpField[] = [
  ...fields('text', 'Name Status'),
  ...fields('text', 'VendorTypeDescription', fixed),
  ...reached,
  ...fields('text', 'FaxNumber FaxDescription'),
  ...addresses,
  ...notes,
  ...fields('date', 'DateEstablished'),
  ...fields('flag', 'VendorTypeIsConsultant', fixed),
]

const contact: ErpField[] = [
  ...person,
  ...fields('text', 'Company Status'),
  ...reached,
  ...fields('text', 'Fax'),
  ...addresses,
  ...notes,
  ...fields('reference', 'ContactClientKey', { fixed: true, to: 'client' }),
  ...fields('reference', 'ContactVendorKey', { fixed: true, to: 'vendor' }),
  ...fields('text', 'ContactTypeDescription ContactTypeNotes', fixed),
]

/** People are changed in Ajera only (fields.md). */
const employee: ErpField[] = [
  ...person,
  ...fields('text', 'Status'),
  ...reached,
  ...addresses,
  ...notes,
  ...fields('reference', 'SupervisorKey', { to: 'employee' }),
  ...fields('date', 'DateHired DateRehired DateTerminated'),
  ...fields('text', 'CompanyKey DepartmentKey EmployeeTypeDescription EmployeeTypeNotes'),
  ...fields('decimal', 'BillablePercent'),
  ...fields('flag', 'IsPrincipal IsSupervisor IsProjectManager IsAccountingManager IsMarketingContact'),
].map((field) => ({ ...field, writable: false }))

export const FIELDS: Readonly<Record<RecordType, readonly ErpField[]>> = { project, client, vendor, contact, employee }

const index = new Map<RecordType, ReadonlyMap<string, ErpField>>()

/** The field of that name, a custom one among them; `undefined` for a name that is not in the document. */
export function fieldNamed(type: RecordType, name: string): ErpField | undefined {
  const known = index.get(type) ?? new Map(FIELDS[type].map((field) => [field.name, field]))
  index.set(type, known)
  return name.startsWith(CUSTOM_FIELDS) ? known.get(CUSTOM_FIELDS) : known.get(name)
}
