import { z } from 'zod'
import { crmStamp } from './clock.ts'
import { columnsOf, HUB_INFO } from './crm/columns.ts'
import {
  type CrmContext,
  type CrmRow,
  deleteCrm,
  readAddresses,
  readCrm,
  saveAddress,
  saveCrm,
  wbsKey,
} from './crm/store.ts'
import { readMeta, writeMeta } from './database.ts'
import type { ErpContext } from './erp/envelope.ts'
import { deleteErp, ERP_KINDS, nextErpKey, readErp, readTotals, saveErp, saveTotals } from './erp/store.ts'
import { HUBS } from './faults.ts'
import { movedTotals } from './firm/amounts.ts'
import { NOTES } from './firm/names.ts'
import { type Doc, type Json, textOf } from './json.ts'
import { createRandom } from './random.ts'

/** What somebody at the keyboard of either system does meanwhile: edits, deletions, new records, days of work. */
const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
)
const fields = z.record(z.string(), json)
const erp = { side: z.literal('erp'), type: z.enum(ERP_KINDS) }
const crm = { side: z.literal('crm'), type: z.enum(HUBS) }
const size = { projects: z.int(), clients: z.int(), contacts: z.int(), employees: z.int() }

export const actionSchema = z.union([
  z.strictObject({ action: z.literal('edit'), ...erp, key: z.int(), fields }),
  z.strictObject({ action: z.literal('edit'), ...crm, key: z.string(), fields }),
  /** The primary address of a firm. */
  z.strictObject({ action: z.literal('edit-address'), client: z.string(), fields }),
  /** Totals by canonical name (`SpentLabor`…); null: the project keeps none from now on. */
  z.strictObject({
    action: z.literal('set-totals'),
    key: z.int(),
    totals: z.record(z.string(), z.number()).nullable(),
  }),
  z.strictObject({ action: z.literal('delete'), ...erp, key: z.int() }),
  z.strictObject({ action: z.literal('delete'), ...crm, key: z.string() }),
  z.strictObject({ action: z.literal('add'), ...erp, fields }),
  z.strictObject({ action: z.literal('add'), ...crm, fields }),
  z.strictObject({ action: z.literal('advance'), days: z.int().min(1).max(3660) }),
  z.strictObject({ action: z.literal('drop-sessions'), side: z.enum(['erp', 'crm', 'both']) }),
  z.strictObject({ action: z.literal('reset'), seed: z.int().optional(), ...z.object(size).partial().shape }),
])
export type Action = z.infer<typeof actionSchema>
type Erp = Extract<Action, { side: 'erp'; type: string }>
type Crm = Extract<Action, { side: 'crm'; type: string }>

/** `key` of the record concerned, `count` of records changed. */
export type ActionResult =
  | { readonly ok: true; readonly key: string | null; readonly count: number }
  | { readonly ok: false; readonly problem: string }

const done = (key: string | number | null, count = 1): ActionResult => ({
  ok: true,
  key: key === null ? null : String(key),
  count,
})
const refused = (problem: string): ActionResult => ({ ok: false, problem })

const KEYBOARD_USER = 'KEYBOARD'

export function onErp(context: ErpContext, action: Erp): ActionResult {
  const { database } = context
  if (action.action === 'delete') {
    return deleteErp(database, action.type, action.key)
      ? done(action.key)
      : refused(`There is no ${action.type} ${action.key}.`)
  }
  if (action.action === 'add') {
    const key = nextErpKey(database, action.type)
    const doc: Doc = { Status: 'Active', ...action.fields }
    saveErp(database, { kind: action.type, key, modified: context.now(), origin: 'control', doc })
    return done(key)
  }
  const current = readErp(database, action.type, action.key)
  if (!current) return refused(`There is no ${action.type} ${action.key}.`)
  saveErp(database, { ...current, modified: context.now(), doc: { ...current.doc, ...action.fields } })
  return done(action.key)
}

