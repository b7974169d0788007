import { z } from 'zod'
import { plainText, referenceText } from '#lib/http/json-values'
import type { CallOptions, ErpTemplate } from '#lib/sync/ports'
import type { AjeraClient } from './client.ts'
import { unreadable } from './errors.ts'
import { listRows } from './list.ts'
import { type WireRow, wireRow } from './wire.ts'

/** ajera-api §4; the argument of the Get really is called RequestedProjects. */
export const TEMPLATE_METHODS = {
  version: 1,
  list: 'ListProjectTemplates',
  get: 'GetProjectTemplates',
  requested: 'RequestedProjects',
  rows: 'ProjectTemplates',
  key: 'ProjectTemplateKey',
  // Templates are filtered like projects. What is closed is out of use; which of the others occur is not documented.
  statuses: ['Preliminary', 'Active', 'Hold', 'WorkHold', 'BillingHold', 'Marketing'],
} as const

/** What a project is made of besides itself, by the template's own keys. */
export interface TemplateParts {
  readonly template: WireRow
  readonly groups: readonly { readonly key: string; readonly row: WireRow }[]
  /** In the order in which a parent stands before its children. `parent` and `group` are `null` where none is named. */
  readonly phases: readonly TemplatePhase[]
}

export interface TemplatePhase {
  readonly key: string
  readonly parent: string | null
  readonly group: string | null
  readonly row: WireRow
}

export interface AjeraTemplates {
  /** Templates in use, in the order of the list. */
  list(options: CallOptions): Promise<ErpTemplate[]>
  /** One template with its parts; `null` when there is none with this key. */
  parts(key: string, options: CallOptions): Promise<TemplateParts | null>
}

const content = z.object({
  ProjectTemplates: z.array(wireRow).nullish(),
  Projects: z.array(wireRow).nullish(),
  InvoiceGroups: z.array(wireRow).nullish(),
  Phases: z.array(wireRow).nullish(),
})

function rowsOf(value: unknown): WireRow[] {
  return z.array(wireRow).safeParse(value).data ?? []
}

/** Nested phases as one list; a phase that lies in another or in a group need not name it. */
function flattened(rows: readonly WireRow[], parent: string | null, group: string | null): TemplatePhase[] {
  return rows.flatMap((row) => {
    const key = referenceText(row.PhaseKey)
    if (key === null) return []
    const own = { key, parent, group, row }
    return [own, ...flattened(rowsOf(row.Phases), key, group)]
  })
}

function groupsOf(rows: readonly WireRow[]): TemplateParts['groups'] {
  return rows.flatMap((row) => {
    const key = referenceText(row.InvoiceGroupKey)
    return key === null ? [] : [{ key, row }]
  })
}

/** Parents first, whatever the order of the answer; a phase whose parent is not in the list hangs below the project. */
function parentsFirst(phases: readonly TemplatePhase[]): TemplatePhase[] {
  const known = new Set(phases.map(({ key }) => key))
  const placed = new Set<string>()
  const ordered: TemplatePhase[] = []
  for (let left = phases; left.length > 0; ) {
    const ready = left.filter(({ parent }) => parent === null || !known.has(parent) || placed.has(parent))
    if (ready.length === 0) return ordered
    for (const phase of ready) placed.add(phase.key)
    ordered.push(...ready)
    left = left.filter(({ key }) => !placed.has(key))
  }
  return ordered
}

/**
 * Both shapes that projects come in: nested in the template (version 1), or in flat lists beside it (version 2). Which
 * of them GetProjectTemplates answers is not documented.
 *
 * @returns `null` when the answer holds no template, `undefined` when it has another shape.
 */
export function templatePartsFrom(answer: unknown): TemplateParts | null | undefined {
  const parsed = content.safeParse(answer)
  if (!parsed.success) return undefined
  const { ProjectTemplates, Projects, InvoiceGroups, Phases } = parsed.data
  const list = ProjectTemplates ?? Projects
  if (!list) return undefined
  const [template] = list
  if (!template) return null
  if (Array.isArray(template.InvoiceGroups)) {
    const groups = groupsOf(rowsOf(template.InvoiceGroups))
    const phases = groups.flatMap(({ key, row }) => flattened(rowsOf(row.Phases), null, key))
    return { template, groups, phases }
  }
  const phases = (Phases ?? []).flatMap((row): TemplatePhase[] => {
    const key = referenceText(row.PhaseKey)
    if (key === null) return []
    return [{ key, parent: referenceText(row.ParentKey), group: referenceText(row.InvoiceGroupKey), row }]
  })
  return { template, groups: groupsOf(InvoiceGroups ?? []), phases: parentsFirst(phases) }
}

export function createTemplates(client: AjeraClient): AjeraTemplates {
  return {
    async list(options) {
      const rows = await listRows(client, TEMPLATE_METHODS, {}, options)
      return rows.map((row) => ({
        key: String(row[TEMPLATE_METHODS.key]),
        description: plainText(row.Description) ?? '',
      }))
    },
    async parts(key, options) {
      const { version, get: method, requested } = TEMPLATE_METHODS
      const args = { [requested]: [Number(key)] }
      const { content: answer } = await client.call({ version, method, args, slow: true, signal: options.signal })
      const parts = templatePartsFrom(answer)
      if (parts === undefined) throw unreadable(method, 'templates in an unknown shape')
      return parts
    },
  }
}
