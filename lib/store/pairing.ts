import { randomUUIDv7 } from 'node:crypto'
import type { RecordType } from '#lib/sync/records'
import { database, type Transaction } from './database.ts'
import { erpTable } from './erp-records.ts'
import { appendLog } from './log.ts'

/** Pairing by a person. Whatever is decided, its log line and its audit event stand or fall together. */

export type PairingRefusal =
  | 'erp-unknown'
  | 'crm-unknown'
  | 'erp-already-paired'
  | 'crm-already-paired'
  | 'being-created'
  | 'not-paired'

/** A refusal carries a complete sentence for the person who asked. */
export type PairingResult =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly reason: PairingRefusal; readonly message: string }

/** Writes one event of the audit trail inside the pairing's own transaction; `lib/access/audit.ts` provides it. */
export type AuditWriter = (
  event: { actor: string; action: string; subject?: string; details?: Record<string, unknown> },
  tx: Transaction,
) => Promise<void>

export interface PairingRequest {
  readonly connectionId: string
  readonly type: RecordType
  readonly erpKey: string
  /** Who asks: a user's e-mail address, or `cli`. */
  readonly by: string
  readonly audit: AuditWriter
}

/**
 * Pairs two records by hand, one to one (sync-rules §4.7). The pair is fresh: it has no base, so the next run compares
 * every field. It overrides an earlier *never match* of the same two. Two people who pair the same record at once:
 * the database lets one through, the other is told who was first.
 */
