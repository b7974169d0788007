import type { RunContext } from '#lib/engine/context'
import { openSettler, type Settlement } from '#lib/engine/settle'
import { findPlannedItems, type Item } from '#lib/store/items'
import { newRecordKey } from '#lib/sync/plan-items'
import type { RecordType } from '#lib/sync/records'

const SETTLED_TOGETHER = 500

/** Settles what was planned for the ERP as if it had answered (engine/rehearsal.ts). */
export async function rehearseTakes(context: RunContext, type: RecordType): Promise<void> {
  const settler = openSettler(context, type)
  const of = { runId: context.run.id, type, direction: 'to_erp', batch: 1, limit: SETTLED_TOGETHER } as const
  for (const action of ['create', 'update'] as const) {
    for (;;) {
      const items = await findPlannedItems({ ...of, action })
      if (items.length === 0) break
      for (const item of items) await settler.add(action === 'create' ? rehearsedCreate(item) : rehearsedTake(item))
      await settler.flush()
    }
  }
}

function rehearsedTake(item: Item): Settlement {
  return { item, state: 'done', outcome: 'updated', log: [] }
}

/** The pair has a key that stands for the one the ERP would give, so that what refers to the record finds it. */
function rehearsedCreate(item: Item): Settlement {
  const crmId = item.crmId ?? ''
  return {
    item,
    state: 'done',
    outcome: 'created',
    created: {
      erpKey: newRecordKey(crmId),
      erpName: item.erpName,
      crmId,
      crmName: item.erpName,
      adopted: false,
      base: null,
      erpHash: null,
      crmHash: null,
      externalKeySent: false,
      warned: {},
      turnSyncOn: false,
      erpFlag: true,
    },
    log: [],
  }
}
