import { countBacklog, isHeldByBacklog } from '#lib/engine/backlog'
import type { RunContext } from '#lib/engine/context'
import { boundaryGuard } from '#lib/engine/failures'
import { planTakes } from '#lib/engine/phases/take-plan'
import type { TakeSources } from '#lib/engine/phases/take-plan-creates'
import { rehearseTakes } from '#lib/engine/rehearsed-takes'
import { sendErpCreates } from '#lib/engine/send-erp-creates'
import { sendTakes } from '#lib/engine/send-takes'
import { findMarkedCrmRecords } from '#lib/store/crm-records'
import type { RecordType } from '#lib/sync/records'

/** Employees travel one way. Each type needs the mappings of those before it. */
const BACK_TYPES: readonly RecordType[] = ['client', 'vendor', 'contact', 'project']

const PLURALS: Readonly<Record<RecordType, string>> = {
  employee: 'employees',
  client: 'clients',
  vendor: 'consultants',
  contact: 'contacts',
  project: 'projects',
}

/**
 * Takes what changed in the CRM, and what is new there and flagged, into the ERP (sync-rules §8 step 9). Held back while
 * a backlog exists (§6.2): the run that empties it does it.
 *
 * @param asked what the ERP was asked before, where it cannot be asked now.
 */
export async function takeBack(context: RunContext, asked?: TakeSources): Promise<void> {
  if ((await isHeldByBacklog(context)) || (await countBacklog(context)).remainingProjects > 0) return
  const sources = asked ?? (await readTakeSources(context))
  for (const type of backTypes(context)) {
    if (context.isDone(`take:${type}`)) continue
    await planTakes(context, type, sources)
    if (context.isRehearsal) await rehearseTakes(context, type)
    else await sendType(context, type, sources)
    await context.commit(async () => undefined, context.withDone(`take:${type}`))
  }
}

async function sendType(context: RunContext, type: RecordType, sources: TakeSources): Promise<void> {
  const report = reporter(context, type)
  await sendErpCreates(context, type, sources, report)
  await sendTakes(context, type, report)
}

/** The types of this run that the way back concerns, in order. */
function backTypes(context: RunContext): RecordType[] {
  return BACK_TYPES.filter((type) => context.types.includes(type) && context.selectsAny(type))
}

/** Asks the ERP what planning needs to know of it. */
export async function readTakeSources(context: RunContext): Promise<TakeSources> {
  const { connectionId } = context.run
  const flagged = await findMarkedCrmRecords(connectionId, 'project', { flagged: true, ids: [], firmField: null })
  if (!flagged.some(({ record }) => context.selectsCrm('project', record.id))) return { templates: null }
  await context.report(`Reading project templates from ${context.names.erp}`, 0, null)
  const answer = await boundaryGuard(context)(() => context.ports.erp.templates({ signal: context.signal }))
  return { templates: answer.ok ? answer.value : answer.failure }
}

function reporter(context: RunContext, type: RecordType): () => Promise<void> {
  let done = 0
  return async () => {
    done += 1
    await context.report(`Taking ${PLURALS[type]} into ${context.names.erp}`, done, null)
  }
}
