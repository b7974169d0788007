import { crmContentHash, erpContentHash } from '#lib/engine/content-hash'
import type { RunContext } from '#lib/engine/context'
import { upsertCrmRecords } from '#lib/store/crm-records'
import type { Transaction } from '#lib/store/database'
import { dropUnseenErpRecords, upsertErpRecords } from '#lib/store/erp-records'
import { findWatermark, moveWatermark, type Watermark } from '#lib/store/watermarks'
import type { RecordPage } from '#lib/sync/ports'
import type { CrmRecord, ErpRecord, RecordType, Side } from '#lib/sync/records'

/** sync-rules §3.2: how far a read reaches back behind its watermark. */
const OVERLAP_MILLISECONDS = 10 * 60 * 1000

const PLURALS: Readonly<Record<RecordType, string>> = {
  employee: 'employees',
  client: 'clients',
  vendor: 'consultant vendors',
  contact: 'contacts',
  project: 'projects',
}

/** Reads what changed on one side, type by type in the order of sync-rules §3.1. */
export async function readSide(context: RunContext, side: Side): Promise<void> {
  for (const type of context.types) {
    if (!context.isDone(`read-${side}:${type}`)) await readType(context, side, type)
  }
}

async function readType(context: RunContext, side: Side, type: RecordType): Promise<void> {
  const { connectionId } = context.run
  const known = await findWatermark(connectionId, side, type)
  const due =
    context.run.kind === 'reconcile' ||
    !known ||
    known.runsSinceFull + 1 >= context.ports.settings.fullReadEvery ||
    isInDoubt(known, side)
  const since = due ? null : nextSince(known)
  const full = since === null
  const label = `Reading ${PLURALS[type]} from ${side === 'erp' ? context.names.erp : context.names.crm}`
  const at = { connectionId, type, seenInRun: context.run.id }
  const options = { signal: context.signal }

  const store =
    side === 'erp'
      ? pagesOf(context.ports.erp.readChanged(type, since, options), (tx, records: readonly ErpRecord[]) =>
          upsertErpRecords(
            tx,
            at,
            records.map((record) => ({ record, contentHash: erpContentHash(record) })),
          ),
        )
      : pagesOf(context.ports.crm.readChanged(type, since, options), (tx, records: readonly CrmRecord[]) =>
          upsertCrmRecords(
            tx,
            at,
            records.map((record) => ({ record, contentHash: crmContentHash(record) })),
          ),
        )

  let read = 0
  await context.report(label, 0, null)
  for await (const page of store) {
    context.stopIfAsked()
    await context.commit(
      async (tx) => {
        await page.save(tx)
        if (!page.last) return
        // What a read of the CRM leaves out is gone only when its list of keys says so too (sync-rules §8 step 4).
        if (full && side === 'erp') await dropUnseenErpRecords(tx, at)
        await moveWatermark(tx, { connectionId, side, type }, { value: page.watermark, full })
      },
      // A read that is cut short begins anew: only its last page is work that need not be done again.
      page.last ? context.withDone(`read-${side}:${type}`) : { gotFurther: false },
    )
    context.ports.atPoint?.(page.last ? 'after-watermark' : 'after-batch-before-watermark')
    read += page.size
    await context.report(label, read, page.total)
  }
}

/** From when on the next read asks for changes (sync-rules §3.2); `null`: it reads everything. */
export function nextSince(known: Pick<Watermark, 'value'> | null): string | null {
  return known?.value ? new Date(known.value.getTime() - OVERLAP_MILLISECONDS).toISOString() : null
}

/** A complete read of the CRM counts once its list of keys has agreed with it (sync-rules §13.10). */
function isInDoubt({ keysReadAt, fullReadAt }: Watermark, side: Side): boolean {
  return side === 'crm' && (keysReadAt === null || (fullReadAt !== null && keysReadAt < fullReadAt))
}

interface SavedPage {
  readonly save: (tx: Transaction) => Promise<void>
  readonly size: number
  readonly total: number | null
  readonly watermark: string | null
  readonly last: boolean
}

/** Looks one page ahead, so that the last page is known as such when it is stored (sync-rules §3.3). */
async function* pagesOf<R>(
  pages: AsyncIterable<RecordPage<R>>,
  save: (tx: Transaction, records: readonly R[]) => Promise<void>,
): AsyncGenerator<SavedPage> {
  let held: RecordPage<R> | null = null
  const wrap = (page: RecordPage<R>, last: boolean): SavedPage => ({
    save: (tx) => save(tx, page.records),
    size: page.records.length,
    total: page.total,
    watermark: page.watermark,
    last,
  })
  for await (const page of pages) {
    if (held) yield wrap(held, false)
    held = page
  }
  yield wrap(held ?? { records: [], watermark: null, total: 0 }, true)
}
