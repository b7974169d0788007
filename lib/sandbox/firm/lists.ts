import type { ErpKind } from '../erp/store.ts'
import type { Doc } from '../json.ts'
import { erpRow, type Firm, SEED_TIME } from './builder.ts'

/** Types, departments and stages of the ERP. The last client and project types are unknown to the CRM. */
interface Coded {
  readonly description: string
  /** Code in the CRM's table; `null`: the CRM does not know it. */
  readonly code: string | null
}

export const PROJECT_TYPES: readonly Coded[] = [
  { description: 'K-12 Education', code: 'K12' },
  { description: 'Higher Education', code: 'HIED' },
  { description: 'Healthcare', code: 'HLTH' },
  { description: 'Laboratory and Research', code: 'LAB' },
  { description: 'Civic and Municipal', code: 'CIVIC' },
  { description: 'Libraries', code: 'LIBR' },
  { description: 'Commercial Office', code: 'OFFC' },
  { description: 'Multifamily Residential', code: 'MFR' },
  { description: 'Senior Living', code: 'SRLV' },
  { description: 'Hospitality', code: 'HOSP' },
  { description: 'Transportation', code: 'TRANS' },
  { description: 'Water and Wastewater', code: 'WATER' },
  { description: 'Parks and Recreation', code: 'PARK' },
  { description: 'Historic Preservation', code: 'HIST' },
  { description: 'Interiors', code: 'INT' },
  { description: 'Overhead', code: 'OVH' },
  { description: 'Adaptive Reuse', code: null },
  { description: 'Forensic Investigation', code: null },
]

export const CLIENT_TYPES: readonly Coded[] = [
  { description: 'Education', code: 'ED' },
  { description: 'Healthcare', code: 'HC' },
  { description: 'Public Agency', code: 'PUB' },
  { description: 'Developer', code: 'DEV' },
  { description: 'Corporate', code: 'CORP' },
  { description: 'Non-Profit', code: 'NPO' },
  { description: 'Religious', code: 'REL' },
  { description: 'Utility', code: 'UTIL' },
  { description: 'Consultant', code: 'CONS' },
  { description: 'Tribal Government', code: null },
]

const OTHERS: Partial<Record<ErpKind, readonly string[]>> = {
  contactType: ['Owner', 'Contractor', 'Consultant', 'Agency Reviewer'],
  employeeType: ['Full Time', 'Part Time', 'Contract'],
  vendorType: ['Consultant', 'Reprographics', 'Office Supplies', 'Credit Card'],
  company: ['Harbor Lane Architects + Engineers'],
  department: ['Architecture', 'Structural', 'MEP', 'Administration'],
  marketingStage: ['Lead', 'Proposal', 'Interview', 'Awarded', 'Lost'],
  marketingFinalDisposition: ['Won', 'Lost', 'Cancelled'],
}

function addList(firm: Firm, kind: ErpKind, descriptions: readonly string[]): void {
  for (const [index, Description] of descriptions.entries()) {
    firm.erp.push(erpRow(kind, index + 1, SEED_TIME, { Description, Status: 'Active', Notes: '' }))
  }
}

/** Parts of a project: one invoice group, phases below the project. */
export function projectParts(key: number, client: number | null, phases: readonly string[]): Doc {
  const group = key * 10 + 1
  return {
    InvoiceGroups: [{ InvoiceGroupKey: group, Description: 'Invoice group 1', ClientKey: client }],
    Phases: phases.map((Description, index) => ({
      PhaseKey: key * 100 + index + 1,
      ParentKey: key,
      InvoiceGroupKey: group,
      ID: String(index + 1).padStart(2, '0'),
      Description,
    })),
    Resources: [],
  }
}

export function addLists(firm: Firm): void {
  addList(
    firm,
    'projectType',
    PROJECT_TYPES.map((row) => row.description),
  )
  addList(
    firm,
    'clientType',
    CLIENT_TYPES.map((row) => row.description),
  )
  for (const kind of [
    'contactType',
    'employeeType',
    'company',
    'department',
    'marketingStage',
    'marketingFinalDisposition',
  ] as const) {
    addList(firm, kind, OTHERS[kind] ?? [])
  }
  for (const [index, Description] of (OTHERS.vendorType ?? []).entries()) {
    const flags = { VendorTypeIsConsultant: index === 0, VendorTypeIsCreditCard: index === 3 }
    firm.erp.push(erpRow('vendorType', index + 1, SEED_TIME, { Description, Status: 'Active', Notes: '', ...flags }))
  }
}
