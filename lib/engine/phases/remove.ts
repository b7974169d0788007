import { RunBroken, type RunContext } from '#lib/engine/context'
import { nextSince } from '#lib/engine/phases/read'
import { storeConflicts } from '#lib/store/conflicts'
import type { Transaction } from '#lib/store/database'
import { appendLog, type LogLine } from '#lib/store/log'
import { findPairIds } from '#lib/store/mappings'
import { findKnownKeys, markCrmRecordsBack, markCrmRecordsGone, removeGonePairs } from '#lib/store/removals'
import { distrustRead, findWatermark, markKeysRead, type Watermark } from '#lib/store/watermarks'
import { type Brake, idsToConfirm, judgeRemoval, sampleOf } from '#lib/sync/brake'
import { compareKeys, wasLeftOut } from '#lib/sync/key-list'
import { problemCodes } from '#lib/sync/problems'
import type { CrmRecord, RecordType } from '#lib/sync/records'
import {
  brakeReleasedMessage,
  brakeSentence,
  listIncompleteSentence,
  mappingRemovedMessage,
} from '#lib/sync/removal-messages'

const STEP = 'remove'

/**
 * An automatic run reads the keys when they were last read so long ago: "at least once in 24 hours" (sync-rules §13.10),
 * which a daily run must not miss by a minute.
 */
const KEYS_EVERY_MILLISECONDS = 20 * 60 * 60 * 1000

const ASKED_TOGETHER = 25

/** Of unpaired records that are gone, so many are confirmed in one run; the rest can wait for the next. */
const MOST_UNPAIRED = 500

/** What the CRM no longer has of one type, and what it has again; each confirmed, nothing of it stored yet. */
export interface TypeRemovals {
  readonly type: RecordType
  readonly brake: Brake
  /** CRM ids of living mappings. */
  readonly gone: readonly string[]
  /** CRM ids of records without a mapping. */
  readonly vanished: readonly string[]
  readonly returned: readonly string[]
}

/** Takes mappings out of the table whose CRM record is gone (sync-rules §8 step 4): decided first, then one commit. */
export async function removeGone(context: RunContext): Promise<void> {
  if (context.isDone(STEP)) return
  const removals = await decideRemovals(context)
  await context.commit(async (tx) => {
    await storeRemovals(tx, context, removals)
    await markKeysRead(
      tx,
      context.run.connectionId,
      removals.map(({ type }) => type),
    )
  }, context.withDone(STEP))
}

/**
 * Reads the complete list of keys of every type that this run has to look at, and decides what is gone. Throws
 * {@link RunBroken} where a list is incomplete or the brake holds; then nothing is to be removed of any type.
 */
export async function decideRemovals(context: RunContext): Promise<readonly TypeRemovals[]> {
  const removals: TypeRemovals[] = []
  for (const [index, type] of context.types.entries()) {
    context.stopIfAsked()
    await context.report(`Checking which records ${context.names.crm} still has`, index, context.types.length)
    const watermark = await findWatermark(context.run.connectionId, 'crm', type)
    if (wantsKeys(context, watermark)) removals.push(await examine(context, type, watermark))
  }
  const held = removals.filter(({ brake }) => brake.pulled).map(({ brake, type }) => ({ ...brake, type }))
  if (held.length > 0 && context.run.brakeReason === null) {
    throw new RunBroken(problemCodes.brakePulled, brakeSentence(context.names, held))
  }
  return removals
}

/** Stores what was decided, with a line for each mapping that ends. */
export async function storeRemovals(
  tx: Transaction,
  context: RunContext,
  removals: readonly TypeRemovals[],
): Promise<void> {
  const { connectionId, id: runId, brakeReason, startedBy } = context.run
  for (const { type, brake, gone, vanished, returned } of removals) {
    const at = { connectionId, type }
    const pairs = await removeGonePairs(tx, at, gone)
    await markCrmRecordsGone(tx, at, [...gone, ...vanished])
    await markCrmRecordsBack(tx, at, returned)
    // Nobody has to decide any more what a pair shall hold that is none.
    const closed = pairs.map(({ erpKey }) => ({ erpKey, conflicts: [], undecided: [] }))
    await storeConflicts(tx, { ...at, runId }, closed)
    const lines: LogLine[] = pairs.map((pair) => mappingRemovedMessage(context.names, { type, ...pair }, pair.crmName))
    if (brake.pulled) lines.unshift(brakeReleasedMessage({ ...brake, type }, startedBy, brakeReason ?? ''))
    await appendLog(tx, { connectionId, runId }, lines)
  }
}

/** Every manual and command-line run; others once a day, and whenever a complete read waits to be confirmed. */
function wantsKeys(context: RunContext, watermark: Watermark | null): boolean {
  const { trigger } = context.run
  if (trigger === 'manual' || trigger === 'cli') return true
  if (isReadWhole(watermark)) return true
  return Date.now() - (watermark?.keysReadAt?.getTime() ?? 0) >= KEYS_EVERY_MILLISECONDS
}

/** Whether the read of this run, which has just moved the watermark, was to deliver every record. */
function isReadWhole(watermark: Watermark | null): boolean {
  return watermark?.runsSinceFull === 0
}

async function examine(context: RunContext, type: RecordType, watermark: Watermark | null): Promise<TypeRemovals> {
  const { connectionId, id: runId, brakeReason } = context.run
  const listed = await context.ports.crm.readKeys(type, { signal: context.signal })
  const mapped = [...(await findPairIds(connectionId, type)).values()]
  const known = await findKnownKeys({ connectionId, type }, runId)
  const found = compareKeys({ listed, mapped, known, readAll: isReadWhole(watermark) })
  const brake = judgeRemoval(mapped.length, found.missing.length)

  const gone = idsToConfirm(found.missing, brake.pulled && brakeReason === null)
  const vanished = found.vanished.slice(0, MOST_UNPAIRED)
  const there = await readByKey(context, type, [...gone, ...vanished])
  const unread = await readByKey(context, type, sampleOf(found.unread))
  const leftOut = unread.filter((record) => wasLeftOut(record, nextSince(watermark)))
  const proof = [...[...there, ...leftOut].map(({ id }) => id), ...found.undelivered]
  if (proof.length > 0) {
    await context.commit((tx) => distrustRead(tx, connectionId, type), { gotFurther: false })
    throw new RunBroken(problemCodes.listIncomplete, listIncompleteSentence(context.names, type, proof))
  }
  return { type, brake, gone, vanished, returned: found.returned }
}

/** Those of the records that answer when they are asked for by their own key. */
export async function readByKey(context: RunContext, type: RecordType, ids: readonly string[]): Promise<CrmRecord[]> {
  const found: CrmRecord[] = []
  for (let from = 0; from < ids.length; from += ASKED_TOGETHER) {
    context.stopIfAsked()
    await context.report(`Asking ${context.names.crm} for ${type} records that its list lacks`, from, ids.length)
    const chunk = ids.slice(from, from + ASKED_TOGETHER)
    found.push(...(await context.ports.crm.read(type, chunk, { signal: context.signal })))
  }
  return found
}