export function onCrm(context: CrmContext, action: Crm): ActionResult {
  const { database, faults } = context
  if (action.action === 'delete') {
    return deleteCrm(database, action.type, action.key)
      ? done(action.key)
      : refused(`There is no ${action.type} ${action.key}.`)
  }
  const columns = columnsOf(action.type, faults())
  const unknown = Object.keys(action.fields).find((name) => columns.get(name.toLowerCase())?.name !== name)
  if (unknown !== undefined) return refused(`The ${action.type} hub has no column ${unknown}.`)
  const modified = crmStamp(context.now())
  if (action.action === 'add') {
    const upper: Doc = action.type === 'project' ? { WBS2: ' ', WBS3: ' ' } : {}
    const doc: Doc = {
      Status: 'A',
      ...upper,
      ...action.fields,
      CreateUser: KEYBOARD_USER,
      CreateDate: modified,
      ModUser: KEYBOARD_USER,
    }
    const key = action.type === 'project' ? wbsKey(doc) : textOf(doc[HUB_INFO[action.type].key])
    if (key === '' || readCrm(database, action.type, key)) return refused(`The key ${key || '(none)'} cannot be used.`)
    const row: CrmRow = { hub: action.type, key, modified, listedFrom: 0, numberedFrom: 0, origin: 'control', doc }
    saveCrm(database, row, faults().externalKeyField)
    return done(key)
  }
  const current = readCrm(database, action.type, action.key)
  if (!current) return refused(`There is no ${action.type} ${action.key}.`)
  const doc: Doc = { ...current.doc, ...action.fields, ModUser: KEYBOARD_USER }
  saveCrm(database, { ...current, modified, doc }, faults().externalKeyField)
  return done(action.key)
}

export function editAddress(context: CrmContext, client: string, changes: Doc): ActionResult {
  const primary = readAddresses(context.database, client).find((row) => row.doc.PrimaryInd === 'Y')
  const firm = readCrm(context.database, 'firm', client)
  if (!primary || !firm) return refused(`There is no firm ${client} with a primary address.`)
  saveAddress(context.database, { ...primary, doc: { ...primary.doc, ...changes } })
  const doc: Doc = { ...firm.doc, ModUser: KEYBOARD_USER }
  saveCrm(context.database, { ...firm, modified: crmStamp(context.now()), doc }, context.faults().externalKeyField)
  return done(client)
}

export function setTotals(context: ErpContext, key: number, totals: Doc | null): ActionResult {
  if (!readErp(context.database, 'project', key)) return refused(`There is no project ${key}.`)
  saveTotals(context.database, key, totals)
  return done(key)
}

/** One day of work in the firm: time and invoices on some open projects, now and then a note or a later date. */
function advanceDay(context: ErpContext, seed: number, day: number): number {
  const { database } = context
  const random = createRandom(seed * 100_003 + day)
  let changed = 0
  for (const row of database.all("SELECT key FROM erp WHERE kind = 'project' AND status <> 'Closed' ORDER BY key")) {
    const luck = random.next()
    if (luck > 0.03) continue
    const key = Number(row.key)
    const totals = readTotals(database, key)
    if (totals) saveTotals(database, key, movedTotals(random, totals))
    const touched = luck < 0.004 || (context.faults().totalsTouchProject && totals !== null)
    const project = touched ? readErp(database, 'project', key) : null
    if (project) {
      const doc: Doc = luck < 0.004 ? { ...project.doc, Notes: `Day ${day}: ${random.pick(NOTES)}` } : project.doc
      saveErp(database, { ...project, modified: context.now(), doc })
    }
    if (totals || project) changed++
  }
  return changed
}

/** The same days after the same seed change the same things, however they are grouped. */
export function advance(context: ErpContext, seed: number, days: number): ActionResult {
  return context.database.transaction(() => {
    const first = Number(readMeta(context.database, 'day') ?? '0')
    let changed = 0
    for (let day = first + 1; day <= first + days; day++) changed += advanceDay(context, seed, day)
    writeMeta(context.database, 'day', String(first + days))
    return done(null, changed)
  })
}
