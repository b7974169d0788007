import { randomUUIDv7 } from 'node:crypto'
import { database, type Transaction } from './database.ts'
import {
  findSideNames,
  findSides,
  isBeingCreated,
  type PairingRequest,
  type PairingResult,
  refuse,
  refuseTaken,
  report,
  storeNever,
  type TwoSided,
} from './pairing-sides.ts'
import * as words from './pairing-words.ts'
import { NEVER_BY_HAND, UNPAIRED_BY_HAND } from './removal-causes.ts'

/** Pairing by a person. Whatever is decided, its log line and its audit event stand or fall together. */

/**
 * Pairs two records by hand, one to one (sync-rules §4.7). The pair is fresh: it has no base, so the next run compares
 * every field. It overrides an earlier *never match* of the same two. Two people who pair the same record at once:
 * the database lets one through, the other is told who was first.
 */
export async function linkPair(request: TwoSided): Promise<PairingResult> {
  return database().$transaction((tx) => linkWithin(tx, request))
}

/** {@link linkPair} inside the caller's transaction. */
export async function linkWithin(tx: Transaction, request: TwoSided): Promise<PairingResult> {
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
}

/**
 * Ends a pair. The row stays as removed, with time, cause and who, so that history is kept. Neither record is
 * changed in either system. `never` also keeps every later run from pairing the two again (sync-rules §4.10).
 */
export async function unlinkPair(request: Unlinking): Promise<PairingResult> {
  return database().$transaction((tx) => unlinkWithin(tx, request))
}

type Unlinking = PairingRequest & { readonly never?: boolean }

/** {@link unlinkPair} inside the caller's transaction. */
export async function unlinkWithin(tx: Transaction, request: Unlinking): Promise<PairingResult> {
  const never = request.never === true
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

/** Takes *never match* back: the two are ordinary candidates again, in the next run and in the review. */
export async function allowMatch(request: TwoSided): Promise<PairingResult> {
  const { connectionId, type, erpKey, crmId } = request
  return database().$transaction(async (tx) => {
    const sides = await findSides(tx, request)
    if (!sides.ok) return sides
    const { erp, crm, names } = sides
    const { count } = await tx.neverMatch.deleteMany({ where: { connectionId, type, erpKey, crmId } })
    if (count === 0) return refuse('not-paired', words.notNeverSentence(erp, crm))
    await tx.$executeRaw`
      UPDATE match_finding SET crm_ids = array_append(crm_ids, ${crmId})
       WHERE connection_id = ${connectionId}::uuid AND type = ${type}::record_type AND erp_key = ${erpKey}
         AND kind <> 'no_match' AND NOT ${crmId} = ANY(crm_ids)`
    const message = words.allowedSentence(erp, crm, request.by, names)
    await report(tx, request, { erp, crm, message, method: { map: type }, action: 'mapping.allow-match' })
    return { ok: true, message }
  })
}
