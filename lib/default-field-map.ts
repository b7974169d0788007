import type { FieldMap, FieldMapEntry, FieldOwner, FieldTransform } from './sync/field-map.ts'

/**
 * The default field map of `spec/fields.md`, Ajera → Vantagepoint, one table per type. Data, not code: the rules of
 * `lib/sync` read it, the adapters deliver and accept exactly these names.
 */

const text: FieldTransform = { kind: 'text' }
const memo: FieldTransform = { kind: 'memo' }
const date: FieldTransform = { kind: 'date' }
const money: FieldTransform = { kind: 'decimal', places: 2 }
const activeInactive: FieldTransform = { kind: 'values', values: { Active: 'A', Inactive: 'I' } }
const employment: FieldTransform = { kind: 'values', values: { Active: 'A', Inactive: 'I', Terminated: 'T' } }

const projectStatus: FieldTransform = {
  kind: 'values',
  // Of those that mean the same in the CRM, the first is what a CRM value becomes in the ERP.
  values: {
    Active: 'A',
    Preliminary: 'A',
    Marketing: 'A',
    Hold: 'I',
    WorkHold: 'I',
    BillingHold: 'I',
    Closed: 'D',
  },
}

const country: FieldTransform = {
  kind: 'listed-name',
  table: 'Country',
  values: {
    USA: 'United States',
    'U.S.A.': 'United States',
    US: 'United States',
    'United States of America': 'United States',
    UK: 'United Kingdom',
    'U.K.': 'United Kingdom',
    'Great Britain': 'United Kingdom',
  },
}

function entry(
  erp: string,
  crm: string,
  owner: FieldOwner,
  transform: FieldTransform,
  label: string,
  role?: FieldMapEntry['role'],
): FieldMapEntry {
  return role ? { erp, crm, owner, transform, label, role } : { erp, crm, owner, transform, label }
}

const totals = ['Spent', 'Cost', 'WIP', 'Billed', 'Received'].flatMap((kind) =>
  ['Labor', 'Reimbursable', 'Consultant'].map((part) =>
    entry(`${kind}${part}`, `Ajera${kind}${part}`, 'erp', money, `${kind} ${part.toLowerCase()}`, 'total'),
  ),
)

const firmDetails = [
  entry('Email', 'PrimaryEmail', 'shared', text, 'E-mail'),
  entry('Website', 'WebSite', 'shared', text, 'Website'),
  entry('Notes', 'Memo', 'shared', memo, 'Notes'),
  entry('PrimaryAddressLineOne', 'Address1', 'shared', text, 'Address line 1'),
  entry('PrimaryAddressLineTwo', 'Address2', 'shared', text, 'Address line 2'),
  entry('PrimaryAddressLineThree', 'Address3', 'shared', text, 'Address line 3'),
  entry('City', 'City', 'shared', text, 'City'),
  entry('State', 'State', 'shared', text, 'State'),
  entry('Zip', 'Zip', 'shared', text, 'Zip'),
  entry('Country', 'Country', 'shared', country, 'Country'),
  entry('PrimaryPhoneNumber', 'Phone', 'shared', text, 'Phone'),
  entry('FaxNumber', 'FAX', 'shared', text, 'Fax'),
]

