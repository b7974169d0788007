import { randomUUID } from 'node:crypto'
import { crmStamp } from '../clock.ts'
import type { Hub } from '../faults.ts'
import type { Answer } from '../gate.ts'
import { type Doc, type Json, textOf } from '../json.ts'
import { syncPrimaryEmail } from './addresses.ts'
import { invalid, notFound, okAnswer, refusal } from './answers.ts'
import { type Column, columnsOf, HUB_INFO } from './columns.ts'
import { duplicates } from './duplicates.ts'
import { numberFor } from './numbering.ts'
import { present, selectColumns } from './present.ts'
import type { Params } from './reads.ts'
import { type CrmContext, type CrmRow, crmExists, deleteCrm, readCrm, saveCrm, wbsKey } from './store.ts'
import { badReferences, missingFields, toStored, truncation } from './values.ts'

/** POST, PUT and DELETE on the hubs (vantagepoint-api §7). Each call is its own transaction. */
export interface WriteCall {
  readonly hub: Hub
  readonly body: Doc
  readonly params: Params
  readonly user: string
  /** Address of the hub, for `Location`. */
  readonly location: string
}

type Prepared = { readonly values: Doc; readonly sent: ReadonlySet<string> } | { readonly refused: Answer }

const STAMPS = new Set(['CreateUser', 'CreateDate', 'ModUser', 'ModDate'])

/** The body under the columns' own names, values as stored. One unknown property refuses the whole request. */
function prepare(context: CrmContext, hub: Hub, body: Doc): Prepared {
  const columns = columnsOf(hub, context.faults())
  const values: Doc = {}
  const sent = new Set<string>()
  const unknown: string[] = []
  const problems: string[] = []
  for (const [name, value] of Object.entries(body)) {
    const column = columns.get(name.toLowerCase())
    if (!column || typeof value === 'object') {
      if (value === null && column) store(column, null, values, sent, problems)
      else if (context.faults().strictUnknownFields) unknown.push(`Field ${name} does not exist`)
    } else if (!column.readOnly && !STAMPS.has(column.name)) store(column, value, values, sent, problems)
  }
  const all = [...unknown, ...problems]
  return all.length > 0 ? { refused: invalid(context, all) } : { values, sent }
}

function store(column: Column, value: Json, values: Doc, sent: Set<string>, problems: string[]): void {
  const stored = toStored(column, value)
  if (!stored.ok) problems.push(stored.problem)
  else {
    values[column.name] = stored.value
    sent.add(column.name)
  }
}

function relationshipMissing(context: CrmContext, hub: Hub, doc: Doc): boolean {
  if (hub !== 'firm' || !context.faults().requireRelationship) return false
  return !['ClientInd', 'VendorInd', 'Competitor', 'GovernmentAgency', 'Type'].some(
    (name) => doc[name] !== undefined && doc[name] !== '' && doc[name] !== 'N',
  )
}

/** What the whole record lacks, whatever was sent; lengths come last, from the database itself. */
function refuseRecord(context: CrmContext, call: WriteCall, doc: Doc, sent: ReadonlySet<string>): Answer | null {
  const { hub, params } = call
  const faults = context.faults()
  const columns = [...columnsOf(hub, faults).values()]
  const checksRequired = params.get('requiredfieldvalidation')?.toUpperCase() !== 'N'
  const problems = checksRequired ? missingFields(hub, columns, doc, faults) : []
  if (checksRequired && relationshipMissing(context, hub, doc))
    problems.push('Please provide a Relationship for table Firm')
  problems.push(...badReferences(context, columns, doc, sent))
  if (problems.length > 0) return invalid(context, problems)
  const tooLong = truncation(HUB_INFO[hub].table, columns, doc, faults)
  return tooLong === null ? null : refusal(context, 500, [tooLong])
}

function answerRecord(context: CrmContext, call: WriteCall, row: CrmRow, created: boolean): Answer {
  const selection = selectColumns(context, call.hub, call.params.get('fieldfilter') ?? null)
  const columns = selection.ok ? selection.columns : columnsOf(call.hub, context.faults()).values()
  const record = present(context, row, columns)
  const body: Json = context.faults().writeAnswer === 'array' ? [record] : record
  const answer = okAnswer(body, true)
  if (!created) return answer
  const late = Date.now() < row.numberedFrom && HUB_INFO[call.hub].number === HUB_INFO[call.hub].key
  const location = late ? call.location : `${call.location}/${encodeURIComponent(row.key)}`
  return { ...answer, status: 201, headers: { 'Content-Type': 'application/json; charset=utf-8', Location: location } }
}

