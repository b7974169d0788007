import type { Prisma } from '#generated/client'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { recordEntry } from '#lib/sync/log-entry'
import { methodName, type SideNames } from '#lib/sync/messages'
import type { FieldValue } from '#lib/sync/records'
import { isTakeable } from '#lib/sync/take'
import { typedValue } from '#lib/sync/typed-value'
import { appendAudit } from './audit.ts'
import * as words from './conflict-words.ts'
import { conflictVersion } from './conflicts.ts'
import { database, type Transaction } from './database.ts'
import { findDescribedCrm } from './described-crm.ts'
import { appendLog } from './log.ts'
import { findSideNames, type PairingRequest } from './pairing-sides.ts'
import type { ErpSide } from './pairing-words.ts'

/** Conflicts settled by a person (sync-rules §7.2, *ask*). A decision writes nothing by itself: the next run does. */

export type DecisionRefusal = 'settled' | 'changed' | 'run-going' | 'unusable-value'

/** Done or refused, `message` is a complete sentence for the person who asked. */
export type DecisionResult =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly reason: DecisionRefusal; readonly message: string }

export interface DecisionRequest extends PairingRequest {
  readonly conflictId: string
  /** Of the conflict as the person saw it ({@link conflictVersion}). */
  readonly version: string
  /** One side's value, or a text as it was typed. */
  readonly choice: { readonly take: 'erp' | 'crm' } | { readonly typed: string }
  /** The field map of the type. */
  readonly entries: readonly FieldMapEntry[]
}

interface ConflictRow {
  readonly id: string
  readonly field: string
  readonly label: string
  readonly base: string | null
  readonly erpValue: string | null
  readonly crmValue: string | null
  readonly state: string
  readonly decision: string | null
  readonly decidedBy: string | null
  readonly decidedAt: Date | null
  readonly erpName: string
  readonly crmId: string
}

/**
 * Stores what both sides shall hold. Refused where the conflict is closed, or is not the one that the person saw: a run
 * has found other values, or somebody has decided meanwhile. A decision can be changed until a run carries it out.
 */
export async function decideConflict(request: DecisionRequest): Promise<DecisionResult> {
  return database().$transaction(async (tx) => {
    const names = await findSideNames(tx, request.connectionId)
    const row = await lockConflict(tx, request)
    const erp = { type: request.type, erpKey: request.erpKey, erpName: row?.erpName ?? '' }
    if (row === null) return refuse('settled', words.conflictGoneSentence(erp))
    if (conflictVersion(row) !== request.version) {
      const { label, erpValue, crmValue, decidedBy } = row
      const now = { label, erp: erpValue, crm: crmValue, decidedBy }
      return refuse('changed', words.conflictChangedSentence(erp, now, names))
    }
    if (row.state === 'decided' && (await isRunGoing(tx, request.connectionId))) {
      return refuse('run-going', words.carriedOutSentence(erp, row.label))
    }
    const value = await chosenValue(tx, request, row, { erp, names })
    if (!value.ok) return refuse('unusable-value', value.sentence)
    return decide(tx, { request, row, erp, names, value: value.value })
  })
}

async function lockConflict(tx: Transaction, request: DecisionRequest): Promise<ConflictRow | null> {
  const rows = await tx.$queryRaw<ConflictRow[]>`
    SELECT c.id::text, c.field, c.label, c.base, c.erp_value AS "erpValue", c.crm_value AS "crmValue", c.state::text,
           c.decision, c.decided_by AS "decidedBy", c.decided_at AS "decidedAt", m.erp_name AS "erpName", m.crm_id AS "crmId"
      FROM field_conflict c
      JOIN crm_mapping m ON m.connection_id = c.connection_id AND m.type = c.type AND m.erp_key = c.erp_key
                        AND m.removed_at IS NULL
     WHERE c.id = ${request.conflictId}::uuid AND c.connection_id = ${request.connectionId}::uuid
       AND c.type = ${request.type}::record_type AND c.erp_key = ${request.erpKey} AND c.state <> 'closed'
       FOR UPDATE OF c`
  return rows[0] ?? null
}

async function isRunGoing(tx: Transaction, connectionId: string): Promise<boolean> {
  const where = { connectionId, state: { in: ['queued', 'running'] } } satisfies Prisma.SyncRunWhereInput
  return (await tx.syncRun.findFirst({ where, select: { id: true } })) !== null
}

async function chosenValue(
  tx: Transaction,
  request: DecisionRequest,
  row: ConflictRow,
  { erp, names }: { readonly erp: ErpSide; readonly names: SideNames },
): Promise<{ ok: true; value: FieldValue } | { ok: false; sentence: string }> {
  const { choice } = request
  const entry = request.entries.find((one) => one.crm === row.field)
  if (!entry) return { ok: false, sentence: words.noSuchFieldSentence(erp) }
  if ('take' in choice && choice.take === 'erp') return { ok: true, value: row.erpValue }
  if (!isTakeable(entry)) return { ok: false, sentence: words.notTakeableSentence(row.label, names) }
  if ('take' in choice) return { ok: true, value: row.crmValue }
  const described = await findDescribedCrm(request.connectionId, tx)
  if (!described) return { ok: false, sentence: words.notDescribedSentence(names) }
  return typedValue(entry, request.type, choice.typed, described)
}

async function decide(
  tx: Transaction,
  decided: {
    readonly request: DecisionRequest
    readonly row: ConflictRow
    readonly erp: ErpSide
    readonly names: SideNames
    readonly value: FieldValue
  },
): Promise<DecisionResult> {
  const { request, row, erp, names, value } = decided
  const { connectionId, type, by } = request
  await tx.fieldConflict.update({
    where: { id: row.id },
    data: { state: 'decided', decision: value, decidedBy: by, decidedAt: new Date() },
  })
  const message = words.decidedSentence(erp, { label: row.label, value, by }, names)
  await appendLog(tx, { connectionId, runId: null }, [
    recordEntry({ ...erp, crmId: row.crmId }, methodName({ crmUpdate: type }, names), message),
  ])
  await appendAudit(tx, {
    actor: by,
    action: 'conflict.decide',
    subject: `${type} ${erp.erpKey}`,
    details: {
      connectionId,
      field: row.field,
      base: row.base,
      erp: row.erpValue,
      crm: row.crmValue,
      decision: value,
      before: row.state === 'decided' ? row.decision : undefined,
    },
  })
  return { ok: true, message }
}

function refuse(reason: DecisionRefusal, message: string): DecisionResult {
  return { ok: false, reason, message }
}
