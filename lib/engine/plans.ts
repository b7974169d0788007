import { type Started, startRun } from '#lib/engine/start'
import { appendAudit } from '#lib/store/audit'
import { findConnection } from '#lib/store/connections'
import { database } from '#lib/store/database'
import { countIncludedItems, findPlan, movePlan, type Plan, tickItems } from '#lib/store/plans'
import { findRun, type RunTrigger } from '#lib/store/runs'

/** What a person does with a plan: tick, approve, apply, discard. Each answers a sentence where it may not be done. */

export type PlanAnswer = { readonly ok: true } | { readonly ok: false; readonly message: string }

const GONE = 'This plan does not exist any more. Make a new preview.'

const STATE_SENTENCES: Readonly<Record<Plan['state'], string>> = {
  open: 'This plan is open.',
  approved: 'This plan is approved already. Take the approval back to change it.',
  applied: 'This plan has been applied already. Make a new preview to see what has changed since.',
  discarded: 'This plan was discarded. Make a new preview.',
}

function refuse(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message }
}

/** Ticks or unticks items of an open plan: named ones, or all that pass a filter. */
export async function tickPlan(
  planId: string,
  which: Parameters<typeof tickItems>[2],
  included: boolean,
): Promise<PlanAnswer> {
  const plan = await findPlan(planId)
  if (!plan) return refuse(GONE)
  if (plan.state !== 'open') return refuse(STATE_SENTENCES[plan.state])
  await tickItems(database(), planId, which, included)
  return { ok: true }
}

/** Whether this person may approve the plan: where the connection asks for a second person, not the one who made it. */
export function mayApprove(plan: Pick<Plan, 'createdBy'>, by: string, secondApprover: boolean): boolean {
  return !secondApprover || plan.createdBy.toLowerCase() !== by.toLowerCase()
}

export async function approvePlan(planId: string, by: string): Promise<PlanAnswer> {
  const plan = await findPlan(planId)
  if (!plan) return refuse(GONE)
  if (plan.state !== 'open') return refuse(STATE_SENTENCES[plan.state])
  if (!mayApprove(plan, by, await asksSecondPerson(plan)))
    return refuse('This connection asks that somebody else than the person who made a plan approves it.')
  if ((await countIncludedItems(planId)) === 0)
    return refuse('No item of this plan is ticked, so there is nothing to approve.')
  return move(plan, by, ['open'], { state: 'approved', approvedBy: by }, 'plan.approve')
}

/** Takes an approval back: the plan can be changed again. */
export async function reopenPlan(planId: string, by: string): Promise<PlanAnswer> {
  const plan = await findPlan(planId)
  if (!plan) return refuse(GONE)
  return move(plan, by, ['approved'], { state: 'open' }, 'plan.reopen')
}

export async function discardPlan(planId: string, by: string): Promise<PlanAnswer> {
  const plan = await findPlan(planId)
  if (!plan) return refuse(GONE)
  return move(plan, by, ['open', 'approved'], { state: 'discarded' }, 'plan.discard')
}

export type Applied =
  | { readonly ok: true; readonly runId: string; readonly attached: boolean }
  | { readonly ok: false; readonly message: string }

/** Thrown inside the transaction that starts the run, to undo it. */
const TAKEN = new Error('Somebody else has applied or changed the plan.')

/**
 * Starts the run that does exactly what is ticked. Where no second person is asked for, applying approves. A run that is
 * going is answered instead, and the plan stays as it is.
 */
export async function applyPlan(input: {
  readonly planId: string
  readonly by: string
  readonly trigger: RunTrigger
}): Promise<Applied> {
  const { planId, by, trigger } = input
  const plan = await findPlan(planId)
  const previewed = plan && (await findRun(plan.runId))
  if (!plan || !previewed) return refuse(GONE)
  if (plan.state === 'open') {
    if (await asksSecondPerson(plan)) return refuse('This plan waits for the approval of a second person.')
    const approved = await approvePlan(planId, by)
    if (!approved.ok) return approved
  } else if (plan.state !== 'approved') return refuse(STATE_SENTENCES[plan.state])
  try {
    const started: Started = await startRun(
      {
        connectionId: plan.connectionId,
        trigger,
        startedBy: by,
        options: { ...previewed.options, allBatches: true, preview: false },
        purpose: { kind: 'apply', planId },
      },
      async (tx, runId) => {
        if (!(await movePlan(tx, planId, ['approved'], { state: 'applied', appliedRunId: runId }))) throw TAKEN
      },
    )
    return { ok: true, runId: started.runId, attached: !started.ok }
  } catch (error) {
    if (error === TAKEN) return refuse('Somebody else has applied or changed this plan meanwhile. Reload the page.')
    throw error
  }
}

async function asksSecondPerson(plan: Plan): Promise<boolean> {
  return (await findConnection(plan.connectionId))?.settings.secondApprover === true
}

async function move(
  plan: Plan,
  by: string,
  from: Parameters<typeof movePlan>[2],
  to: Parameters<typeof movePlan>[3],
  action: string,
): Promise<PlanAnswer> {
  return database().$transaction(async (tx): Promise<PlanAnswer> => {
    if (!(await movePlan(tx, plan.id, from, to))) return refuse(STATE_SENTENCES[plan.state])
    await appendAudit(tx, { actor: by, action, subject: plan.id, details: { runId: plan.runId } })
    return { ok: true }
  })
}
