import type { RunContext } from '#lib/engine/context'
import { findMarkedCrmRecords, type StoredCrmRecord } from '#lib/store/crm-records'
import { database } from '#lib/store/database'
import { findErpNames } from '#lib/store/erp-records'
import { findAmbiguousCrmIds, findNeverMatches, type MatchFinding } from '#lib/store/findings'
import { findOpenIntents } from '#lib/store/intents'
import type { DoneItem, NewItem } from '#lib/store/items'
import { findReturnedCrmIds } from '#lib/store/removals'
import { crmTwinMessage, erpNamesakeMessage, notCreatedInErpMessage } from '#lib/sync/back-messages'
import { type ErpNamesakes, indexErpNames } from '#lib/sync/erp-namesakes'
import type { LogEntry } from '#lib/sync/log-entry'
import { chooseTemplate, newErpName, planErpCreate, type TemplateChoice } from '#lib/sync/plan-create-erp'
import type { ErpTemplate, RemoteFailure } from '#lib/sync/ports'
import { type ProblemCode, problemCodes, problemOfFailure } from '#lib/sync/problems'
import type { CrmRecord, RecordType } from '#lib/sync/records'
import type { Lookups } from '#lib/sync/transform'

/** What the ERP was asked beforehand, since planning calls nobody. */
export interface TakeSources {
  /** The templates for new projects, or why they could not be read; `null`: no project asks for one. */
  readonly templates: readonly ErpTemplate[] | RemoteFailure | null
}

/** What becomes of the records that the CRM marks for the ERP: each is one of the first three. */
export interface ErpCreates {
  readonly items: readonly NewItem[]
  readonly refused: readonly DoneItem[]
  readonly skipped: number
  readonly suggestions: readonly MatchFinding[]
  readonly lines: readonly LogEntry[]
}

interface Planning {
  readonly lookups: Lookups
  readonly sources: TakeSources
  /** Items of the type that stand before these. */
  readonly after: number
}

/** CRM records to create in the ERP (sync-rules §8 step 9, §13.1); those that cannot be, with their reason. */
export async function planErpCreates(context: RunContext, type: RecordType, planning: Planning): Promise<ErpCreates> {
  const records = (await findNewRecords(context, type)).filter(({ record }) => context.selectsCrm(type, record.id))
  const draft = openDraft(context, planning.after)
  if (records.length === 0) return draft.finish()
  const around = await loadSurroundings(context, type)
  for (const stored of records) {
    const { record } = stored
    const keys = around.namesakes.find(record)
    const twin = around.namesakes.reservedBy(record)
    if (around.waiting.has(record.id)) draft.skip()
    else if (keys.length > 0) draft.refuseNamesake(record, around.suggest(record.id, keys))
    else if (twin !== null) draft.refuse(record, crmTwinMessage(context.names, subjectOf(record), twin))
    else if (planCreate(context, stored, planning, draft)) {
      around.namesakes.reserve(record)
    }
  }
  return draft.finish()
}

/** The records that §8 step 9 means: flagged projects and firms, firms of new flagged projects, people of flagged firms. */
async function findNewRecords(context: RunContext, type: RecordType): Promise<StoredCrmRecord[]> {
  const { connectionId } = context.run
  const flagged = (of: RecordType, ids: readonly string[] = []) =>
    findMarkedCrmRecords(connectionId, of, { flagged: true, ids, firmField: null })
  if (type === 'project') return flagged('project')
  if (type === 'client') {
    const field = clientField(context, 'project')
    const named = field === null ? [] : (await flagged('project')).map(({ record }) => record.fields[field] ?? '')
    return flagged('client', named)
  }
  if (type !== 'contact') return []
  return findMarkedCrmRecords(connectionId, type, { flagged: false, ids: [], firmField: clientField(context, type) })
}

/** CRM field that names the firm of a record. */
function clientField(context: RunContext, type: 'project' | 'contact'): string | null {
  const entries = context.ports.fieldMap[type]
  const entry = entries.find(({ transform }) => transform.kind === 'reference' && transform.type === 'client')
  return entry?.crm ?? null
}

interface Surroundings {
  readonly namesakes: ErpNamesakes
  /**
   * CRM ids that are left alone: told as ambiguous already; sent without an answer, so that sending again could make a
   * second copy; back after the CRM had lost them (docs/decisions/0010).
   */
  readonly waiting: ReadonlySet<string>
  /** Of the ERP records with the name, those that may be offered: not what a person has ruled out (§4.10). */
  suggest(crmId: string, erpKeys: readonly string[]): { all: Named[]; offered: Named[] }
}

interface Named {
  readonly key: string
  readonly name: string
}

/** The names that the ERP has already, of records of one type. */
export async function loadErpNames(context: RunContext, type: RecordType): Promise<ErpNamesakes> {
  return indexErpNames(type, await findNames(context, type), context.description.shortName.limit)
}

function findNames(context: RunContext, type: RecordType) {
  const numberField = context.ports.fieldMap[type].find((entry) => entry.role === 'number')?.erp ?? null
  return findErpNames(context.run.connectionId, type, numberField)
}

