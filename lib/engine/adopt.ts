import type { RunContext } from '#lib/engine/context'
import { storedCrm } from '#lib/engine/pairs'
import { upsertCrmRecords } from '#lib/store/crm-records'
import type { StoredErpRecord } from '#lib/store/erp-records'
import { type Item, settleItems } from '#lib/store/items'
import { appendLog } from '#lib/store/log'
import { insertCreatedPair } from '#lib/store/mappings'
import { adoptedMessage } from '#lib/sync/messages'
import type { CrmRecord } from '#lib/sync/records'

/**
 * Pairs a record that an earlier run created without hearing so. The pair is a fresh one (no base): its content is
 * compared in this run like that of any other new pair.
 */
export async function adoptPair(
  context: RunContext,
  item: Item,
  erp: StoredErpRecord,
  record: CrmRecord,
): Promise<void> {
  const { connectionId, id: runId } = context.run
  const { type, key, name, syncToCrm } = erp.record
  await context.commit(async (tx) => {
    await upsertCrmRecords(tx, { connectionId, type, seenInRun: runId }, [
      { record, contentHash: storedCrm(record).hash },
    ])
    await insertCreatedPair(tx, {
      connectionId,
      type,
      runId,
      erpKey: key,
      erpName: name,
      crmId: record.id,
      crmName: record.longName ?? record.name,
      adopted: true,
      base: null,
      erpHash: null,
      crmHash: null,
      externalKeySent: record.externalKey === key,
      warned: {},
      turnSyncOn: type === 'project' && !syncToCrm,
      erpFlag: syncToCrm,
    })
    await settleItems(tx, [
      {
        id: item.id,
        state: 'done',
        outcome: 'created',
        crmId: record.id,
        problemCode: null,
        message: null,
        changes: [],
      },
    ])
    await appendLog(tx, { connectionId, runId }, [
      adoptedMessage(context.names, { type, erpKey: key, erpName: name, crmId: record.id }),
    ])
  })
}
