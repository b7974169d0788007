import type { FieldMap } from '#lib/sync/field-map'
import { SYSTEM } from './config.ts'
import { type Changes, patchFor } from './patch.ts'
import { refuse } from './refusal.ts'
import type { TemplateParts } from './templates.ts'
import type { WireRow } from './wire.ts'

/**
 * What is taken over from a template. CreateProjects documents description, billing type, rate table and company of the
 * project, description and invoice format of a group, and the description of a phase; that it takes the other members of
 * the same objects as well is inferred (ajera-api §7).
 */
const FROM_PROJECT = ['BillingType', 'RateTableKey', 'CompanyKey', 'DepartmentKey', 'ProjectTypeKey']
const FROM_GROUP = ['Description', 'InvoiceFormatKey', 'HeaderText', 'FooterText', 'Notes']
const FROM_PHASE = [
  'ID',
  'Description',
  'BillingType',
  'RateTableKey',
  'IsBillingGroup',
  'HoursBudget',
  'LaborCostBudget',
  'ExpenseCostBudget',
  'ConsultantCostBudget',
  'TotalContractAmount',
  'LaborContractAmount',
  'ExpenseContractAmount',
  'ConsultantContractAmount',
  'BillLaborAsTE',
  'BillExpenseAsTE',
  'BillConsultantAsTE',
  'LockFee',
  'Notes',
]

function copied(row: WireRow, names: readonly string[]): WireRow {
  const isHeld = (name: string) => ['string', 'number', 'boolean'].includes(typeof row[name])
  return Object.fromEntries(names.filter(isHeld).map((name) => [name, row[name]]))
}

/** Throws {@link RemoteFailure} where the fields alone show that Ajera would not take the project. */
export function checkNewProject(fields: Changes): void {
  if ((fields.Description ?? '').trim() === '') {
    throw refuse('required-field', `${SYSTEM} takes no project without a description.`, 'Description')
  }
  if (!fields.ClientKey) {
    const message = `${SYSTEM} takes no project without a client. Give the project a client that is in ${SYSTEM}.`
    throw refuse('required-field', message, 'ClientKey')
  }
}

/**
 * The arguments of CreateProjects: the fields given, and the invoice groups and phases of the template under new keys.
 * New keys are negative and all different, also across nested records; what refers to one another in the template does
 * so here (ajera-api §7). The project's client goes on every invoice group. Throws {@link RemoteFailure} where the
 * template lacks what a project must have.
 */
export function newProject(fields: Changes, parts: TemplateParts, fieldMap: FieldMap): WireRow {
  const { ClientKey, ID, ...rest } = fields
  const { template, groups, phases } = parts
  const missing = groups.length === 0 ? 'invoice group' : phases.length === 0 ? 'phase' : null
  if (missing !== null) {
    const message = `The ${SYSTEM} template “${template.Description ?? ''}” has no ${missing}, and a project cannot be made without one. Add it to the template, or name another template.`
    throw refuse('required-field', message, missing)
  }
  const own = -1
  const groupKeys = new Map(groups.map(({ key }, index) => [key, own - 1 - index]))
  const phaseKeys = new Map(phases.map(({ key }, index) => [key, own - 1 - groups.length - index]))
  const firstGroup = own - 1
  return {
    CreateType: 'Project',
    Project: {
      BillingType: 'TimeAndExpense',
      ...copied(template, FROM_PROJECT),
      ...patchFor('project', {}, rest, fieldMap),
      ProjectKey: own,
      ...(ID ? { ID } : {}),
    },
    InvoiceGroups: groups.map(({ key, row }) => ({
      ...copied(row, FROM_GROUP),
      InvoiceGroupKey: groupKeys.get(key),
      ClientKey: Number(ClientKey),
    })),
    Phases: phases.map(({ key, parent, group, row }) => ({
      ...copied(row, FROM_PHASE),
      PhaseKey: phaseKeys.get(key),
      ParentKey: phaseKeys.get(parent ?? '') ?? own,
      InvoiceGroupKey: groupKeys.get(group ?? '') ?? firstGroup,
    })),
  }
}
