import { ajeraStamp } from '../clock.ts'
import { type Doc, isDoc, type Json, numberOf, storedDoc, textOf } from '../json.ts'
import type { ErpContext } from './envelope.ts'
import { type ErpKind, type ErpRow, erpName, readTotals } from './store.ts'

/** Projects as GetProjects shows them: nested in version 1, four flat lists in version 2 (ajera-api §6). */

const CONTRACT = {
  HoursBudget: 0,
  LaborCostBudget: 0,
  ExpenseCostBudget: 0,
  ConsultantCostBudget: 0,
  PercentDistribution: 0,
  IsFinalBudget: false,
  BillingType: 'TimeAndExpense',
  RateTableKey: 1,
  RateTableDescription: 'Standard',
  TotalContractAmount: 0,
  LaborContractAmount: 0,
  ExpenseContractAmount: 0,
  ConsultantContractAmount: 0,
  BillLaborAsTE: false,
  BillExpenseAsTE: true,
  BillConsultantAsTE: true,
  LockFee: false,
  ConstructionCost: 0,
  PercentOfConstructionCost: 0,
} as const

const HEAD = {
  ID: '',
  Description: '',
  SyncToCRM: false,
  CreateInCRM: false,
  CRMFinalSync: false,
  Status: 'Active',
  SummarizeBillingGroup: false,
  BillingDescription: '',
} as const

/** Dates and texts that some installations leave out altogether when they are empty (missing = null). */
const OPTIONAL = [
  'EstimatedStartDate',
  'EstimatedCompletionDate',
  'ActualStartDate',
  'ActualCompletionDate',
  'Location',
  'Notes',
  'TaxState',
  'WageTableKey',
] as const

const REST = {
  CompanyKey: 1,
  CompanyDescription: 'Harbor Lane Architects + Engineers',
  BudgetedOverheadRate: 1.65,
  WageTableDescription: '',
  IsCertified: false,
  RestrictTimeEntryToResourcesOnly: false,
  TaxLocal: '',
  SalesTaxCode: null,
  RequireTimesheetNotes: false,
  LaborEntry: true,
  ExpenseConsultantEntry: true,
} as const

const PEOPLE = ['ProjectManager', 'PrincipalInCharge', 'MarketingContact'] as const

function described(context: ErpContext, kind: ErpKind, key: Json | undefined): string | null {
  return typeof key === 'number' ? erpName(context.database, kind, key) : null
}

/** An employee reference as projects carry it. */
function personReference(context: ErpContext, key: Json | undefined): Json {
  if (typeof key !== 'number') return null
  const row = context.database.get("SELECT doc FROM erp WHERE kind = 'employee' AND key = ?", key)
  if (!row) return null
  const { FirstName = '', MiddleName = '', LastName = '' } = storedDoc(String(row.doc))
  return { EmployeeKey: key, FirstName, MiddleName, LastName }
}

const PARTS = new Set(['InvoiceGroups', 'Phases', 'Resources', 'ContactKeys'])

/** The project's own fields, without its parts. Even keys leave empty optional fields out, odd ones show null. */
export function projectHead(context: ErpContext, row: ErpRow): Doc {
  const own: Doc = {}
  for (const [name, value] of Object.entries(row.doc)) if (!PARTS.has(name)) own[name] = value
  const shape: Doc = {
    ProjectKey: row.key,
    LastModifiedDate: ajeraStamp(row.modified),
    ...HEAD,
    ...REST,
    ...CONTRACT,
    ...own,
    ProjectTypeKey: own.ProjectTypeKey ?? null,
    ProjectTypeDescription: described(context, 'projectType', own.ProjectTypeKey),
    DepartmentKey: own.DepartmentKey ?? null,
    DepartmentDescription: described(context, 'department', own.DepartmentKey),
  }
  for (const role of PEOPLE) shape[role] = personReference(context, own[role])
  for (const name of OPTIONAL) {
    if (shape[name] === undefined && row.key % 2 === 1) shape[name] = null
  }
  return shape
}

function parts(row: ErpRow, name: string): Doc[] {
  const list = row.doc[name]
  return Array.isArray(list) ? list.filter(isDoc) : []
}