async function loadSurroundings(context: RunContext, type: RecordType): Promise<Surroundings> {
  const { connectionId } = context.run
  const names = await findNames(context, type)
  const never = await findNeverMatches(database(), connectionId, type)
  const open = await findOpenIntents({ connectionId, type, direction: 'to_erp' })
  const nameOf = new Map(names.map(({ key, name }) => [key, name]))
  const ruledOut = new Set(never.map((pair) => `${pair.erpKey} ${pair.crmId}`))
  return {
    namesakes: indexErpNames(type, names, context.description.shortName.limit),
    waiting: new Set([
      ...(await findAmbiguousCrmIds(database(), connectionId, type)),
      ...open.flatMap((item) => item.crmId ?? []),
      ...(await findReturnedCrmIds({ connectionId, type })),
    ]),
    suggest(crmId, erpKeys) {
      const all = erpKeys.map((key) => ({ key, name: nameOf.get(key) ?? '' }))
      return { all, offered: all.filter(({ key }) => !ruledOut.has(`${key} ${crmId}`)) }
    },
  }
}

/** Whether the record can be created, as far as anybody can tell before the ERP is asked; if not, it is refused here. */
function planCreate(context: RunContext, stored: StoredCrmRecord, planning: Planning, draft: Draft): boolean {
  const { record } = stored
  const entries = context.ports.fieldMap[record.type]
  const problem = (code: ProblemCode, reason: string | null) => {
    draft.refuse(record, notCreatedInErpMessage(context.names, subjectOf(record), { code, reason }))
    return false
  }
  if (record.type === 'project') {
    const template = templateOf(context, record, planning.sources)
    if (!template.ok) return problem(template.code, template.reason)
  }
  const erpFields = context.ports.erp.fields(record.type)
  const plan = planErpCreate({ crm: record, entries, lookups: planning.lookups, erpFields })
  if (plan.lacksClient) return problem(problemCodes.clientMissing, null)
  draft.create(stored, plan.changes)
  return true
}

/** The template of a new project, or why it has none, as a code and a sentence. */
export function templateOf(
  context: RunContext,
  record: CrmRecord,
  { templates }: TakeSources,
): { ok: true; key: string } | { ok: false; code: ProblemCode; reason: string | null } {
  if (templates !== null && !isList(templates)) {
    return { ok: false, code: problemOfFailure(templates.reason, 'read'), reason: templates.message }
  }
  const { defaultTemplate } = context.ports.settings
  const choice = chooseTemplate(record, context.ports.fieldMap.project, defaultTemplate, templates ?? [])
  return choice.ok
    ? { ok: true, key: choice.template.key }
    : { ok: false, code: choice.code, reason: missing(context, choice) }
}

function missing(context: RunContext, choice: Extract<TemplateChoice, { ok: false }>): string | null {
  if (choice.wanted === null) return null
  return `${context.names.erp} has no project template that is called “${choice.wanted}”.`
}

function isList(templates: readonly ErpTemplate[] | RemoteFailure): templates is readonly ErpTemplate[] {
  return Array.isArray(templates)
}

function subjectOf(record: CrmRecord) {
  return { type: record.type, crmId: record.id, name: record.longName || record.name }
}

type Draft = ReturnType<typeof openDraft>

/** Collects what the new records of one type come to. */
function openDraft(context: RunContext, after: number) {
  const items: NewItem[] = []
  const refused: DoneItem[] = []
  const lines: LogEntry[] = []
  const offers = new Map<string, { name: string; crmIds: string[] }>()
  let skipped = 0

  const itemOf = (record: CrmRecord): NewItem => ({
    erpKey: '',
    erpName: newErpName(record, context.description.shortName.limit),
    crmId: record.id,
    action: 'create',
    batch: 1,
    position: after + items.length + refused.length + 1,
  })
  function refuse(record: CrmRecord, line: LogEntry): void {
    lines.push(line)
    refused.push({ ...itemOf(record), outcome: 'failed', problemCode: line.code, message: line.message })
  }

  return {
    skip() {
      skipped += 1
    },
    create({ record, hash }: StoredCrmRecord, changes: NewItem['changes']) {
      items.push({ ...itemOf(record), changes, crmHash: hash })
    },
    refuse,
    refuseNamesake(record: CrmRecord, taken: { all: Named[]; offered: Named[] }) {
      refuse(record, erpNamesakeMessage(context.names, subjectOf(record), taken.all))
      for (const { key, name } of taken.offered) {
        const offer = offers.get(key) ?? { name, crmIds: [] }
        offers.set(key, { ...offer, crmIds: [...offer.crmIds, record.id] })
      }
    },
    finish: (): ErpCreates => ({
      items,
      refused,
      skipped,
      lines,
      suggestions: [...offers].map(([erpKey, { name, crmIds }]) => ({
        erpKey,
        erpName: name,
        kind: 'suggested',
        crmIds,
        erpKeys: [erpKey],
      })),
    }),
  }
}
