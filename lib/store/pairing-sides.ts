import { recordEntry } from '#lib/sync/log-entry'
import { methodName, type SideNames } from '#lib/sync/messages'
import type { RecordType } from '#lib/sync/records'
import { appendAudit } from './audit.ts'
import type { Transaction } from './database.ts'
import { erpTable } from './erp-records.ts'
import { appendLog } from './log.ts'
import * as words from './pairing-words.ts'

/** What every decision about a pair by a person asks first, and how it answers. */

export type PairingRefusal =
  | 'erp-unknown'
  | 'crm-unknown'
  | 'erp-already-paired'
  | 'crm-already-paired'
  | 'being-created'
  | 'not-paired'
  | 'not-removed'
  | 'not-lost'
  | 'unreachable'

/** Done or refused, `message` is a complete sentence for the person who asked. */
export type PairingResult =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly reason: PairingRefusal; readonly message: string }

export interface PairingRequest {
  readonly connectionId: string
  readonly type: RecordType
  readonly erpKey: string
  /** Who asks: a user's e-mail address, or `cli`. */
  readonly by: string
}

export type TwoSided = PairingRequest & { readonly crmId: string }

export type Refusal = Extract<PairingResult, { ok: false }>

export interface Sides {
  readonly ok: true
  readonly names: SideNames
  readonly erp: words.ErpSide
  readonly crm: words.CrmSide
  readonly syncToCrm: boolean
}

/** A refusal as a value; `message` is a complete sentence. */
export function refuse(reason: PairingRefusal, message: string): Refusal {
  return { ok: false, reason, message }
}

/** What people call the two systems of a connection. */
export async function findSideNames(tx: Transaction, connectionId: string): Promise<SideNames> {
  const row = await tx.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: { erpName: true, crmName: true },
  })
  return { erp: row.erpName, crm: row.crmName }
}

/** Both records as last read, or which of them is not known. */
export async function findSides(tx: Transaction, request: TwoSided): Promise<Sides | Refusal> {
  const { connectionId, type, erpKey, crmId } = request
  const names = await findSideNames(tx, connectionId)
  // Only projects have the switch; the other types always sync.
  const flagColumn = type === 'project' ? 'sync_to_crm' : null
  const rows = await tx.$queryRaw<{ erpName: string; syncToCrm: boolean }[]>`
    SELECT name AS "erpName", coalesce((to_jsonb(r) ->> ${flagColumn}::text)::boolean, true) AS "syncToCrm"
      FROM ${erpTable(type)} r WHERE connection_id = ${connectionId}::uuid AND key = ${erpKey}`
  const erp = rows[0]
  if (erp === undefined) return refuse('erp-unknown', words.erpUnknownSentence(request, names))
  const crm = await tx.crmRecord.findFirst({
    where: { connectionId, type, id: crmId, goneAt: null },
    select: { name: true },
  })
  if (crm === null) return refuse('crm-unknown', words.crmUnknownSentence(type, crmId, names))
  return {
    ok: true,
    names,
    erp: { type, erpKey, erpName: erp.erpName },
    crm: { crmId, crmName: crm.name },
    syncToCrm: erp.syncToCrm,
  }
}

/** A create that is planned or whose answer is not known yet would make a second copy of what is paired. */
export async function isBeingCreated(tx: Transaction, request: TwoSided): Promise<boolean> {
  const { connectionId, type, erpKey, crmId } = request
  const item = await tx.syncItem.findFirst({
    where: {
      connectionId,
      type,
      action: 'create',
      AND: [
        {
          OR: [
            { erpKey, direction: 'to_crm' },
            { crmId, direction: 'to_erp' },
          ],
        },
        { OR: [{ state: 'sending' }, { state: 'planned', run: { state: { in: ['queued', 'running'] } } }] },
      ],
    },
    select: { id: true },
  })
  return item !== null
}

/** Which side is in another living pair, and with whom. To be asked after an insert that found one in its way. */
export async function refuseTaken(tx: Transaction, request: TwoSided, { names, erp, crm }: Sides): Promise<Refusal> {
  const { connectionId, type } = request
  const living = await tx.crmMapping.findMany({
    where: { connectionId, type, removedAt: null, OR: [{ erpKey: request.erpKey }, { crmId: request.crmId }] },
    select: { erpKey: true, erpName: true, crmId: true, crmName: true },
  })
  const own = living.find((pair) => pair.erpKey === request.erpKey)
  if (own) return refuse('erp-already-paired', words.erpTakenSentence(erp, own, names))
  const owner = living[0] ? { type, ...living[0] } : null
  return refuse('crm-already-paired', words.crmTakenSentence(crm, owner, names))
}

/** Keeps every later run from pairing the two (sync-rules §4.10). */
export async function storeNever(tx: Transaction, pair: TwoSided): Promise<void> {
  const { connectionId, type, erpKey, crmId } = pair
  await tx.neverMatch.createMany({
    data: [{ connectionId, type, erpKey, crmId, createdBy: pair.by }],
    skipDuplicates: true,
  })
}

/** The log line and the audit event of a decision, in the transaction that carries it out. */
export async function report(
  tx: Transaction,
  request: PairingRequest,
  done: {
    readonly erp: words.ErpSide
    readonly crm: words.CrmSide
    readonly message: string
    readonly method: 'remove-mapping' | { readonly map: RecordType }
    readonly action: string
    readonly never?: boolean
  },
): Promise<void> {
  const { crmId } = done.crm
  // These methods carry no system's name.
  const method = methodName(done.method, { erp: '', crm: '' })
  await appendLog(tx, { connectionId: request.connectionId, runId: null }, [
    recordEntry({ ...done.erp, crmId }, method, done.message),
  ])
  await appendAudit(tx, {
    actor: request.by,
    action: done.action,
    subject: `${request.type} ${request.erpKey}`,
    details: { connectionId: request.connectionId, erpName: done.erp.erpName, crmId, never: done.never },
  })
}