function invoiceGroup(context: ErpContext, row: ErpRow, group: Doc): Doc {
  return {
    InvoiceFormatKey: 1,
    BillingManager: null,
    HeaderText: '',
    FooterText: '',
    Notes: '',
    ...group,
    ProjectKey: row.key,
    ClientDescription: described(context, 'client', group.ClientKey),
  }
}

function phase(row: ErpRow, doc: Doc): Doc {
  return { ...HEAD, ...CONTRACT, IsBillingGroup: false, ...doc, ProjectKey: row.key }
}

/** Version 2: `Projects`, `InvoiceGroups`, `Phases`, `Resources`, linked by keys. */
export function projectsFlat(context: ErpContext, rows: readonly ErpRow[]): Doc {
  return {
    Projects: rows.map((row) => projectHead(context, row)),
    InvoiceGroups: rows.flatMap((row) => parts(row, 'InvoiceGroups').map((group) => invoiceGroup(context, row, group))),
    Phases: rows.flatMap((row) => parts(row, 'Phases').map((doc) => phase(row, doc))),
    Resources: rows.flatMap((row) => parts(row, 'Resources').map((doc) => ({ ...doc, ProjectKey: row.key }))),
  }
}

function contactReferences(context: ErpContext, row: ErpRow): Json[] {
  const keys = row.doc.ContactKeys
  if (!Array.isArray(keys)) return []
  return keys.flatMap((key, index) => {
    const found = context.database.get("SELECT doc FROM erp WHERE kind = 'contact' AND key = ?", numberOf(key))
    if (!found) return []
    const { FirstName = '', MiddleName = '', LastName = '', Title = '', Company = '' } = storedDoc(String(found.doc))
    return [{ ContactKey: key, Order: index + 1, Text: '', FirstName, MiddleName, LastName, Title, Company }]
  })
}

function nestedPhases(row: ErpRow, parent: number, group: Json | undefined): Json[] {
  return parts(row, 'Phases')
    .filter((doc) => doc.ParentKey === parent && (group === undefined || doc.InvoiceGroupKey === group))
    .map((doc) => ({ ...phase(row, doc), Contacts: [], Phases: nestedPhases(row, numberOf(doc.PhaseKey), undefined) }))
}

/** Version 1: the same nested, with the project's contacts and custom fields as `CF_` members. */
export function projectNested(context: ErpContext, row: ErpRow): Doc {
  const { CustomFields, ...head } = projectHead(context, row)
  const shape: Doc = { ...head }
  if (isDoc(CustomFields)) for (const [name, value] of Object.entries(CustomFields)) shape[`CF_${name}`] = value
  shape.Contacts = contactReferences(context, row)
  shape.InvoiceGroups = parts(row, 'InvoiceGroups').map((group) => ({
    ...invoiceGroup(context, row, group),
    Client: { ClientKey: group.ClientKey ?? null, Description: described(context, 'client', group.ClientKey) },
    Phases: nestedPhases(row, row.key, group.InvoiceGroupKey),
  }))
  return shape
}

const KINDS = ['Spent', 'Cost', 'WIP', 'Billed', 'Received'] as const
const PORTIONS = ['Labor', 'Reimbursable', 'Consultant'] as const

/** Totals under their human labels; `null` where Ajera keeps none (overhead, non-billable). */
export function projectTotals(context: ErpContext, row: ErpRow): Doc | null {
  const totals = readTotals(context.database, row.key)
  if (!totals) return null
  const shape = projectNested(context, row)
  const word = context.faults().totalsWord
  const sum: Record<string, number> = {}
  for (const kind of KINDS) {
    sum[kind] = 0
    for (const portion of PORTIONS) {
      const amount = numberOf(totals[`${kind}${portion}`])
      shape[`${kind} ${portion === 'Reimbursable' ? word : portion}`] = amount
      sum[kind] += Math.round(amount * 100)
    }
    shape[kind === 'Received' ? 'Receipts' : kind] = sum[kind] / 100
  }
  shape['Receivable Balance'] = ((sum.Billed ?? 0) - (sum.Received ?? 0)) / 100
  shape['Hours Worked'] = numberOf(textOf(totals.Hours))
  return shape
}
