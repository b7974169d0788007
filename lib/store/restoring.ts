import { randomUUIDv7 } from 'node:crypto'
import type { RecordType } from '#lib/sync/records'
import { type HashedCrmRecord, upsertCrmRecords } from './crm-records.ts'
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
} from './pairing-sides.ts'
import * as words from './pairing-words.ts'
import { GONE_IN_CRM } from './removal-causes.ts'

/** What a person decides about a pair that was removed: that it lives again, or that its record is created again. */

/** A removed row of the mapping table, as its restoration needs it. */
export interface RemovedPair {
  readonly erpKey: string
  readonly crmId: string
}

/** `null` when the row is unknown or lives. */
export async function findRemovedPair(
  connectionId: string,
  type: RecordType,
  mappingId: string,
): Promise<RemovedPair | null> {
  return database().crmMapping.findFirst({
    where: { id: mappingId, connectionId, type, removedAt: { not: null } },
    select: { erpKey: true, crmId: true },
  })
}

/** `found`: the record as the CRM answered just now. */
export type RestoreRequest = PairingRequest & { readonly mappingId: string; readonly found: HashedCrmRecord }

/**
 * Pairs two records again as they were: with the base, the pins and the switch of the removed row, which stays as the
 * history of the pair. The next run compares the two with that base. Refused where either side has another pair
 * meanwhile, or its record is not known.
 */
export async function restorePair(request: RestoreRequest): Promise<PairingResult> {
  const { connectionId, type, erpKey, mappingId, found, by } = request
  const { record } = found
  return database().$transaction(async (tx) => {
    await upsertCrmRecords(tx, { connectionId, type, seenInRun: null }, [found])
    const sides = await findSides(tx, { ...request, crmId: record.id })
    if (!sides.ok) return sides
    const { names, erp, crm } = sides
    if (await isBeingCreated(tx, { ...request, crmId: record.id }))
      return refuse('being-created', words.beingCreatedSentence(erp, names))
    const added = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO crm_mapping (id, connection_id, type, erp_key, erp_name, crm_id, crm_name, matched_by, created_by, base,
                               pins, sync_override, overridden_flag, external_key_sent, last_synced_at)
      SELECT ${randomUUIDv7()}::uuid, connection_id, type, erp_key, ${erp.erpName}, ${record.id},
             ${record.longName ?? record.name}, 'person', ${by}, base, pins, sync_override, overridden_flag,
             external_key_sent, last_synced_at
        FROM crm_mapping WHERE id = ${mappingId}::uuid AND removed_at IS NOT NULL
      ON CONFLICT DO NOTHING RETURNING id`
    if (added.length === 0) return refuseTaken(tx, { ...request, crmId: record.id }, sides)
    await tx.matchFinding.deleteMany({ where: { connectionId, type, erpKey } })
    await tx.neverMatch.deleteMany({ where: { connectionId, type, erpKey, crmId: record.id } })
    const message = words.restoredSentence(erp, crm, by, names)
    await report(tx, request, { erp, crm, message, method: { map: type }, action: 'mapping.restore' })
    return { ok: true, message }
  })
}

/**
 * Lets the next run create a record again that the CRM has lost (docs/decisions/0010). Refused where the record has a
 * pair, or its last one did not end because the CRM lost the record: then no run needs to be told.
 */
export async function allowCreateAgain(request: PairingRequest): Promise<PairingResult> {
  const { connectionId, type, erpKey, by } = request
  return database().$transaction(async (tx) => {
    const names = await findSideNames(tx, connectionId)
    const last = await findLastPair(tx, request)
    if (last === null) return refuse('not-removed', words.notRemovedSentence(request, names))
    const crm = { crmId: last.crmId, crmName: last.crmName }
    const erp = { type, erpKey, erpName: last.erpName }
    if (last.removedAt === null) return refuse('erp-already-paired', words.erpTakenSentence(erp, crm, names))
    if (last.createAgainAt !== null) return { ok: true, message: words.createAgainSentence(erp, by, names) }
    if (last.removedCause !== GONE_IN_CRM) return refuse('not-lost', words.notLostSentence(erp, names))
    await tx.crmMapping.update({ where: { id: last.id }, data: { createAgainAt: new Date(), createAgainBy: by } })
    const message = words.createAgainSentence(erp, by, names)
    await report(tx, request, { erp, crm, message, method: { map: type }, action: 'mapping.create-again' })
    return { ok: true, message }
  })
}

/** The living pair, else the one that was removed last. */
async function findLastPair(tx: Transaction, { connectionId, type, erpKey }: PairingRequest) {
  return tx.crmMapping.findFirst({
    where: { connectionId, type, erpKey },
    orderBy: { removedAt: { sort: 'desc', nulls: 'first' } },
  })
}
