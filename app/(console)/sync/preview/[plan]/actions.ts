'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import type { Permission } from '#lib/access/roles'
import { actionUser } from '#lib/access/session'
import { applyPlan, approvePlan, discardPlan, type PlanAnswer, reopenPlan, tickPlan } from '#lib/engine/plans'
import { formValues } from '../../../../_ui/form-values.ts'
import { planFormSchema, tickAllFormSchema, tickFormSchema, toPlanFilter } from './schema.ts'
import type { PlanFormState } from './state.ts'

const UNREADABLE = 'This form cannot be read. Reload the page and try again.'
const PERMISSION: Permission = 'run'

/** Ticks or unticks one item of an open plan. */
export async function tickItemAction(_: PlanFormState, form: FormData): Promise<PlanFormState> {
  const access = await actionUser(PERMISSION)
  if (!access.ok) return { error: access.error }
  const parsed = tickFormSchema.safeParse(formValues(form))
  if (!parsed.success) return { error: UNREADABLE }
  return said(await tickPlan(parsed.data.plan, { ids: [parsed.data.item] }, parsed.data.to === 'on'))
}

/** Ticks or unticks all items that pass the filter of the page. */
export async function tickAllAction(_: PlanFormState, form: FormData): Promise<PlanFormState> {
  const access = await actionUser(PERMISSION)
  if (!access.ok) return { error: access.error }
  const parsed = tickAllFormSchema.safeParse(formValues(form))
  if (!parsed.success) return { error: UNREADABLE }
  return said(await tickPlan(parsed.data.plan, { filter: toPlanFilter(parsed.data) }, parsed.data.to === 'on'))
}

export async function approvePlanAction(_: PlanFormState, form: FormData): Promise<PlanFormState> {
  return decide(form, approvePlan)
}

export async function reopenPlanAction(_: PlanFormState, form: FormData): Promise<PlanFormState> {
  return decide(form, reopenPlan)
}

export async function discardPlanAction(_: PlanFormState, form: FormData): Promise<PlanFormState> {
  return decide(form, discardPlan)
}

/** Starts the run that does exactly what is ticked, and leads to it. */
export async function applyPlanAction(_: PlanFormState, form: FormData): Promise<PlanFormState> {
  const access = await actionUser(PERMISSION)
  if (!access.ok) return { error: access.error }
  const parsed = planFormSchema.safeParse(formValues(form))
  if (!parsed.success) return { error: UNREADABLE }
  const applied = await applyPlan({ planId: parsed.data.plan, by: access.user.email, trigger: 'manual' })
  if (!applied.ok) return { error: applied.message }
  revalidatePath('/sync', 'layout')
  redirect(`/sync/${applied.runId}${applied.attached ? '?attached=yes' : ''}`)
}

async function decide(
  form: FormData,
  act: (planId: string, by: string) => Promise<PlanAnswer>,
): Promise<PlanFormState> {
  const access = await actionUser(PERMISSION)
  if (!access.ok) return { error: access.error }
  const parsed = planFormSchema.safeParse(formValues(form))
  if (!parsed.success) return { error: UNREADABLE }
  return said(await act(parsed.data.plan, access.user.email))
}

function said(answer: PlanAnswer): PlanFormState {
  if (answer.ok) revalidatePath('/sync/preview/[plan]', 'page')
  return { error: answer.ok ? null : answer.message }
}
