import { crmContentHash } from '#lib/engine/content-hash'
import { type OpenPorts, RunBroken } from '#lib/engine/context'
import { type PairingResult, refuse } from '#lib/store/pairing-sides'
import { notAmongRemovedSentence, notAnsweredSentence, stillGoneSentence } from '#lib/store/pairing-words'
import { findRemovedPair, restorePair } from '#lib/store/restoring'
import { RemoteFailure } from '#lib/sync/ports'
import type { CrmRecord, RecordType } from '#lib/sync/records'

/** A person waits for the answer. */
const ASK_MILLISECONDS = 20_000

export interface RestoreOrder {
  readonly connectionId: string
  readonly type: RecordType
  /** The removed row of the mapping table. */
  readonly mappingId: string
  /** Who asks: a user's e-mail address. */
  readonly by: string
}

/**
 * Restores a removed pair (sync-rules §8 step 4) if the CRM has the record now, which is asked first, by its key. Every
 * refusal is a value with its sentence, also that the CRM cannot be asked.
 */
export async function restoreMapping(order: RestoreOrder, openPorts: OpenPorts): Promise<PairingResult> {
  const { connectionId, type, mappingId } = order
  const removed = await findRemovedPair(connectionId, type, mappingId)
  if (!removed) return refuse('not-removed', notAmongRemovedSentence())
  const answer = await askCrm(order, removed.crmId, openPorts)
  if (!answer.ok) return refuse('unreachable', answer.message)
  const { record, crmName } = answer
  if (!record) return refuse('crm-unknown', stillGoneSentence(type, removed.crmId, crmName))
  const found = { record, contentHash: crmContentHash(record) }
  return restorePair({ ...order, erpKey: removed.erpKey, found })
}

type Answer =
  | { readonly ok: true; readonly record: CrmRecord | null; readonly crmName: string }
  | { readonly ok: false; readonly message: string }

async function askCrm(order: RestoreOrder, crmId: string, openPorts: OpenPorts): Promise<Answer> {
  const signal = AbortSignal.timeout(ASK_MILLISECONDS)
  try {
    const ports = await openPorts(order.connectionId)
    try {
      const [record] = await ports.crm.read(order.type, [crmId], { signal })
      return { ok: true, record: record ?? null, crmName: ports.crm.name }
    } finally {
      await ports.close()
    }
  } catch (error) {
    if (error instanceof RemoteFailure || error instanceof RunBroken) return { ok: false, message: error.message }
    if (signal.aborted && error === signal.reason) return { ok: false, message: notAnsweredSentence() }
    throw error
  }
}
