import { erpContentHash } from '#lib/engine/content-hash'
import type { RunContext } from '#lib/engine/context'
import { boundaryGuard } from '#lib/engine/failures'
import { forEachConcurrently } from '#lib/engine/pool'
import { upsertErpRecords } from '#lib/store/erp-records'
import { type DoneItem, insertDoneItems } from '#lib/store/items'
import { appendLog } from '#lib/store/log'
import { clearSyncOverride, findWaitingFlags } from '#lib/store/switches'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { flagNotWrittenMessage, syncTurnedOnMessage } from '#lib/sync/messages'
import type { FieldChange } from '#lib/sync/plan'

const STEP = 'flags'

/**
 * Turns *Sync to CRM* on in the ERP for projects that *Map unsynced* has paired (sync-rules §4.3). Where the API user
 * may not write, one warning says so and the pairs carry the switch.
 */
export async function writeFlags(context: RunContext): Promise<void> {
  if (context.isDone(STEP)) return
  const flag = context.ports.fieldMap.project.find((entry) => entry.role === 'sync-flag')
  const waiting = (await findWaitingFlags(context.run.connectionId)).filter((pair) =>
    context.selects('project', pair.erpKey),
  )
  const guard = boundaryGuard(context)
  const label = `Turning the sync switch on in ${context.names.erp}`
  let refused = false
  let done = 0
  if (flag && waiting.length > 0) await context.report(label, 0, waiting.length)
  await forEachConcurrently(flag ? waiting : [], context.ports.settings.erpConcurrency, async (pair) => {
    context.stopIfAsked()
    if (refused || !flag) return
    const answer = await guard(() =>
      context.ports.erp.update('project', pair.erpKey, { [flag.erp]: 'Y' }, { signal: context.signal }),
    )
    if (answer.ok) await storeFlag(context, flag, pair, answer.value)
    else if (answer.failure.reason === 'forbidden') {
      if (!refused) await context.log([flagNotWrittenMessage(context.names, answer.failure.message)])
      refused = true
    } else await context.log([flagNotWrittenMessage(context.names, answer.failure.message, pair)])
    done += 1
    await context.report(label, done, waiting.length)
  })
  await context.commit(async () => undefined, context.withDone(STEP))
}

/**
 * The switch in the ERP is a write of the run like any other, so it stands among its records and an undo finds it. The
 * record itself is counted where it is planned: as mapped, or as what is then written of it.
 */
async function storeFlag(
  context: RunContext,
  flag: FieldMapEntry,
  pair: { erpKey: string; erpName: string; crmId: string },
  record: Parameters<typeof erpContentHash>[0],
): Promise<void> {
  const { connectionId, id: runId } = context.run
  const line = syncTurnedOnMessage(context.names, pair)
  const change: FieldChange = {
    field: flag.crm,
    label: flag.label,
    side: 'erp',
    erpField: flag.erp,
    from: 'N',
    to: 'Y',
    reason: 'turned-on',
  }
  const item: DoneItem = {
    ...pair,
    action: 'map',
    batch: 1,
    position: 0,
    changes: [change],
    priorOutcome: 'mapped',
    outcome: 'mapped',
    problemCode: null,
    message: line.message,
  }
  await context.commit(async (tx) => {
    await upsertErpRecords(tx, { connectionId, type: 'project', seenInRun: runId }, [
      { record, contentHash: erpContentHash(record) },
    ])
    await clearSyncOverride(tx, connectionId, pair.erpKey)
    await insertDoneItems(tx, { connectionId, runId, type: 'project', direction: 'to_erp' }, [item])
    await appendLog(tx, { connectionId, runId }, [line])
  })
}
