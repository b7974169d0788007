import { totalsHash } from '#lib/engine/content-hash'
import type { RunContext } from '#lib/engine/context'
import { boundaryGuard } from '#lib/engine/failures'
import { forEachConcurrently } from '#lib/engine/pool'
import { findProjectsWantingTotals, findProjectsWithoutTotals, storeTotals } from '#lib/store/erp-records'
import { totalsUnreadMessage } from '#lib/sync/messages'
import type { ProjectTotals } from '#lib/sync/ports'

const STEP = 'totals'
const STORED_TOGETHER = 25
const NIGHTLY_MILLISECONDS = 20 * 60 * 60 * 1000

/**
 * Reads the totals of paired projects that are set to sync: one call each in the ERP, so only where the CRM has a
 * column for them and the connection's policy asks for it. A resumed run goes on where it stopped, since every stored
 * reading is newer than the run's start.
 */
export async function readTotals(context: RunContext): Promise<void> {
  if (context.isDone(STEP)) return
  if (context.selectsAny('project') && wantsTotals(context)) {
    const { connectionId, options } = context.run
    const want = { includeClosed: options.includeClosed, before: staleBefore(context) }
    const keys = await findProjectsWantingTotals(connectionId, want)
    await readEach(
      context,
      keys.filter((key) => context.selects('project', key)),
    )
  }
  await context.commit(async () => undefined, context.withDone(STEP))
}

/** The same for projects that are about to be created, so that they are complete at once and not due again. */
export async function readTotalsOfNew(context: RunContext, keys: readonly string[]): Promise<void> {
  if (wantsTotals(context)) {
    await readEach(context, await findProjectsWithoutTotals(context.run.connectionId, keys, staleBefore(context)))
  }
}

/** Readings older than this are made again. */
function staleBefore(context: RunContext): Date {
  const started = context.run.startedAt ?? context.run.createdAt
  const nightly = context.ports.settings.projectTotals === 'nightly'
  return nightly ? new Date(started.getTime() - NIGHTLY_MILLISECONDS) : started
}

/** Whether this connection's totals are read at all. */
export function wantsTotals(context: RunContext): boolean {
  if (context.ports.settings.projectTotals === 'never') return false
  const writable = context.description.types.project.writableFields
  const columns = context.ports.fieldMap.project.filter((entry) => entry.role === 'total')
  return columns.some((entry) => writable === null || writable.includes(entry.crm))
}

async function readEach(context: RunContext, keys: readonly string[]): Promise<void> {
  const { connectionId } = context.run
  const label = `Reading project totals from ${context.names.erp}`
  const guard = boundaryGuard(context)
  let waiting: { key: string; totals: ProjectTotals | null; hash: string }[] = []
  let done = 0
  let refused = false

  async function storeWaiting(): Promise<void> {
    const read = waiting
    waiting = []
    if (read.length > 0) await context.commit((tx) => storeTotals(tx, connectionId, read))
  }

  await context.report(label, 0, keys.length)
  await forEachConcurrently(keys, context.ports.settings.erpConcurrency, async (key) => {
    context.stopIfAsked()
    if (refused) return
    const read = await guard(() => context.ports.erp.totals(key, { signal: context.signal }))
    if (read.ok) waiting.push({ key, totals: read.value, hash: totalsHash(read.value) })
    else if (!refused) {
      // What the API user may not read of one project it may not read of any: the preflight has said so, one line more will do.
      refused = read.failure.reason === 'forbidden'
      await context.log([totalsUnreadMessage(context.names, key, read.failure.message)])
    }
    done += 1
    if (waiting.length >= STORED_TOGETHER) await storeWaiting()
    await context.report(label, done, keys.length)
  })
  await storeWaiting()
}