export async function linkPair(request: PairingRequest & { readonly crmId: string }): Promise<PairingResult> {
  return database().$transaction(async (tx) => {
    const names = await findSideNames(tx, request.connectionId)
    const erp = await findErpSide(tx, request)
    if (erp === null) return refuse('erp-unknown', unknownErp(request, names))
    const crm = await findCrmSide(tx, request)
    if (crm === null) return refuse('crm-unknown', unknownCrm(request, names))
    if (await isBeingCreated(tx, request)) {
      return refuse(
        'being-created',
        `${erp.name} is about to be created in ${names.crm} by a run. Wait for that run to end, or cancel it, then pair.`,
      )
    }
    const added = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO crm_mapping (id, connection_id, type, erp_key, erp_name, crm_id, crm_name, matched_by, created_by)
      VALUES (${randomUUIDv7()}::uuid, ${request.connectionId}::uuid, ${request.type}::record_type, ${request.erpKey},
              ${erp.name}, ${request.crmId}, ${crm.name}, 'person', ${request.by})
      ON CONFLICT DO NOTHING RETURNING id`
    if (added.length === 0) return refuseTaken(tx, request, { erp: erp.name, crm: crm.name, names })
    const record = { connectionId: request.connectionId, type: request.type, erpKey: request.erpKey }
    await tx.matchFinding.deleteMany({ where: record })
    await tx.neverMatch.deleteMany({ where: { ...record, crmId: request.crmId } })
    const message = `${erp.name} (${request.erpKey}) was paired with ${crm.name} (${request.crmId}) in ${names.crm} by ${request.by}. ${
      erp.syncToCrm
        ? 'The next run compares their fields and sends what differs.'
        : `Sync to CRM is off for it in ${names.erp}, so nothing is sent until that is turned on.`
    }`
    await report(tx, request, {
      method: `Map ${METHOD_WORD[request.type]}`,
      action: 'mapping.link',
      erpName: erp.name,
      crmId: request.crmId,
      message,
    })
    return { ok: true, message }
  })
}

/**
 * Ends a pair. The row stays as removed, with time, cause and who, so that history is kept. Neither record is
 * changed in either system. `never` also keeps every later run from pairing the two again (sync-rules §4.10).
 */
export async function unlinkPair(request: PairingRequest & { readonly never?: boolean }): Promise<PairingResult> {
  return database().$transaction(async (tx) => {
    const names = await findSideNames(tx, request.connectionId)
    const cause = request.never ? 'Unpaired by hand, never to be matched again' : 'Unpaired by hand'
    const removed = await tx.$queryRaw<{ erpName: string; crmId: string; crmName: string }[]>`
      UPDATE crm_mapping SET removed_at = now(), removed_by = ${request.by}, removed_cause = ${cause}
       WHERE connection_id = ${request.connectionId}::uuid AND type = ${request.type}::record_type
         AND erp_key = ${request.erpKey} AND removed_at IS NULL
       RETURNING erp_name AS "erpName", crm_id AS "crmId", crm_name AS "crmName"`
    const pair = removed[0]
    if (pair === undefined) {
      return refuse(
        'not-paired',
        `The ${request.type} with key ${request.erpKey} in ${names.erp} has no pair. Someone may have removed it already.`,
      )
    }
    if (request.never) await storeNever(tx, { ...request, crmId: pair.crmId })
    const message = `The pair of ${pair.erpName} (${request.erpKey}) and ${pair.crmName} (${pair.crmId}) was removed by ${request.by}. Both records stay as they are. ${
      request.never ? 'No run will pair the two again.' : 'A later run may pair the two again by name.'
    }`
    await report(tx, request, {
      method: 'Remove Mapping',
      action: 'mapping.unlink',
      erpName: pair.erpName,
      crmId: pair.crmId,
      message,
      never: request.never === true,
    })
    return { ok: true, message }
  })
}

/** Says that two records are not the same, so that no run pairs them (sync-rules §4.10). For a living pair use {@link unlinkPair}. */
export async function neverMatch(request: PairingRequest & { readonly crmId: string }): Promise<PairingResult> {
  return database().$transaction(async (tx) => {
    const names = await findSideNames(tx, request.connectionId)
    const erp = await findErpSide(tx, request)
    if (erp === null) return refuse('erp-unknown', unknownErp(request, names))
    const crm = await findCrmSide(tx, request)
    if (crm === null) return refuse('crm-unknown', unknownCrm(request, names))
    const { connectionId, type, erpKey, crmId } = request
    if (await tx.crmMapping.findFirst({ where: { connectionId, type, erpKey, crmId, removedAt: null } })) {
      return refuse(
        'erp-already-paired',
        `${erp.name} and ${crm.name} are a pair. Unpair them and choose “never match” there.`,
      )
    }
    await storeNever(tx, request)
    // What is left of an ambiguous finding is decided by the next run; until then the excluded candidate is not offered.
    await tx.$executeRaw`
      UPDATE match_finding SET crm_ids = array_remove(crm_ids, ${crmId})
       WHERE connection_id = ${connectionId}::uuid AND type = ${type}::record_type AND erp_key = ${erpKey}`
    const message = `${erp.name} (${erpKey}) and ${crm.name} (${crmId}) in ${names.crm} were marked as never to be matched by ${request.by}. No run will pair them.`
    await report(tx, request, {
      method: `Map ${METHOD_WORD[type]}`,
      action: 'mapping.never-match',
      erpName: erp.name,
      crmId,
      message,
    })
    return { ok: true, message }
  })
}

const METHOD_WORD: Readonly<Record<RecordType, string>> = {
  project: 'Project',
  client: 'Client',
  contact: 'Contact',
  employee: 'Employee',
}

interface SideNames {
  readonly erp: string
  readonly crm: string
}

function refuse(reason: PairingRefusal, message: string): PairingResult {
  return { ok: false, reason, message }
}

function unknownErp(request: PairingRequest, names: SideNames): string {
  return `No ${request.type} with key ${request.erpKey} is known from ${names.erp}. Run a sync so that it is read, then try again.`
}

function unknownCrm(request: PairingRequest & { crmId: string }, names: SideNames): string {
  return `No ${request.type} with id ${request.crmId} is known from ${names.crm}. Run a sync so that it is read, then try again.`
}

async function findSideNames(tx: Transaction, connectionId: string): Promise<SideNames> {
  const row = await tx.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: { erpName: true, crmName: true },
  })
  return { erp: row.erpName, crm: row.crmName }
}

async function findErpSide(
  tx: Transaction,
  request: PairingRequest,
): Promise<{ name: string; syncToCrm: boolean } | null> {
  const rows = await tx.$queryRaw<{ name: string; syncToCrm: boolean }[]>`
    SELECT name, coalesce((to_jsonb(r)->>'sync_to_crm')::boolean, true) AS "syncToCrm" FROM ${erpTable(request.type)} r
     WHERE connection_id = ${request.connectionId}::uuid AND key = ${request.erpKey}`
  return rows[0] ?? null
}

async function findCrmSide(
  tx: Transaction,
  request: PairingRequest & { crmId: string },
): Promise<{ name: string } | null> {
  return tx.crmRecord.findFirst({
    where: { connectionId: request.connectionId, type: request.type, id: request.crmId, goneAt: null },
    select: { name: true },
  })
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

async function refuseTaken(
  tx: Transaction,
  request: PairingRequest & { crmId: string },
  sides: { erp: string; crm: string; names: SideNames },
): Promise<PairingResult> {
  const { connectionId, type } = request
  const living = await tx.crmMapping.findMany({
    where: { connectionId, type, removedAt: null, OR: [{ erpKey: request.erpKey }, { crmId: request.crmId }] },
    select: { erpKey: true, erpName: true, crmId: true, crmName: true },
  })
  const own = living.find((pair) => pair.erpKey === request.erpKey)
  if (own) {
    return refuse(
      'erp-already-paired',
      `${sides.erp} (${request.erpKey}) is already paired with ${own.crmName} (${own.crmId}) in ${sides.names.crm}. Unpair those two first.`,
    )
  }
  const other = living[0]
  const owner = other ? `${other.erpName} (${other.erpKey})` : `another ${type}`
  return refuse(
    'crm-already-paired',
    `${sides.crm} (${request.crmId}) is already paired with ${owner} in ${sides.names.erp}. Unpair those two first.`,
  )
}

async function storeNever(tx: Transaction, pair: PairingRequest & { crmId: string }): Promise<void> {
  const { connectionId, type, erpKey, crmId } = pair
  await tx.neverMatch.createMany({
    data: [{ connectionId, type, erpKey, crmId, createdBy: pair.by }],
    skipDuplicates: true,
  })
}

async function report(
  tx: Transaction,
  request: PairingRequest,
  done: { method: string; action: string; erpName: string; crmId: string; message: string; never?: boolean },
): Promise<void> {
  const { connectionId, type, erpKey, by } = request
  const { method, erpName, crmId, message } = done
  await appendLog(tx, { connectionId, runId: null }, [
    { severity: 'info', method, type, erpKey, erpName, crmId, message },
  ])
  const details = { connectionId, erpName, crmId, ...(done.never === undefined ? {} : { never: done.never }) }
  await request.audit({ actor: by, action: done.action, subject: `${type} ${erpKey}`, details }, tx)
}
