import { randomUUIDv7 } from 'node:crypto'
import { recordEntry } from '#lib/sync/log-entry'
import { methodName, type SideNames } from '#lib/sync/messages'
import type { RecordType } from '#lib/sync/records'
import { appendAudit } from './audit.ts'
import { database, type Transaction } from './database.ts'
import { erpTable } from './erp-records.ts'
import { appendLog } from './log.ts'
import * as words from './pairing-words.ts'
import { NEVER_BY_HAND, UNPAIRED_BY_HAND } from './removal-causes.ts'

/** Pairing by a person. Whatever is decided, its log line and its audit event stand or fall together. */

export type PairingRefusal =
  | 'erp-unknown'
  | 'crm-unknown'
  | 'erp-already-paired'
  | 'crm-already-paired'
  | 'being-created'
  | 'not-paired'

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

type TwoSided = PairingRequest & { readonly crmId: string }

/**
 * Pairs two records by hand, one to one (sync-rules §4.7). The pair is fresh: it has no base, so the next run compares
 * every field. It overrides an earlier *never match* of the same two. Two people who pair the same record at once:
 * the database lets one through, the other is told who was first.
 */
export async function linkPair(request: TwoSided): Promise<PairingResult> {
  return database().$transaction(async (tx) => {
    const sides = await findSides(tx, request)
    if (!sides.ok) return sides
    const { names, erp, crm } = sides
    if (await isBeingCreated(tx, request)) return refuse('being-created', words.beingCreatedSentence(erp, names))
    const added = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO crm_mapping (id, connection_id, type, erp_key, erp_name, crm_id, crm_name, matched_by, created_by)
      VALUES (${randomUUIDv7()}::uuid, ${request.connectionId}::uuid, ${request.type}::record_type, ${request.erpKey},
              ${erp.erpName}, ${request.crmId}, ${crm.crmName}, 'person', ${request.by})
      ON CONFLICT DO NOTHING RETURNING id`
    if (added.length === 0) return refuseTaken(tx, request, sides)
    const record = { connectionId: request.connectionId, type: request.type, erpKey: request.erpKey }
    await tx.matchFinding.deleteMany({ where: record })
    await tx.neverMatch.deleteMany({ where: { ...record, crmId: request.crmId } })
    const message = words.linkedSentence(erp, crm, request.by, names, sides.syncToCrm)
    await report(tx, request, { erp, crm, message, method: { map: request.type }, action: 'mapping.link' })
    return { ok: true, message }
  })
}

/**
 * Ends a pair. The row stays as removed, with time, cause and who, so that history is kept. Neither record is
 * changed in either system. `never` also keeps every later run from pairing the two again (sync-rules §4.10).
 */
export async function unlinkPair(request: PairingRequest & { readonly never?: boolean }): Promise<PairingResult> {
  const never = request.never === true
  return database().$transaction(async (tx) => {
    const cause = never ? NEVER_BY_HAND : UNPAIRED_BY_HAND
    const removed = await tx.$queryRaw<{ erpName: string; crmId: string; crmName: string }[]>`
      UPDATE crm_mapping SET removed_at = now(), removed_by = ${request.by}, removed_cause = ${cause}
       WHERE connection_id = ${request.connectionId}::uuid AND type = ${request.type}::record_type
         AND erp_key = ${request.erpKey} AND removed_at IS NULL
       RETURNING erp_name AS "erpName", crm_id AS "crmId", crm_name AS "crmName"`
    const pair = removed[0]
    if (pair === undefined) {
      return refuse('not-paired', words.notPairedSentence(request, await findSideNames(tx, request.connectionId)))
    }
    if (never) await storeNever(tx, { ...request, crmId: pair.crmId })
    const erp = { type: request.type, erpKey: request.erpKey, erpName: pair.erpName }
    const message = words.unlinkedSentence(erp, pair, request.by, never)
    await report(tx, request, { erp, crm: pair, message, method: 'remove-mapping', action: 'mapping.unlink', never })
    return { ok: true, message }
  })
}

/** Says that two records are not the same, so that no run pairs them (sync-rules §4.10). For a living pair use {@link unlinkPair}. */
export async function neverMatch(request: TwoSided): Promise<PairingResult> {
  return database().$transaction(async (tx) => {
    const sides = await findSides(tx, request)
    if (!sides.ok) return sides
    const { connectionId, type, erpKey, crmId } = request
    const pair = await tx.crmMapping.findFirst({ where: { connectionId, type, erpKey, crmId, removedAt: null } })
    if (pair) return refuse('erp-already-paired', words.stillPairedSentence(sides.erp, sides.crm))
    await storeNever(tx, request)
    // What is left of an ambiguous finding is decided by the next run; until then the excluded candidate is not offered.
    await tx.$executeRaw`
      UPDATE match_finding SET crm_ids = array_remove(crm_ids, ${crmId})
       WHERE connection_id = ${connectionId}::uuid AND type = ${type}::record_type AND erp_key = ${erpKey}`
    const message = words.neverSentence(sides.erp, sides.crm, request.by, sides.names)
    const { erp, crm } = sides
    await report(tx, request, { erp, crm, message, method: { map: type }, action: 'mapping.never-match' })
    return { ok: true, message }
  })
}

type Refusal = Extract<PairingResult, { ok: false }>

interface Sides {
  readonly ok: true
  readonly names: SideNames
  readonly erp: words.ErpSide
  readonly crm: words.CrmSide
  readonly syncToCrm: boolean
}

function refuse(reason: PairingRefusal, message: string): Refusal {
  return { ok: false, reason, message }
}

export async function findSideNames(tx: Transaction, connectionId: string): Promise<SideNames> {
  const row = await tx.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: { erpName: true, crmName: true },
  })
  return { erp: row.erpName, crm: row.crmName }
}

/** Both records as last read, or which of them is not known. */
async function findSides(tx: Transaction, request: TwoSided): Promise<Sides | Refusal> {
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

// A create that is planned or whose answer is not known yet would make a second copy of what is paired here.
async function isBeingCreated(tx: Transaction, request: PairingRequest): Promise<boolean> {
  const { connectionId, type, erpKey } = request
  const item = await tx.syncItem.findFirst({
    where: {
      connectionId,
      type,
      erpKey,
      action: 'create',
      OR: [{ state: 'sending' }, { state: 'planned', run: { state: { in: ['queued', 'running'] } } }],
    },
    select: { id: true },
  })
  return item !== null
}

async function refuseTaken(tx: Transaction, request: TwoSided, { names, erp, crm }: Sides): Promise<Refusal> {
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

async function storeNever(tx: Transaction, pair: TwoSided): Promise<void> {
  const { connectionId, type, erpKey, crmId } = pair
  await tx.neverMatch.createMany({
    data: [{ connectionId, type, erpKey, crmId, createdBy: pair.by }],
    skipDuplicates: true,
  })
}

async function report(
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
