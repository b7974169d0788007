import { database } from './database.ts'
import { linkWithin, unlinkWithin } from './pairing.ts'
import { findSideNames, type PairingResult, type Refusal, refuse, type TwoSided } from './pairing-sides.ts'
import { erpTakenSentence } from './pairing-words.ts'

/** What a pair that is taken for another one is: `crmId` is the new partner, `insteadOf` the one the person saw. */
export type Relinking = TwoSided & { readonly insteadOf: string; readonly never?: boolean }

/**
 * Ends a pair and makes another of the same ERP record, both or nothing (sync-rules §8 step 9: the CRM asks for a record
 * that the ERP has already). Refused where the pair is no longer the one that the person saw.
 */
export async function relinkPair(request: Relinking): Promise<PairingResult> {
  const { connectionId, type, erpKey, insteadOf } = request
  try {
    return await database().$transaction(async (tx) => {
      const pair = await tx.crmMapping.findFirst({ where: { connectionId, type, erpKey, removedAt: null } })
      if (pair && pair.crmId !== insteadOf) {
        const erp = { type, erpKey, erpName: pair.erpName }
        const names = await findSideNames(tx, connectionId)
        return refuse('erp-already-paired', erpTakenSentence(erp, pair, names))
      }
      const unlinked = await unlinkWithin(tx, request)
      if (!unlinked.ok) return unlinked
      const linked = await linkWithin(tx, request)
      if (!linked.ok) throw new Undone(linked)
      return linked
    })
  } catch (error) {
    if (error instanceof Undone) return error.refusal
    throw error
  }
}

/** Takes the first half of a change back when the second is refused. */
class Undone extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}
