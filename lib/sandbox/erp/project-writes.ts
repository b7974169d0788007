import { canonicalJson, type Doc, isDoc, type Json, numberOf, textOf } from '../json.ts'
import { argumentsFit, docsOf } from './arguments.ts'
import {
  type ErpContext,
  failure,
  INVALID_DATA,
  NO_CHANGES,
  type Outcome,
  STALE_BASELINE,
  success,
} from './envelope.ts'
import { projectHead, projectsFlat } from './shapes.ts'
import { type ErpRow, readErp, saveErp } from './store.ts'

/** UpdateProjects (v2, ajera-api §7), and what holds for the values of a new project too. */
const DESCRIPTION_LIMIT = 80
const COMPUTED = new Set([
  'ProjectKey',
  'LastModifiedDate',
  'ProjectTypeDescription',
  'DepartmentDescription',
  'CompanyDescription',
])
const ROLES = new Set(['ProjectManager', 'PrincipalInCharge', 'MarketingContact'])
const STATUSES = new Set(['Preliminary', 'Active', 'Hold', 'WorkHold', 'BillingHold', 'Closed', 'Marketing'])
/** Known members of a project that may be left out of what GetProjects answers. */
const SPARSE = [
  'EstimatedStartDate',
  'EstimatedCompletionDate',
  'ActualStartDate',
  'ActualCompletionDate',
  'Location',
  'Notes',
  'CustomFields',
  'MarketingStageKey',
  'MarketingFinalDispositionKey',
]

function same(a: Json | undefined, b: Json | undefined): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null)
}

/** Stored form of a member: role objects shrink to their key. */
export function stored(name: string, value: Json): Json {
  return ROLES.has(name) && isDoc(value) ? (value.EmployeeKey ?? null) : value
}

export function isValid(context: ErpContext, name: string, value: Json): boolean {
  if (name === 'Description') {
    const text = textOf(value).trim()
    return text !== '' && [...text].length <= DESCRIPTION_LIMIT
  }
  if (name === 'Status') return STATUSES.has(textOf(value))
  if (name === 'SyncToCRM' || name === 'CreateInCRM' || name === 'CRMFinalSync') return typeof value === 'boolean'
  if (!ROLES.has(name) || value === null) return true
  return readErp(context.database, 'employee', numberOf(stored(name, value))) !== null
}

function update(context: ErpContext, sent: Doc, bundle: Doc): ErpRow | string {
  const key = numberOf(sent.ProjectKey)
  const current = readErp(context.database, 'project', key)
  const baseline = docsOf(bundle.Projects).find((doc) => doc.ProjectKey === key)
  if (!current || !baseline) return INVALID_DATA
  const shape = projectHead(context, current)
  for (const [name, value] of Object.entries(baseline)) if (!same(value, shape[name])) return STALE_BASELINE
  const changes: Doc = {}
  for (const [name, value] of Object.entries(sent)) {
    if (COMPUTED.has(name)) continue
    if (!(name in shape) && !SPARSE.includes(name)) return INVALID_DATA
    if (!isValid(context, name, value)) return INVALID_DATA
    if (!same(stored(name, value), stored(name, shape[name] ?? null))) changes[name] = stored(name, value)
  }
  if (Object.keys(changes).length === 0) return NO_CHANGES
  return { ...current, modified: context.now(), doc: { ...current.doc, ...changes } }
}

/** All projects of a call are written, or none: the first problem refuses the call. */
export function updateProjects(args: Doc, context: ErpContext): Outcome {
  const known = { UpdatedProjects: 'docs', UnchangedProjects: 'doc', UseSingleTransaction: 'flag' } as const
  const updated = docsOf(args.UpdatedProjects)
  if (!argumentsFit(args, known) || updated.length === 0 || !isDoc(args.UnchangedProjects)) return failure(INVALID_DATA)
  const rows: ErpRow[] = []
  for (const sent of updated) {
    const row = update(context, sent, args.UnchangedProjects)
    if (typeof row === 'string') return failure(row)
    rows.push(row)
  }
  context.database.transaction(() => {
    for (const row of rows) saveErp(context.database, row)
  })
  return success({ ...projectsFlat(context, rows), NumberOfProjectsUpdated: rows.length }, true)
}