function initialValues(context: CrmContext, hub: Hub): Doc {
  const doc: Doc = {}
  for (const { name, initial } of columnsOf(hub, context.faults()).values()) if (initial !== '') doc[name] = initial
  if (hub === 'project') {
    doc.WBS2 = ' '
    doc.WBS3 = ' '
  }
  return doc
}

const newId = (): string => randomUUID().replaceAll('-', '').toUpperCase()

/** Key of the record to be: chosen by the caller, by the numbering, or by the server. */
function withKey(context: CrmContext, hub: Hub, doc: Doc): { doc: Doc; assigned: boolean } | { problem: string } {
  const { key, number } = HUB_INFO[hub]
  const isPhase = hub === 'project' && textOf(doc.WBS2).trim() !== ''
  if (isPhase) return { doc, assigned: false }
  const numbered = numberFor(context.database, hub, context.faults().autoNumber[hub], doc)
  if (!numbered.ok) return { problem: numbered.problem }
  const result: Doc = { ...doc }
  if (number !== null && numbered.number !== '') result[number] = numbered.number
  if (textOf(result[key]).trim() === '') result[key] = newId()
  result[key] = textOf(result[key]).trim()
  return { doc: result, assigned: numbered.assigned }
}

function parentMissing(context: CrmContext, doc: Doc): string | null {
  if (textOf(doc.WBS2).trim() === '') return null
  const parent = wbsKey(textOf(doc.WBS3).trim() === '' ? { WBS1: doc.WBS1 ?? '' } : { ...doc, WBS3: '' })
  return crmExists(context.database, 'project', parent) ? null : `Record ${parent} does not exist`
}

export function createRecord(context: CrmContext, call: WriteCall): Answer {
  const { hub } = call
  const prepared = prepare(context, hub, call.body)
  if ('refused' in prepared) return prepared.refused
  return context.database.transaction(() => {
    const keyed = withKey(context, hub, { ...initialValues(context, hub), ...prepared.values })
    if ('problem' in keyed) return invalid(context, [keyed.problem])
    const now = context.now()
    const stamp = crmStamp(now)
    const doc: Doc = { ...keyed.doc, CreateUser: call.user, CreateDate: stamp, ModUser: call.user }
    if (hub === 'project' && textOf(doc.LongName) === '') doc.LongName = doc.Name ?? ''
    const key = hub === 'project' ? wbsKey(doc) : textOf(doc[HUB_INFO[hub].key])
    const problem = hub === 'project' ? parentMissing(context, doc) : null
    const taken = problem ? [problem] : duplicates(context, hub, key, doc, null)
    if (taken.length > 0) return invalid(context, taken)
    const refused = refuseRecord(context, call, doc, prepared.sent)
    if (refused) return refused
    const faults = context.faults()
    const late = keyed.assigned && faults.autoNumber[hub] === 'late'
    const row: CrmRow = {
      ...{ hub, key, modified: stamp, origin: 'api', doc },
      listedFrom: Date.now() + faults.searchLagMs,
      numberedFrom: late ? Date.now() + faults.lateNumberMs : 0,
    }
    saveCrm(context.database, row, faults.externalKeyField)
    if (hub === 'firm') syncPrimaryEmail(context, key, doc, prepared.sent)
    return answerRecord(context, call, row, true)
  })
}

/** PUT behaves like PATCH, but the whole record is validated again (D, L). */
export function updateRecord(context: CrmContext, call: WriteCall, key: string): Answer {
  const { hub } = call
  const current = readCrm(context.database, hub, key)
  if (!current) return notFound(context, `Record ${key}`)
  const prepared = prepare(context, hub, call.body)
  if ('refused' in prepared) return prepared.refused
  return context.database.transaction(() => {
    const { key: keyColumn } = HUB_INFO[hub]
    const doc: Doc = { ...current.doc, ...prepared.values, ModUser: call.user }
    const newKey = hub === 'project' ? wbsKey(doc) : textOf(doc[keyColumn]).trim()
    if (newKey.toLowerCase() !== current.key.toLowerCase()) {
      return invalid(context, [`${keyColumn} ${current.key} cannot be changed`])
    }
    const taken = duplicates(context, hub, current.key, doc, current.key)
    if (taken.length > 0) return invalid(context, taken)
    const refused = refuseRecord(context, call, doc, prepared.sent)
    if (refused) return refused
    const row: CrmRow = { ...current, modified: crmStamp(context.now()), doc }
    saveCrm(context.database, row, context.faults().externalKeyField)
    if (hub === 'firm') syncPrimaryEmail(context, current.key, doc, prepared.sent)
    return answerRecord(context, call, row, false)
  })
}

export function deleteRecord(context: CrmContext, hub: Hub, key: string): Answer {
  return deleteCrm(context.database, hub, key) ? okAnswer([], true) : notFound(context, `Record ${key}`)
}
