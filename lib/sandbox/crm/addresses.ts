import { randomUUID } from 'node:crypto'
import { crmStamp } from '../clock.ts'
import type { Answer } from '../gate.ts'
import { type Doc, textOf } from '../json.ts'
import { invalid, notFound, okAnswer, refusal } from './answers.ts'
import { ADDRESS_COLUMNS, emptyValue } from './columns.ts'
import { type AddressRow, type CrmContext, readAddresses, readCrm, saveAddress, saveCrm } from './store.ts'
import { badReferences, toStored, truncation } from './values.ts'

/** `/firm/{ClientID}/address`: posting again appends a row, there is no natural de-duplication (L). */

function presentAddress(row: AddressRow): Doc {
  const record: Doc = {}
  for (const { name, type } of ADDRESS_COLUMNS) record[name] = row.doc[name] ?? emptyValue(type)
  record.ClientID = row.client
  record.CLAddressID = row.id
  return record
}

export function listAddresses(context: CrmContext, client: string): Answer {
  if (!readCrm(context.database, 'firm', client)) return notFound(context, `Record ${client}`)
  return okAnswer(readAddresses(context.database, client).map(presentAddress))
}

type Prepared = { readonly values: Doc; readonly sent: ReadonlySet<string> } | { readonly refused: Answer }

const byName = new Map(ADDRESS_COLUMNS.map((column) => [column.name.toLowerCase(), column]))

function prepare(context: CrmContext, body: Doc): Prepared {
  const values: Doc = {}
  const sent = new Set<string>()
  const problems: string[] = []
  for (const [name, value] of Object.entries(body)) {
    const column = byName.get(name.toLowerCase())
    if (!column) {
      if (context.faults().strictUnknownFields) problems.push(`Field ${name} does not exist`)
      continue
    }
    if (column.readOnly) continue
    const stored = toStored(column, value)
    if (!stored.ok) problems.push(stored.problem)
    else {
      values[column.name] = stored.value
      sent.add(column.name)
    }
  }
  return problems.length > 0 ? { refused: invalid(context, problems) } : { values, sent }
}

function refuseAddress(
  context: CrmContext,
  doc: Doc,
  sent: ReadonlySet<string>,
  others: readonly AddressRow[],
): Answer | null {
  const problems = badReferences(context, ADDRESS_COLUMNS, doc, sent)
  const code = textOf(doc.Address).toLowerCase()
  if (others.some((row) => textOf(row.doc.Address).toLowerCase() === code)) {
    problems.push(`Record ${textOf(doc.Address)} already exists and cannot be added`)
  }
  if (problems.length > 0) return invalid(context, problems)
  const tooLong = truncation('CLAddress', ADDRESS_COLUMNS, doc, context.faults())
  return tooLong === null ? null : refusal(context, 500, [tooLong])
}

/** Stores the row; a new primary address takes the mark from the others, and the firm's stamp moves (I). */
function settle(context: CrmContext, row: AddressRow, others: readonly AddressRow[], user: string): void {
  saveAddress(context.database, row)
  if (row.doc.PrimaryInd === 'Y') {
    for (const other of others) {
      if (other.doc.PrimaryInd === 'Y')
        saveAddress(context.database, { ...other, doc: { ...other.doc, PrimaryInd: 'N' } })
    }
  }
  const firm = readCrm(context.database, 'firm', row.client)
  if (!firm) return
  const doc: Doc = { ...firm.doc, ModUser: user }
  if (row.doc.PrimaryInd === 'Y' && row.doc.Email !== undefined) doc.PrimaryEmail = row.doc.Email
  saveCrm(context.database, { ...firm, modified: crmStamp(context.now()), doc }, context.faults().externalKeyField)
}

/** A code for an address that came without one: the first is the primary one. */
function freeCode(others: readonly AddressRow[]): string {
  const taken = new Set(others.map((row) => textOf(row.doc.Address).toLowerCase()))
  for (let number = 1; ; number++) {
    const code = number === 1 ? 'Main' : `Address ${number}`
    if (!taken.has(code.toLowerCase())) return code
  }
}

export function createAddress(context: CrmContext, client: string, body: Doc, user: string): Answer {
  const firm = readCrm(context.database, 'firm', client)
  if (!firm) return notFound(context, `Record ${client}`)
  const prepared = prepare(context, body)
  if ('refused' in prepared) return prepared.refused
  return context.database.transaction(() => {
    const others = readAddresses(context.database, firm.key)
    const stamp = crmStamp(context.now())
    const doc: Doc = { PrimaryInd: others.length === 0 ? 'Y' : 'N', ...prepared.values }
    if (textOf(doc.Address) === '') doc.Address = freeCode(others)
    if (doc.Email === undefined && others.length === 0 && firm.doc.PrimaryEmail) doc.Email = firm.doc.PrimaryEmail
    Object.assign(doc, { CreateUser: user, CreateDate: stamp, ModUser: user, ModDate: stamp })
    const refused = refuseAddress(context, doc, prepared.sent, others)
    if (refused) return refused
    const row: AddressRow = { client: firm.key, id: randomUUID(), origin: 'api', doc }
    settle(context, row, others, user)
    return { ...okAnswer([presentAddress(row)], true), status: 201 }
  })
}

export function updateAddress(context: CrmContext, client: string, id: string, body: Doc, user: string): Answer {
  const rows = readAddresses(context.database, client)
  const current = rows.find((row) => row.id.toLowerCase() === id.toLowerCase())
  if (!current) return notFound(context, `Record ${client}|${id}`)
  const prepared = prepare(context, body)
  if ('refused' in prepared) return prepared.refused
  return context.database.transaction(() => {
    const others = rows.filter((row) => row !== current)
    const doc: Doc = { ...current.doc, ...prepared.values, ModUser: user, ModDate: crmStamp(context.now()) }
    const refused = refuseAddress(context, doc, prepared.sent, others)
    if (refused) return refused
    const row: AddressRow = { ...current, doc }
    settle(context, row, others, user)
    return okAnswer([presentAddress(row)], true)
  })
}

export function deleteAddress(context: CrmContext, client: string, id: string): Answer {
  const sql = 'DELETE FROM crm_address WHERE client = ? AND id = ?'
  const gone = context.database.prepare(sql).run(client, id).changes > 0
  return gone ? okAnswer([], true) : notFound(context, `Record ${client}|${id}`)
}

/** `PrimaryEmail` may be written on the firm (L): its primary address follows. */
export function syncPrimaryEmail(context: CrmContext, client: string, doc: Doc, sent: ReadonlySet<string>): void {
  if (!sent.has('PrimaryEmail')) return
  const primary = readAddresses(context.database, client).find((row) => row.doc.PrimaryInd === 'Y')
  if (primary) saveAddress(context.database, { ...primary, doc: { ...primary.doc, Email: doc.PrimaryEmail ?? '' } })
}