export const defaultFieldMap: FieldMap = {
  project: [
    entry('ID', 'WBS1', 'create', text, 'Project number', 'number'),
    entry('Description', 'Name', 'erp', { kind: 'short-name' }, 'Name'),
    entry('Description', 'LongName', 'erp', { kind: 'long-name' }, 'Long name'),
    entry('Status', 'Status', 'erp', projectStatus, 'Status'),
    entry('ProjectTypeDescription', 'ProjectType', 'erp', { kind: 'code', table: 'ProjectType' }, 'Project type'),
    entry('ClientKey', 'ClientID', 'erp', { kind: 'reference', type: 'client' }, 'Client'),
    entry('ProjectManager', 'ProjMgr', 'erp', { kind: 'reference', type: 'employee' }, 'Project manager'),
    entry('PrincipalInCharge', 'Principal', 'erp', { kind: 'reference', type: 'employee' }, 'Principal in charge'),
    entry(
      'MarketingContact',
      'MarketingCoordinator',
      'erp',
      { kind: 'reference', type: 'employee' },
      'Marketing contact',
    ),
    entry('StartDate', 'StartDate', 'erp', date, 'Start date'),
    entry('EstimatedCompletionDate', 'EstCompletionDate', 'erp', date, 'Estimated completion'),
    entry('ActualCompletionDate', 'ActCompletionDate', 'erp', date, 'Actual completion'),
    entry('TotalContractAmount', 'Fee', 'erp', money, 'Contract amount'),
    entry('ConsultantContractAmount', 'ConsultFee', 'erp', money, 'Consultant contract amount'),
    entry('ExpenseContractAmount', 'ReimbAllow', 'erp', money, 'Expense contract amount'),
    entry('ConstructionCost', 'TotalProjectCost', 'erp', money, 'Construction cost'),
    entry('Notes', 'Memo', 'shared', memo, 'Notes'),
    ...totals,
    entry('SyncToCRM', 'AjeraSync', 'shared', { kind: 'flag' }, 'Sync to CRM', 'sync-flag'),
    entry('', 'ProjectTemplate', 'crm', text, 'Project template', 'template'),
    entry('', 'Stage', 'crm', text, 'Stage', 'read-only'),
    entry('', 'Probability', 'crm', text, 'Probability', 'read-only'),
    entry('', 'Revenue', 'crm', money, 'Revenue', 'read-only'),
  ],
  client: [
    entry('Description', 'Name', 'erp', text, 'Name'),
    entry('Status', 'Status', 'erp', activeInactive, 'Status'),
    entry('ClientTypeDescription', 'Type', 'erp', { kind: 'code', table: 'FirmType' }, 'Client type'),
    ...firmDetails,
  ],
  // A consultant: a vendor-type firm, apart from any client firm of the same name.
  vendor: [
    entry('Name', 'Name', 'erp', text, 'Name'),
    entry('Status', 'Status', 'erp', activeInactive, 'Status'),
    ...firmDetails,
  ],
  contact: [
    entry('FirstName', 'FirstName', 'shared', text, 'First name'),
    entry('MiddleName', 'MiddleName', 'shared', text, 'Middle name'),
    entry('LastName', 'LastName', 'shared', text, 'Last name'),
    entry('Title', 'Title', 'shared', text, 'Title'),
    entry('Email', 'Email', 'shared', text, 'E-mail'),
    entry('PrimaryPhoneNumber', 'Phone', 'shared', text, 'Phone'),
    entry('SecondaryPhoneNumber', 'CellPhone', 'shared', text, 'Mobile phone'),
    entry('Fax', 'Fax', 'shared', text, 'Fax'),
    entry('PrimaryAddressLineOne', 'Address1', 'shared', text, 'Address line 1'),
    entry('PrimaryAddressLineTwo', 'Address2', 'shared', text, 'Address line 2'),
    entry('PrimaryAddressLineThree', 'Address3', 'shared', text, 'Address line 3'),
    entry('City', 'City', 'shared', text, 'City'),
    entry('State', 'State', 'shared', text, 'State'),
    entry('Zip', 'Zip', 'shared', text, 'Zip'),
    entry('Country', 'Country', 'shared', country, 'Country'),
    entry('ContactClientKey', 'ClientID', 'erp', { kind: 'reference', type: 'client' }, 'Client'),
    entry('Status', 'ContactStatus', 'erp', activeInactive, 'Status'),
    entry('Notes', 'Memo', 'shared', memo, 'Notes'),
  ],
  employee: [
    entry('FirstName', 'FirstName', 'erp', text, 'First name'),
    entry('MiddleName', 'MiddleName', 'erp', text, 'Middle name'),
    entry('LastName', 'LastName', 'erp', text, 'Last name'),
    entry('Title', 'Title', 'erp', text, 'Title'),
    entry('Email', 'EMail', 'erp', text, 'E-mail'),
    entry('PrimaryPhoneNumber', 'WorkPhone', 'erp', text, 'Work phone'),
    entry('SecondaryPhoneNumber', 'MobilePhone', 'erp', text, 'Mobile phone'),
    entry('Status', 'Status', 'erp', employment, 'Status'),
    entry('DateHired', 'HireDate', 'erp', date, 'Hired'),
    entry('DateTerminated', 'TerminationDate', 'erp', date, 'Terminated'),
    entry('SupervisorKey', 'Supervisor', 'erp', { kind: 'reference', type: 'employee' }, 'Supervisor'),
  ],
}
