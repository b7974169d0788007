import type { RunContext } from '#lib/engine/context'
import { boundaryGuard } from '#lib/engine/failures'
import {
  conflictLines,
  foundConflicts,
  type LoadedPair,
  loadLookups,
  loadPairs,
  newWarnings,
  planPair,
  settledPair,
  storedCrm,
} from '#lib/engine/pairs'
import { forEachConcurrently } from '#lib/engine/pool'
import { rehearsedUpdate } from '#lib/engine/rehearsed'
import { openSettler, type Settlement } from '#lib/engine/settle'
import { refusedAsStale, staleness } from '#lib/engine/stale'
import type { HashedCrmRecord, StoredCrmRecord } from '#lib/store/crm-records'
import { findPlannedItems, type Item } from '#lib/store/items'
import { failedMessage, updatedMessage, warningMessage } from '#lib/sync/messages'
import type { FieldChange, UpdatePlan } from '#lib/sync/plan'
import type { RemoteFailure } from '#lib/sync/ports'
import { problemOfFailure } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'
import type { Lookups } from '#lib/sync/transform'

const LOADED_TOGETHER = 100

/** Sends the planned updates of one type and batch. An update is idempotent, so a resumed run just goes on. */
export async function sendUpdates(
  context: RunContext,
  type: RecordType,
  batch: number,
  onSettled: () => Promise<void>,
): Promise<void> {
  const lookups = await loadLookups(context)
  const settler = openSettler(context, type)
  const guard = boundaryGuard(context)
  for (;;) {
    context.stopIfAsked()
    const items = await findPlannedItems({
      runId: context.run.id,
      type,
      direction: 'to_crm',
      action: 'update',
      batch,
      limit: LOADED_TOGETHER,
    })
    if (items.length === 0) return
    const pairs = await loadPairs(
      context.run.connectionId,
      type,
      items.map((item) => item.erpKey),
    )
    try {
      await forEachConcurrently(items, context.ports.settings.crmConcurrency, async (item) => {
        context.stopIfAsked()
        await settler.add(await sendOne(context, item, pairs.get(item.erpKey) ?? null, { lookups, guard }))
        await onSettled()
      })
    } finally {
      await settler.flush()
    }
  }
}

interface Sending {
  readonly lookups: Lookups
  readonly guard: ReturnType<typeof boundaryGuard>
}

async function sendOne(
  context: RunContext,
  item: Item,
  pair: LoadedPair | null,
  sending: Sending,
): Promise<Settlement> {
  if (!pair && context.run.kind === 'apply') return refusedAsStale(context, item)
  // Unpaired by a person since the plan was made: nothing to do any more.
  if (!pair) return { item, state: 'done', outcome: 'skipped', log: [] }
  if (context.isRehearsal) return rehearsedUpdate(context, item, pair, sending.lookups)
  const held = pair.crm ?? (await readCrm(context, item, pair, sending))
  if ('item' in held) return held
  const crm = sharesFields(context, pair, held, sending) ? await readCrm(context, item, pair, sending) : held
  if ('item' in crm) return crm

  const plan = planPair(context, pair, crm, sending.lookups)
  const stale = staleness(context, item, { erpHash: pair.erp.hash, crmHash: crm.hash, changes: toCrm(plan) })
  if (stale) return stale
  const conflicts = foundConflicts(pair, plan)
  const subject = { type: item.type, erpKey: item.erpKey, erpName: pair.erp.record.name, crmId: pair.base.crmId }
  const lines = [
    ...newWarnings(plan.warnings, pair.base.warned).map((warning) => warningMessage(context.names, subject, warning)),
    ...conflictLines(context, pair, plan),
  ]
  if (Object.keys(plan.write).length === 0) {
    const changes = writtenBefore(context, pair, { read: held, now: crm }, sending)
    const written = changes.length > 0
    const settled = settledPair({ pair, plan, crm, externalKeySent: false, written })
    const outcome = plan.conflicts.length > 0 ? 'conflict' : written ? 'updated' : 'unchanged'
    const log = written ? [...lines, updatedMessage(context.names, subject, changes)] : lines
    return { item, state: 'done', outcome, changes, crm: toHashed(crm), settled, conflicts, log }
  }

  const wantsKey = !pair.base.externalKeySent && crm.record.externalKey !== item.erpKey
  const externalKey = wantsKey && context.description.types[item.type].externalKeyField !== null ? item.erpKey : null
  const answer = await sending.guard(() =>
    context.ports.crm.update(item.type, pair.base.crmId, plan.write, externalKey, { signal: context.signal }),
  )
  // Its warnings wait for the write that succeeds: logged here, they would come again with every attempt (§13.13).
  if (!answer.ok) {
    const settlement = failed(context, item, pair, answer.failure)
    // Nobody knows whether it was carried out: an undo of the run looks at these fields (§12).
    return answer.failure.failureClass === 'unknown' ? { ...settlement, changes: toCrm(plan) } : settlement
  }

  const after = storedCrm(answer.value)
  return {
    item,
    state: 'done',
    outcome: plan.conflicts.length > 0 ? 'conflict' : 'updated',
    changes: toCrm(plan),
    crm: toHashed(after),
    settled: settledPair({ pair, plan, crm: after, externalKeySent: externalKey !== null, written: true }),
    conflicts,
    log: [...lines, updatedMessage(context.names, subject, toCrm(plan))],
  }
}

