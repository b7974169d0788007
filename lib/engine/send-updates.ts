import type { RunContext } from '#lib/engine/context'
import { boundaryGuard } from '#lib/engine/failures'
import {
  type LoadedPair,
  loadLookups,
  loadPairs,
  newWarnings,
  planPair,
  settledPair,
  storedCrm,
} from '#lib/engine/pairs'
import { forEachConcurrently } from '#lib/engine/pool'
import { openSettler, type Settlement } from '#lib/engine/settle'
import type { HashedCrmRecord, StoredCrmRecord } from '#lib/store/crm-records'
import { findPlannedItems, type Item } from '#lib/store/items'
import { failedMessage, updatedMessage, warningMessage } from '#lib/sync/messages'
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
  // Unpaired by a person since the plan was made: nothing to do any more.
  if (!pair) return { item, state: 'done', outcome: 'skipped', log: [] }
  const crm = pair.crm ?? (await readMissing(context, item, pair, sending))
  if ('item' in crm) return crm

  const plan = planPair(context, pair, crm, sending.lookups)
  const subject = { type: item.type, erpKey: item.erpKey, erpName: pair.erp.record.name, crmId: pair.base.crmId }
  const warnings = newWarnings(plan.warnings, pair.base.warned).map((warning) =>
    warningMessage(context.names, subject, warning),
  )
  if (Object.keys(plan.write).length === 0) {
    const settled = settledPair({ pair, plan, crm, externalKeySent: false, written: false })
    return { item, state: 'done', outcome: 'unchanged', crm: toHashed(crm), settled, log: warnings }
  }

  const wantsKey = !pair.base.externalKeySent && crm.record.externalKey !== item.erpKey
  const externalKey = wantsKey && context.description.types[item.type].externalKeyField !== null ? item.erpKey : null
  const answer = await sending.guard(() =>
    context.ports.crm.update(item.type, pair.base.crmId, plan.write, externalKey, { signal: context.signal }),
  )
  // Its warnings wait for the write that succeeds: logged here, they would come again with every attempt (§13.13).
  if (!answer.ok) return failed(context, item, pair, answer.failure)

  const after = storedCrm(answer.value)
  return {
    item,
    state: 'done',
    outcome: 'updated',
    changes: plan.changes,
    crm: toHashed(after),
    settled: settledPair({ pair, plan, crm: after, externalKeySent: externalKey !== null, written: true }),
    log: [...warnings, updatedMessage(context.names, subject, plan.changes)],
  }
}

function toHashed({ record, hash }: StoredCrmRecord): HashedCrmRecord {
  return { record, contentHash: hash }
}

/** A paired CRM record that no read has brought yet (paired by hand, say) is asked for by its key. */
async function readMissing(
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
    failedPair: failure.code,
    log: [line],
  }
}
