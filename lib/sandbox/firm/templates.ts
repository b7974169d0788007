import type { Doc } from '../json.ts'
import { erpRow, type Firm, SEED_TIME } from './builder.ts'

/** Project templates of the ERP: flat and nested, with one invoice group and with two, and some that cannot be used. */
export const TEMPLATES = ['Standard Architecture', 'Standard Engineering', 'Master Planning'] as const

/** Made for a project that names none. */
const DEFAULT_TEMPLATE = 'General Services'

interface Phase {
  readonly name: string
  /** Position of its invoice group. */
  readonly group?: number
  readonly below?: readonly Phase[]
}

interface Template {
  readonly description: string
  readonly status?: string
  readonly billing: string
  readonly groups: readonly string[]
  readonly phases: readonly Phase[]
}

const named = (...names: string[]): Phase[] => names.map((name) => ({ name }))

const LIST: readonly Template[] = [
  {
    description: TEMPLATES[0],
    billing: 'FixedFee',
    groups: ['Basic services'],
    phases: named('Design', 'Documents', 'Construction'),
  },
  {
    description: TEMPLATES[1],
    billing: 'PercentComplete',
    groups: ['Basic services', 'Additional services'],
    phases: [
      { name: 'Engineering', below: named('Structural', 'Mechanical', 'Electrical') },
      { name: 'Site Visits', group: 1, below: [{ name: 'Travel', group: 1 }] },
    ],
  },
  {
    description: TEMPLATES[2],
    billing: 'TimeAndExpense',
    groups: ['Planning'],
    phases: [
      {
        name: 'Plan',
        below: [{ name: 'Survey', below: [{ name: 'Field', below: [{ name: 'Team A', below: named('Day 1') }] }] }],
      },
      { name: 'Public Meetings' },
    ],
  },
  { description: DEFAULT_TEMPLATE, billing: 'TimeAndExpense', groups: ['Services'], phases: named('Services') },
  { description: 'Marketing Shell', billing: 'Marketing', groups: ['Pursuit'], phases: [] },
  { description: 'Billing Shell', billing: 'FixedFee', groups: [], phases: [] },
  {
    description: 'Standard Architecture 2012',
    status: 'Closed',
    billing: 'FixedFee',
    groups: ['Basic services'],
    phases: named('Design'),
  },
]

function phasesOf(key: number, list: readonly Phase[]): Doc[] {
  const rows: Doc[] = []
  const add = (phase: Phase, parent: number): void => {
    const own = key * 100 + rows.length + 1
    rows.push({
      PhaseKey: own,
      ParentKey: parent,
      InvoiceGroupKey: key * 10 + (phase.group ?? 0) + 1,
      ID: String(rows.length + 1).padStart(2, '0'),
      Description: phase.name,
    })
    for (const child of phase.below ?? []) add(child, own)
  }
  for (const phase of list) add(phase, key)
  return rows
}

export function addTemplates(firm: Firm): void {
  for (const [index, template] of LIST.entries()) {
    const key = index + 1
    const groups = template.groups.map((Description, position) => ({
      InvoiceGroupKey: key * 10 + position + 1,
      Description,
      ClientKey: null,
      InvoiceFormatKey: position + 1,
    }))
    const doc: Doc = {
      ID: `T${key}`,
      Description: template.description,
      Status: template.status ?? 'Active',
      BillingType: template.billing,
      InvoiceGroups: groups,
      Phases: phasesOf(key, template.phases),
      Resources: [],
    }
    firm.erp.push(erpRow('template', key, SEED_TIME, doc))
  }
}
