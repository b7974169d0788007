import type { Doc } from '../json.ts'
import { type ArgumentKind, argumentsFit, intsOf } from './arguments.ts'
import { type ErpContext, failure, INVALID_DATA, type Outcome, success } from './envelope.ts'
import { type PartyKind, party } from './people.ts'
import { projectNested, projectsFlat, projectTotals } from './shapes.ts'
import { type ErpKind, type ErpRow, readErp } from './store.ts'

/** The Get methods: detail by key. Keys that do not exist are simply missing from the answer. */
const EMPLOYEE_LIMIT = 50

function rowsOf(context: ErpContext, kind: ErpKind, keys: readonly number[]): ErpRow[] {
  return keys.map((key) => readErp(context.database, kind, key)).filter((row) => row !== null)
}

function partiesGet(kind: PartyKind, argument: string, content: string, limit?: number) {
  return (args: Doc, context: ErpContext): Outcome => {
    if (!argumentsFit(args, { [argument]: 'ints' }) || !Array.isArray(args[argument])) return failure(INVALID_DATA)
    const keys = intsOf(args[argument])
    if (limit !== undefined && keys.length > limit) {
      return failure(`No more than ${limit} ${content.toLowerCase()} can be requested at a time.`, -100)
    }
    return success({ [content]: rowsOf(context, kind, keys).map((row) => party(context, kind, row)) })
  }
}

const requested: Readonly<Record<string, ArgumentKind>> = { RequestedProjects: 'ints' }

/** `GetProjects`: the shape depends on the session's version. */
export function getProjects(args: Doc, context: ErpContext, version: 1 | 2): Outcome {
  if (!argumentsFit(args, requested) || !Array.isArray(args.RequestedProjects)) return failure(INVALID_DATA)
  const rows = rowsOf(context, 'project', intsOf(args.RequestedProjects))
  if (version === 2) return success(projectsFlat(context, rows))
  return success({ Projects: rows.map((row) => projectNested(context, row)) })
}

/** `GetProjectTemplates`; its argument really is called RequestedProjects. */
export function getProjectTemplates(args: Doc, context: ErpContext): Outcome {
  if (!argumentsFit(args, requested) || !Array.isArray(args.RequestedProjects)) return failure(INVALID_DATA)
  const rows = rowsOf(context, 'template', intsOf(args.RequestedProjects))
  const templates = rows.map((row) => {
    const {
      ProjectKey,
      SyncToCRM: _sync,
      CreateInCRM: _create,
      CRMFinalSync: _final,
      ...shape
    } = projectNested(context, row)
    return { ProjectTemplateKey: ProjectKey ?? row.key, ...shape }
  })
  return success({ ProjectTemplates: templates })
}

/** `GetProjectTotals`: one key, scalar. Overhead projects have no record, and an entry with ErrorID 0 says so. */
export function getProjectTotals(args: Doc, context: ErpContext): Outcome {
  if (!argumentsFit(args, { RequestedProjectTotals: 'int' })) return failure(INVALID_DATA)
  if (typeof args.RequestedProjectTotals !== 'number') return failure(INVALID_DATA)
  const row = readErp(context.database, 'project', args.RequestedProjectTotals)
  const totals = row ? projectTotals(context, row) : null
  const content = { [context.faults().totalsKey]: totals ? [totals] : [] }
  if (totals) return success(content)
  return { code: 200, errors: [{ ErrorID: 0, ErrorMessage: '' }], content, wrote: false }
}

export const getClients = partiesGet('client', 'RequestedClients', 'Clients')
export const getContacts = partiesGet('contact', 'RequestedContacts', 'Contacts')
export const getEmployees = partiesGet('employee', 'RequestedEmployees', 'Employees', EMPLOYEE_LIMIT)
export const getVendors = partiesGet('vendor', 'RequestedVendors', 'Vendors')
