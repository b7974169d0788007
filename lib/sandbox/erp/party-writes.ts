import { canonicalJson, type Doc, type Json, numberOf, textOf } from '../json.ts'
import { type ArgumentKind, argumentsFit, docsOf } from './arguments.ts'
import {
  type ErpContext,
  type ErpError,
  failure,
  INVALID_DATA,
  NO_CHANGES,
  type Outcome,
  STALE_BASELINE,
} from './envelope.ts'
import { isWritable, keyMember, type PartyKind, party, partyMembers, unstyled } from './people.ts'
import { type ErpRow, nextErpKey, readErp, saveErp } from './store.ts'

/**
 * UpdateClients, UpdateContacts, UpdateEmployees, UpdateVendors (v1): optimistic concurrency by a baseline, a negative
 * key creates (ajera-api §7). Without `UseSingleTransaction` the good records of a call are kept.
 */
const PLURALS: Readonly<Record<PartyKind, string>> = {
  client: 'Clients',
  contact: 'Contacts',
  employee: 'Employees',
  vendor: 'Vendors',
}

type Settled = { readonly row: ErpRow; readonly originalKey: number } | { readonly problem: string }

const COMPUTED = new Set(['LastModifiedDate', 'Contacts', 'VendorTypeIsConsultant', 'VendorTypeIsCreditCard'])

function isReadOnly(kind: PartyKind, name: string): boolean {
  return COMPUTED.has(name) || name === keyMember(kind) || (/Description$/.test(name) && !isWritable(kind, name))
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  const [left, right] = [a ?? null, b ?? null]
  return canonicalJson(left === '' ? null : left) === canonicalJson(right === '' ? null : right)
}

function writableMembers(kind: PartyKind, sent: Doc): Doc | null {
  const result: Doc = {}
  for (const [name, value] of Object.entries(unstyled(sent))) {
    if (isReadOnly(kind, name)) continue
    if (!isWritable(kind, name)) return null
    result[name] = value
  }
  return result
}

function isNamed(kind: PartyKind, doc: Doc): boolean {
  if (kind === 'client') return textOf(doc.Description).trim() !== ''
  if (kind === 'vendor') return textOf(doc.Name).trim() !== ''
  return [doc.FirstName, doc.LastName].some((part) => textOf(part).trim() !== '')
}

function referencesExist(context: ErpContext, doc: Doc): boolean {
  const references = [
    { key: doc.ContactClientKey, of: 'client' },
    { key: doc.VendorTypeKey, of: 'vendorType' },
  ] as const
  return references.every(({ key, of }) => typeof key !== 'number' || readErp(context.database, of, key) !== null)
}

function create(context: ErpContext, kind: PartyKind, sent: Doc, originalKey: number): Settled {
  const members = writableMembers(kind, sent)
  if (!members || !isNamed(kind, members) || !referencesExist(context, members)) return { problem: INVALID_DATA }
  const doc: Doc = { Status: 'Active', ...members }
  const row: ErpRow = { kind, key: nextErpKey(context.database, kind), modified: context.now(), origin: 'api', doc }
  saveErp(context.database, row)
  return { row, originalKey }
}

function update(context: ErpContext, kind: PartyKind, sent: Doc, baselines: readonly Doc[]): Settled {
  const key = numberOf(sent[keyMember(kind)])
  const current = readErp(context.database, kind, key)
  const baseline = baselines.find((doc) => doc[keyMember(kind)] === key)
  const members = writableMembers(kind, sent)
  if (!current || !baseline || !members) return { problem: INVALID_DATA }
  const shape = partyMembers(context, kind, current)
  for (const [name, value] of Object.entries(unstyled(baseline))) {
    if (!same(value, shape[name])) return { problem: STALE_BASELINE }
  }
  const changes = Object.fromEntries(Object.entries(members).filter(([name, value]) => !same(value, shape[name])))
  if (Object.keys(changes).length === 0) return { problem: NO_CHANGES }
  const doc = { ...current.doc, ...changes }
  if (!isNamed(kind, doc) || !referencesExist(context, doc)) return { problem: INVALID_DATA }
  const row = { ...current, modified: context.now(), doc }
  saveErp(context.database, row)
  return { row, originalKey: key }
}

/** Rolls a whole call back; carries nothing but the fact. */
class Refused extends Error {}

export function updateParties(kind: PartyKind, args: Doc, context: ErpContext): Outcome {
  const plural = PLURALS[kind]
  const known: Record<string, ArgumentKind> = { UseSingleTransaction: 'flag' }
  known[`Updated${plural}`] = 'docs'
  known[`Unchanged${plural}`] = 'docs'
  const updated = docsOf(args[`Updated${plural}`])
  if (!argumentsFit(args, known) || updated.length === 0) return failure(INVALID_DATA)
  const keys = updated.map((doc) => numberOf(doc[keyMember(kind)]))
  if (new Set(keys).size !== keys.length || keys.includes(0)) return failure(INVALID_DATA)

  const baselines = docsOf(args[`Unchanged${plural}`])
  const errors: ErpError[] = []
  const rows: { row: ErpRow; originalKey: number }[] = []
  try {
    context.database.transaction(() => {
      for (const [index, sent] of updated.entries()) {
        const key = keys[index] ?? 0
        const settled = key < 0 ? create(context, kind, sent, key) : update(context, kind, sent, baselines)
        if ('row' in settled) rows.push(settled)
        else errors.push({ ErrorID: -100, ErrorMessage: settled.problem })
      }
      if (errors.length > 0 && args.UseSingleTransaction === true) throw new Refused()
    })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    rows.length = 0
  }
  const content: Doc = {
    [plural]: rows.map(({ row, originalKey }) => ({
      ...party(context, kind, row),
      [`Original${keyMember(kind)}`]: originalKey,
      Deleted: false,
    })),
    [`NumberOf${plural}Updated`]: rows.length,
  }
  return { code: rows.length > 0 ? 200 : -100, errors, content: rows.length > 0 ? content : {}, wrote: rows.length > 0 }
}
