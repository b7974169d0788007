import { applyPlan, approvePlan, discardPlan, type PlanAnswer } from '#lib/engine/plans'
import { runDocument } from '#lib/engine/run-document'
import { NO_PLAN_FILTER } from '#lib/store/plan-filter'
import { countIncludedItems, findPlan, lastPlans, type Plan } from '#lib/store/plans'
import { listPlanForExport, tallyPlan } from '#lib/store/views-plan'
import { usageProblem } from './arguments.ts'
import { type Column, formatCount, localTime, note, print, printJson, printLine, textTable } from './output.ts'
import { runExitStatus, runSummary } from './run-text.ts'
import { existingRun } from './runs.ts'
import { withConnection, withSession } from './session.ts'
import { signalStatus } from './signals.ts'
import { workOn } from './work-on.ts'

/** Plans at the command line: what a preview found, to be looked at, approved, applied or discarded. */

interface JsonFlag {
  readonly json?: boolean
}

const PLAN_COLUMNS: readonly Column[] = [
  { title: 'PLAN' },
  { title: 'STATE' },
  { title: 'MADE' },
  { title: 'BY' },
  { title: 'CHANGES', align: 'right' },
]

/** `plans`: the latest plans of the current connection, newest first. */
export function listPlans(flags: JsonFlag): Promise<number> {
  return withConnection(async (connection) => {
    const plans = await lastPlans(connection.id)
    const counted = await Promise.all(plans.map(async (plan) => ({ plan, ticked: await countIncludedItems(plan.id) })))
    if (flags.json) await printJson(counted.map(({ plan, ticked }) => planDocument(plan, ticked)))
    else if (plans.length === 0) await printLine('There is no plan yet: crosswalk sync --preview makes one.')
    else {
      const rows = counted.map(({ plan, ticked }) => [
        plan.id,
        plan.state,
        localTime(plan.createdAt.toISOString()),
        plan.createdBy,
        formatCount(ticked),
      ])
      await print(textTable(PLAN_COLUMNS, rows))
    }
    return 0
  })
}

function planDocument(plan: Plan, ticked: number) {
  const { id: planId, state, createdBy, createdAt, approvedBy, approvedAt, appliedRunId } = plan
  return { planId, state, createdBy, createdAt, approvedBy, approvedAt, appliedRunId, ticked }
}

/** `plans show ID`: what it would do, field by field. */
export function showPlan(id: string, flags: JsonFlag): Promise<number> {
  return withSession(async () => {
    const plan = await existingPlan(id)
    const lines = await Array.fromAsync(listPlanForExport(plan, NO_PLAN_FILTER))
    if (flags.json) {
      await printJson({ ...planDocument(plan, await countIncludedItems(id)), changes: lines })
      return 0
    }
    const tally = await tallyPlan(plan)
    await print(
      textTable(
        [{ title: 'TYPE' }, { title: 'WHAT' }, { title: 'TICKED' }, { title: 'RECORDS', align: 'right' }],
        tally.map(({ type, kind, included, count }) => [type, kind, included ? 'yes' : 'no', formatCount(count)]),
      ),
    )
    return 0
  })
}

/** `plans approve ID` and `plans discard ID`. */
export function decidePlan(id: string, decision: 'approve' | 'discard'): Promise<number> {
  return withSession(async () => {
    await existingPlan(id)
    return decision === 'approve'
      ? tell(await approvePlan(id, 'cli'), `Plan ${id} is approved: crosswalk plans apply ${id} carries it out.`)
      : tell(await discardPlan(id, 'cli'), `Plan ${id} is discarded.`)
  })
}

async function tell(answer: PlanAnswer, done: string): Promise<number> {
  if (answer.ok) await printLine(done)
  else note(answer.message)
  return answer.ok ? 0 : 1
}

/** `plans apply ID`: does exactly what is ticked, in this process, and exits as `sync` does. */
export function applyPlanCommand(id: string, flags: JsonFlag): Promise<number> {
  return withConnection(async (_, session) => {
    await existingPlan(id)
    const applied = await applyPlan({ planId: id, by: 'cli', trigger: 'cli' })
    if (!applied.ok) {
      note(applied.message)
      return 1
    }
    note(
      applied.attached
        ? `A sync is going already: following run ${applied.runId}. The plan was not applied.`
        : `Run ${applied.runId} started: it applies plan ${id}.`,
    )
    const isOwn = !applied.attached
    const stopped = await workOn(applied.runId, { isOwn, session, command: `crosswalk plans apply ${id}` })
    if (stopped) return signalStatus(stopped)
    const run = runDocument(await existingRun(applied.runId))
    await (flags.json ? printJson(run) : print(runSummary(run)))
    return runExitStatus(run.status)
  })
}

async function existingPlan(id: string): Promise<Plan> {
  const plan = await findPlan(id)
  if (plan) return plan
  throw usageProblem(`There is no plan ${id}: crosswalk plans shows those there are.`)
}
