import { RunBroken, type RunContext } from '#lib/engine/context'
import { broken, isAway } from '#lib/engine/failures'
import { storeDescribedCrm } from '#lib/store/described-crm'
import { type CheckFinding, type CrmDescription, RemoteFailure } from '#lib/sync/ports'
import { problemCodes } from '#lib/sync/problems'
import { messagePreflightFinding } from '#lib/sync/run-messages'

const STEP = 'preflight'

/**
 * Both systems reachable and signed in, permissions, needed fields, clocks (sync-rules §2.4). A finding that is an
 * error ends the run before anything was read. Answers what the CRM says of itself.
 */
export async function preflight(context: RunContext): Promise<CrmDescription> {
  const { erp, crm } = context.ports
  const options = { signal: context.signal }
  await context.report(`Checking ${erp.name} and ${crm.name}`, 0, null)
  const findings = (await Promise.all([erp.check(options), crm.check(options)])).flat()
  const errors = findings.filter((finding) => finding.level === 'error')
  const away = errors.find(({ reason }) => reason !== undefined && isAway(reason))
  const isWaiting = away !== undefined && mayWait(context)
  if (!isWaiting && (!context.isDone(STEP) || errors.length > 0)) await logFindings(context, findings)
  const first = away ?? errors[0]
  if (first) {
    const line = messagePreflightFinding(first, context.names)
    const outage = away ? { side: away.side, retryAfterSeconds: null } : null
    throw new RunBroken(line.code ?? problemCodes.runBroke, isWaiting ? first.message : line.message, outage)
  }
  const description = await crm.describe(options).catch((error: unknown) => {
    throw error instanceof RemoteFailure ? broken(error) : error
  })
  await context.commit((tx) => storeDescribedCrm(tx, context.run.connectionId, description), { gotFurther: false })
  return description
}

/** A run whose first preflight fails ends and has changed nothing (sync-rules §2.4); one that had begun can wait. */
export function mayWait(context: RunContext): boolean {
  return context.isDone(STEP)
}

export async function preflightDone(context: RunContext): Promise<void> {
  if (!context.isDone(STEP))
    await context.commit(async () => undefined, { ...context.withDone(STEP), gotFurther: false })
}

async function logFindings(context: RunContext, findings: readonly CheckFinding[]): Promise<void> {
  await context.log(
    findings
      .filter((finding) => finding.level !== 'ok')
      .map((finding) => messagePreflightFinding(finding, context.names)),
  )
}