function toCrm(plan: UpdatePlan): FieldChange[] {
  return plan.changes.filter((change) => change.side !== 'erp')
}

/**
 * What a process of this run that died has written of the record: it was to be written when the record was read, and is
 * in place now. It counts as written by the run, so that an undo of the run puts it back (sync-rules §12).
 */
function writtenBefore(
  context: RunContext,
  pair: LoadedPair,
  crm: { readonly read: StoredCrmRecord; readonly now: StoredCrmRecord },
  sending: Sending,
): FieldChange[] {
  if (context.run.epoch === 1 || crm.read === crm.now) return []
  const planned = toCrm(planPair(context, pair, crm.read, sending.lookups))
  return planned.filter(({ field, to }) => (crm.now.record.fields[field] ?? null) === to)
}

/**
 * Whether the write would touch a field that people may change in the CRM too: then the record is read once more, so
 * that an edit made since the run began is met by the rules and not overwritten (guide/reliability.md, invariant 5).
 */
function sharesFields(context: RunContext, pair: LoadedPair, crm: StoredCrmRecord, sending: Sending): boolean {
  const { write } = planPair(context, pair, crm, sending.lookups)
  const entries = context.ports.fieldMap[pair.erp.record.type]
  return pair.crm !== null && entries.some((entry) => entry.owner === 'shared' && entry.crm in write && !isFirst(pair))
}

/** A pair that was never written has nothing in common yet that anybody could have changed. */
function isFirst(pair: LoadedPair): boolean {
  return pair.base.base === null
}

function toHashed({ record, hash }: StoredCrmRecord): HashedCrmRecord {
  return { record, contentHash: hash }
}

/** The CRM record as it stands: one that no read has brought yet (paired by hand, say), or may have changed since. */
async function readCrm(
  context: RunContext,
  item: Item,
  pair: LoadedPair,
  sending: Sending,
): Promise<StoredCrmRecord | Settlement> {
  const answer = await sending.guard(() =>
    context.ports.crm.read(item.type, [pair.base.crmId], { signal: context.signal }),
  )
  if (!answer.ok) return failed(context, item, pair, answer.failure)
  const record = answer.value[0]
  if (record) return storedCrm(record)
  return failedWith(context, item, pair, {
    code: problemOfFailure('not-found', 'update'),
    reason: `${context.names.crm} has no record ${pair.base.crmId}.`,
  })
}

function failed(context: RunContext, item: Item, pair: LoadedPair, failure: RemoteFailure): Settlement {
  return failedWith(context, item, pair, {
    code: problemOfFailure(failure.reason, 'update'),
    reason: failure.message,
  })
}

function failedWith(
  context: RunContext,
  item: Item,
  pair: LoadedPair,
  failure: { code: ReturnType<typeof problemOfFailure>; reason: string },
): Settlement {
  const subject = { type: item.type, erpKey: item.erpKey, erpName: pair.erp.record.name, crmId: pair.base.crmId }
  const line = failedMessage(context.names, subject, { action: 'update', code: failure.code, reason: failure.reason })
  return {
    item,
    state: 'failed',
    outcome: 'failed',
    problemCode: failure.code,
    message: line.message,
    changes: [],
    failedPair: failure.code,
    log: [line],
  }
}
