import type { RunContext } from '#lib/engine/context'
import { type FoundConflicts, storeConflicts } from '#lib/store/conflicts'
import { type HashedCrmRecord, upsertCrmRecords } from '#lib/store/crm-records'
import type { Transaction } from '#lib/store/database'
import { type HashedErpRecord, upsertErpRecords } from '#lib/store/erp-records'
import { type Item, type SettledItem, settleItems } from '#lib/store/items'
import { appendLog, type LogLine } from '#lib/store/log'
import { type CreatedPair, insertCreatedPair, markPairFailed, type SettledPair, settlePairs } from '#lib/store/mappings'
import { carrySwitch, clearSyncOverride } from '#lib/store/switches'
import { removeAddedPairs, restoreBases, type UndonePair } from '#lib/store/undo-pairs'
import { combineOutcomes, type Outcome } from '#lib/sync/outcome'
import type { RecordType } from '#lib/sync/records'

/** Everything there is to store about one record after the remote answer (sync-rules §10.3). */
export interface Settlement {
  readonly item: Item
  readonly state: SettledItem['state']
  /** `null`: the record is not decided yet (its answer is unknown) and stays counted as not reached. */
  readonly outcome: Outcome | null
  readonly problemCode?: string
  readonly message?: string
  readonly changes?: SettledItem['changes']
  readonly crm?: HashedCrmRecord
  readonly erp?: HashedErpRecord
  /** Of a record that was new in the ERP. */
  readonly erpKey?: string
  /** Rehearsals: content hashes of both sides when this was decided, by which a plan knows that it is stale. */
  readonly decidedOn?: { readonly erpHash: string | null; readonly crmHash: string | null }
  readonly settled?: SettledPair
  readonly created?: Omit<CreatedPair, 'connectionId' | 'type' | 'runId'>
  readonly failedPair?: string
  readonly conflicts?: FoundConflicts
  readonly undone?: UndonePair
  /**
   * Of a project whose switch the CRM has changed: what the pair carries in place of the ERP's flag; `null`: nothing,
   * the flag itself has been written.
   */
  readonly carries?: { readonly on: boolean; readonly erpFlag: boolean } | null
  readonly log: readonly LogLine[]
}

/** So many records, or so many milliseconds, are stored in one transaction (guide/performance.md). */
const STORED_TOGETHER = 25
const STORED_AFTER_MILLISECONDS = 500

export interface Settler {
  add(settlement: Settlement): Promise<void>
  /** Stores what waits. To be called before the run goes on to anything that depends on it. */
  flush(): Promise<void>
}

/** Collects outcomes of one type and stores them in groups: each record whole, groups one after the other. */
export function openSettler(context: RunContext, type: RecordType): Settler {
  let waiting: Settlement[] = []
  let oldestAt = 0
  let storing: Promise<void> = Promise.resolve()

  function storeWaiting(): Promise<void> {
    const group = waiting
    waiting = []
    if (group.length > 0) storing = storing.then(() => storeGroup(context, type, group))
    return storing
  }

  return {
    async add(settlement) {
      if (waiting.length === 0) oldestAt = Date.now()
      waiting.push(settlement)
      const full = waiting.length >= STORED_TOGETHER || Date.now() - oldestAt >= STORED_AFTER_MILLISECONDS
      if (full) await storeWaiting()
    },
    flush: storeWaiting,
  }
}

async function storeGroup(context: RunContext, type: RecordType, group: readonly Settlement[]): Promise<void> {
  const { connectionId, id: runId, kind } = context.run
  // Only a sync deals with a backlog (§6.5): a failure in any other run leaves it as it is.
  const drainId = kind === 'sync' ? context.run.drainId : null
  const at = { connectionId, type }
  const counts = { ...context.counters[type] } as Record<Outcome | 'considered', number>
  for (const { item, outcome } of group) {
    if (outcome === null || outcome === 'notReached') continue
    counts[item.priorOutcome ?? 'notReached'] -= 1
    counts[combineOutcomes(item.priorOutcome, outcome)] += 1
  }
  await context.commit(
    async (tx) => {
      await upsertCrmRecords(tx, { ...at, seenInRun: runId }, latest(group))
      await upsertErpRecords(tx, { ...at, seenInRun: runId }, latestErp(group))
      await settlePairs(
        tx,
        at,
        group.flatMap((one) => (one.settled ? [one.settled] : [])),
      )
      await storeConflicts(
        tx,
        { ...at, runId },
        group.flatMap((one) => (one.conflicts ? [one.conflicts] : [])),
      )
      await storeUndone(tx, context, type, group)
      for (const one of group) {
        if (one.failedPair) {
          await markPairFailed(tx, { ...at, erpKey: one.item.erpKey }, { problem: one.failedPair, drainId })
        }
        if (one.carries === null) await clearSyncOverride(tx, connectionId, one.item.erpKey)
        if (one.carries) await carrySwitch(tx, connectionId, { erpKey: one.item.erpKey, ...one.carries })
        // A pair that a person made meanwhile stands; the record created here is still settled and logged.
        if (one.created) await insertCreatedPair(tx, { ...at, runId, ...one.created })
      }
      await settleItems(tx, group.map(toItem))
      await appendLog(
        tx,
        { connectionId, runId },
        group.flatMap((one) => one.log),
      )
    },
    { counters: { ...context.counters, [type]: counts }, gotFurther: group.some((one) => one.outcome !== null) },
  )
  context.counters[type] = counts
  context.ports.atPoint?.('after-mapping-commit')
}

function toItem(one: Settlement): SettledItem {
  return {
    id: one.item.id,
    state: one.state,
    outcome: one.outcome,
    crmId: one.crm?.record.id ?? one.item.crmId,
    problemCode: one.problemCode ?? null,
    message: one.message ?? null,
    changes: one.changes ?? null,
    erpKey: one.erpKey ?? null,
    erpHash: one.decidedOn?.erpHash ?? null,
    crmHash: one.decidedOn?.crmHash ?? null,
  }
}

/** One row per CRM record: two settlements of a group may have touched the same one. */
function latest(group: readonly Settlement[]): HashedCrmRecord[] {
  return [...new Map(group.flatMap((one) => (one.crm ? [[one.crm.record.id, one.crm]] : []))).values()]
}

function latestErp(group: readonly Settlement[]): HashedErpRecord[] {
  return [...new Map(group.flatMap((one) => (one.erp ? [[one.erp.record.key, one.erp]] : []))).values()]
}

/** Of an undo: the bases as they were before the run, and an end to the pairs that the run added. */
async function storeUndone(
  tx: Transaction,
  context: RunContext,
  type: RecordType,
  group: readonly Settlement[],
): Promise<void> {
  const { connectionId, sourceRunId, startedBy } = context.run
  const undone = group.flatMap((one) => (one.undone ? [one.undone] : []))
  if (undone.length === 0 || sourceRunId === null) return
  await restoreBases(tx, { connectionId, type }, undone)
  const ended = undone.filter((pair) => pair.isEnded).map((pair) => pair.erpKey)
  await removeAddedPairs(tx, { connectionId, type, sourceRunId, by: startedBy }, ended)
}
