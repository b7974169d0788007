import { type Doc, isDoc, type Json, numberOf, textOf } from '../json.ts'
import { argumentsFit, docsOf } from './arguments.ts'
import { type ErpContext, failure, INVALID_DATA, type Outcome, success } from './envelope.ts'
import { isValid, stored } from './project-writes.ts'
import { projectsFlat } from './shapes.ts'
import { type ErpRow, nextErpKey, readErp, saveErp } from './store.ts'

/** CreateProjects (v2, ajera-api §7): a project with its invoice groups and phases in one call. */

/** New records carry negative keys, all different, also across nested records (ajera-api §7). */
function newKeysFit(project: Doc, groups: readonly Doc[], phases: readonly Doc[]): boolean {
  const own = [project.ProjectKey, ...groups.map((g) => g.InvoiceGroupKey), ...phases.map((p) => p.PhaseKey)]
  const keys = own.filter((key) => typeof key === 'number')
  return keys.every((key) => key < 0) && new Set(keys).size === keys.length
}

const DEEPEST = 5

/** What a phase names as its parent and group is in the same call; phases nest up to five levels (D). */
function referencesFit(project: Doc, groups: readonly Doc[], phases: readonly Doc[]): boolean {
  const groupKeys = new Set(groups.map((group) => group.InvoiceGroupKey))
  const parents = new Map(phases.map((phase) => [phase.PhaseKey, phase.ParentKey]))
  const isTop = (parent: Json | undefined) => parent === undefined || parent === null || parent === project.ProjectKey
  return phases.every((phase) => {
    const group = phase.InvoiceGroupKey ?? null
    if (group !== null && !groupKeys.has(group)) return false
    let depth = 1
    for (let parent = phase.ParentKey; !isTop(parent); parent = parents.get(parent)) {
      depth += 1
      if (!parents.has(parent) || depth > DEEPEST) return false
    }
    return true
  })
}

function idTaken(context: ErpContext, id: string): boolean {
  const sql = "SELECT 1 AS found FROM erp WHERE kind = 'project' AND lower(id) = lower(?) LIMIT 1"
  return id !== '' && context.database.get(sql, id) !== undefined
}

function numberedParts(key: number, groups: readonly Doc[], phases: readonly Doc[]): { groups: Doc[]; phases: Doc[] } {
  const groupKeys = new Map<number, number>()
  const numberedGroups = groups.map((group, index) => {
    const own = key * 10 + index + 1
    groupKeys.set(numberOf(group.InvoiceGroupKey), own)
    return { ...group, InvoiceGroupKey: own }
  })
  const firstGroup = key * 10 + 1
  const phaseKeys = new Map(phases.map((doc, index) => [numberOf(doc.PhaseKey), key * 100 + index + 1]))
  const numberedPhases = phases.map((doc, index) => ({
    ...doc,
    PhaseKey: key * 100 + index + 1,
    ParentKey: (typeof doc.ParentKey === 'number' ? phaseKeys.get(doc.ParentKey) : undefined) ?? key,
    InvoiceGroupKey: groupKeys.get(numberOf(doc.InvoiceGroupKey)) ?? firstGroup,
  }))
  return { groups: numberedGroups, phases: numberedPhases }
}

/** A project cannot be made without an invoice group and a phase (D). That no ID is given twice is I, as is the text. */
export function createProjects(args: Doc, context: ErpContext): Outcome {
  const known = {
    CreateType: 'text',
    Project: 'doc',
    InvoiceGroups: 'docs',
    Phases: 'docs',
    Resources: 'docs',
  } as const
  const [groups, phases] = [docsOf(args.InvoiceGroups), docsOf(args.Phases)]
  const project = args.Project
  if (!argumentsFit(args, known) || args.CreateType !== 'Project' || !isDoc(project)) return failure(INVALID_DATA)
  if (groups.length === 0 || phases.length === 0) return failure(INVALID_DATA)
  if (!newKeysFit(project, groups, phases) || !referencesFit(project, groups, phases)) return failure(INVALID_DATA)
  const named = [project, ...phases].every((doc) => isValid(context, 'Description', doc.Description ?? ''))
  const billed = groups.every(
    (group) => typeof group.ClientKey === 'number' && readErp(context.database, 'client', group.ClientKey) !== null,
  )
  if (!named || !billed) return failure(INVALID_DATA)
  const id = textOf(project.ID).trim()
  if (idTaken(context, id)) return failure(`Project ID ${id} already exists.`)

  const key = nextErpKey(context.database, 'project')
  const parts = numberedParts(key, groups, phases)
  const { ProjectKey: _sent, ...members } = project
  const own = Object.fromEntries(Object.entries(members).map(([name, value]) => [name, stored(name, value)]))
  const row: ErpRow = {
    kind: 'project',
    key,
    modified: context.now(),
    origin: 'api',
    doc: {
      Status: 'Active',
      ...own,
      InvoiceGroups: parts.groups,
      Phases: parts.phases,
      Resources: [],
      ContactKeys: [],
    },
  }
  context.database.transaction(() => saveErp(context.database, row))
  const content = projectsFlat(context, [row])
  return success({ ...content, OriginalProjectKey: project.ProjectKey ?? null }, true)
}
