import type { FieldMapEntry } from '#lib/sync/field-map'
import { recordEntry } from '#lib/sync/log-entry'
import { methodName } from '#lib/sync/messages'
import { appendAudit } from './audit.ts'
import * as words from './conflict-words.ts'
import { database, type Transaction } from './database.ts'
import { appendLog } from './log.ts'
import { findSideNames, type PairingRequest } from './pairing-sides.ts'
import { type ErpSide, notPairedSentence } from './pairing-words.ts'

/** Pins: fields of one pair that a person has told the sync never to touch (sync-rules §1, §7.2). */

export type PinRefusal = 'not-paired' | 'unknown-field' | 'already-so'

/** Done or refused, `message` is a complete sentence for the person who asked. */
export type PinResult =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly reason: PinRefusal; readonly message: string }

export interface PinRequest extends PairingRequest {
  /** CRM field name. */
  readonly field: string
  /** The field map of the type. */
  readonly entries: readonly FieldMapEntry[]
}

/** Pins a field. An open conflict about it is settled by that: both values stay. */
export async function pinField(request: PinRequest): Promise<PinResult> {
  return changePin(request, true)
}

/** Takes a pin off. The pair is compared anew in the next run, with the value both sides last agreed on. */
export async function unpinField(request: PinRequest): Promise<PinResult> {
  return changePin(request, false)
}

/** Whether a pin would mean anything: a field that is never written after creation needs none. */
export function isPinnable({ owner, role }: FieldMapEntry): boolean {
  return owner !== 'create' && role !== 'read-only' && role !== 'number' && role !== 'template'
}

async function changePin(request: PinRequest, pinned: boolean): Promise<PinResult> {
  const { connectionId, type, erpKey, field, by } = request
  return database().$transaction(async (tx) => {
    const pair = await lockPair(tx, request)
    if (pair === null) {
      return refuse('not-paired', notPairedSentence(request, await findSideNames(tx, connectionId)))
    }
    const erp = { type, erpKey, erpName: pair.erpName }
    const entry = request.entries.find((one) => one.crm === field)
    if (!entry || !isPinnable(entry)) return refuse('unknown-field', words.noSuchFieldSentence(erp))
    if (pair.pins.includes(field) === pinned) {
      return refuse('already-so', words.alreadyPinnedSentence(erp, entry.label, pinned))
    }
    const pins = pinned ? [...pair.pins, field] : pair.pins.filter((one) => one !== field)
    await tx.crmMapping.update({
      where: { id: pair.id },
      data: { pins, ...(pinned ? {} : { settledErpHash: null, settledCrmHash: null }) },
    })
    if (pinned) await closeConflict(tx, request)
    return report(tx, request, { erp, crmId: pair.crmId, label: entry.label, pinned, by })
  })
}

interface LockedPair {
  readonly id: string
  readonly erpName: string
  readonly crmId: string
  readonly pins: string[]
}

async function lockPair(tx: Transaction, { connectionId, type, erpKey }: PinRequest): Promise<LockedPair | null> {
  const rows = await tx.$queryRaw<LockedPair[]>`
    SELECT id::text, erp_name AS "erpName", crm_id AS "crmId", pins FROM crm_mapping
     WHERE connection_id = ${connectionId}::uuid AND type = ${type}::record_type AND erp_key = ${erpKey}
       AND removed_at IS NULL FOR UPDATE`
  return rows[0] ?? null
}

async function closeConflict(tx: Transaction, { connectionId, type, erpKey, field, by }: PinRequest): Promise<void> {
  await tx.fieldConflict.updateMany({
    where: { connectionId, type, erpKey, field, state: { not: 'closed' } },
    data: { state: 'closed', closedAt: new Date(), decidedBy: by, decidedAt: new Date() },
  })
}

async function report(
  tx: Transaction,
  { connectionId, type, field }: PinRequest,
  done: {
    readonly erp: ErpSide
    readonly crmId: string
    readonly label: string
    readonly pinned: boolean
    readonly by: string
  },
): Promise<PinResult> {
  const { erp, crmId, label, pinned, by } = done
  const message = (pinned ? words.pinnedSentence : words.unpinnedSentence)(erp, label, by)
  // This method carries no system's name.
  const method = methodName({ map: type }, { erp: '', crm: '' })
  await appendLog(tx, { connectionId, runId: null }, [recordEntry({ ...erp, crmId }, method, message)])
  await appendAudit(tx, {
    actor: by,
    action: pinned ? 'mapping.pin' : 'mapping.unpin',
    subject: `${type} ${erp.erpKey}`,
    details: { connectionId, crmId, field },
  })
  return { ok: true, message }
}

function refuse(reason: PinRefusal, message: string): PinResult {
  return { ok: false, reason, message }
}
