import type { FieldChange } from '#lib/sync/plan'
import { planUndo, undoneChanges } from '#lib/sync/undo'
import { copyOf, findCrm, findErp, type PureWorld, type WorldPair, writeCrm, writeErp } from './pure-world.ts'
import type { WorldRun, WorldWrite } from './pure-world-sync.ts'
import { without } from './pure-world-sync.ts'

export interface UndoneWorld {
  readonly world: PureWorld
  /** Every field that the run wrote, with what its undo came to. */
  readonly fields: readonly { readonly write: WorldWrite; readonly change: FieldChange }[]
}

/** The undo of a run, newest writes first: the ERP, then the CRM, then the pairs that it added (sync-rules §12). */
export function undoRun(before: PureWorld, run: WorldRun): UndoneWorld {
  const world = copyOf(before)
  world.tick += 1
  const newestFirst = [...run.writes].reverse()
  const fields = (['erp', 'crm'] as const).flatMap((side) =>
    newestFirst
      .filter((write) => write.side === side && write.action !== 'create')
      .flatMap((write) => putBack(world, write).map((change) => ({ write, change }))),
  )
  for (const pair of world.pairs) if (pair.addedInRun === run.number) pair.removed = 'undone'
  return { world, fields }
}

function putBack(world: PureWorld, write: WorldWrite): readonly FieldChange[] {
  const { side, type, erpKey, crmId } = write
  const pair = world.pairs.find((one) => one.type === type && one.erpKey === erpKey && one.removed === null)
  const [erp, crm] = [findErp(world, type, erpKey), findCrm(world, type, crmId)]
  const plan = planUndo({
    type,
    side,
    changes: undoneChanges(write.changes, side),
    record: (side === 'erp' ? erp : crm) ?? null,
    entries: world.rules.fieldMap[type],
    description: world.rules.description,
    pins: pair?.pins ?? [],
    explain: ({ reason }) => reason,
  })
  if (side === 'erp' && erp) writeErp(world, erp, plan.write)
  if (side === 'crm' && crm) writeCrm(world, crm, plan.write)
  if (pair) restoreBase(pair, plan.base)
  return plan.changes
}

function restoreBase(pair: WorldPair, { restore, forget }: ReturnType<typeof planUndo>['base']): void {
  pair.base = { ...without(pair.base ?? {}, forget), ...restore }
  pair.settled = null
}
