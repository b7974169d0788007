import type { RunContext } from '#lib/engine/context'
import { type LoadedPair, planPair } from '#lib/engine/pairs'
import type { Settlement } from '#lib/engine/settle'
import type { StoredErpRecord } from '#lib/store/erp-records'
import type { Item } from '#lib/store/items'
import { warningMessage } from '#lib/sync/messages'
import type { PlanWarning } from '#lib/sync/plan'
import type { CreatePlan } from '#lib/sync/plan-create'
import { newRecordKey } from '#lib/sync/plan-items'
import type { RecordType } from '#lib/sync/records'
import type { Lookups } from '#lib/sync/transform'

/** What a rehearsed run settles in place of a call, as if it had been answered. */

/** What the update would be. A CRM record that was never read is not known well enough: it is read when it is sent. */
export function rehearsedUpdate(context: RunContext, item: Item, pair: LoadedPair, lookups: Lookups): Settlement {
  if (!pair.crm) return { item, state: 'done', outcome: 'updated', log: [] }
  const plan = planPair(context, pair, pair.crm, lookups)
  const { type, key: erpKey, name: erpName } = pair.erp.record
  return {
    item,
    state: 'done',
    outcome: plan.conflicts.length > 0 ? 'conflict' : 'updated',
    changes: plan.changes.filter((change) => change.side !== 'erp'),
    decidedOn: { erpHash: pair.erp.hash, crmHash: pair.crm.hash },
    message: warningText(context, { type, erpKey, erpName, crmId: pair.base.crmId }, plan.warnings, 'update'),
    log: [],
  }
}

/** What the create would make: a pair with the key asked for, or one that stands for a number not given yet. */
export function rehearsedCreate(
  context: RunContext,
  one: { readonly item: Item; readonly erp: StoredErpRecord; readonly plan: CreatePlan; readonly id: string | null },
): Settlement {
  const { type, key: erpKey, name: erpName, syncToCrm: erpFlag } = one.erp.record
  return {
    item: one.item,
    state: 'done',
    outcome: 'created',
    changes: one.plan.changes,
    decidedOn: { erpHash: one.erp.hash, crmHash: null },
    message: warningText(context, { type, erpKey, erpName, crmId: null }, one.plan.warnings, 'create'),
    created: {
      erpKey,
      erpName,
      crmId: one.id ?? newRecordKey(erpKey),
      crmName: erpName,
      adopted: false,
      base: one.plan.base,
      erpHash: null,
      crmHash: null,
      externalKeySent: true,
      warned: {},
      turnSyncOn: false,
      erpFlag,
    },
    log: [],
  }
}

function warningText(
  context: RunContext,
  subject: { type: RecordType; erpKey: string; erpName: string; crmId: string | null },
  warnings: readonly PlanWarning[],
  action: 'create' | 'update',
): string | undefined {
  const sentences = warnings.map((warning) => warningMessage(context.names, subject, warning, action).message)
  return sentences.length > 0 ? sentences.join(' ') : undefined
}
