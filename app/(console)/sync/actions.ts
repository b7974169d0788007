'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { audit } from '#lib/access/audit'
import { actionUser } from '#lib/access/session'
import { requestCancel, requestPause, resumeRun, startRun } from '#lib/engine/start'
import { currentConnection } from '#lib/store/connections'
import { formValues } from '../../_ui/form-values.ts'
import { cancelFormSchema, formProblem, runFormSchema, syncFormSchema, tickedOptions, toRunOptions } from './schema.ts'
import type { CancelState, StartState } from './states.ts'

/** Starts a sync, or attaches to the one that is going (sync-rules §2.1). */
export async function startSyncAction(before: StartState, form: FormData): Promise<StartState> {
  const access = await actionUser('run')
  const values = formValues(form)
  const attempt = before.attempt + 1
  const refused = (error: string) => ({ error, attachedTo: null, options: tickedOptions(values), attempt })
  if (!access.ok) return refused(access.error)
  const parsed = syncFormSchema.safeParse(values)
  if (!parsed.success) return refused(formProblem(parsed.error))
  const connection = await currentConnection()
  if (!connection) return refused('There is no connection yet. Set one up under Settings, Connection.')
  const started = await startRun({
    connectionId: connection.id,
    trigger: 'manual',
    startedBy: access.user.email,
    options: toRunOptions(parsed.data),
  })
  revalidatePath('/sync')
  if (!parsed.data.attach) redirect(`/sync/${started.runId}${started.ok ? '' : '?attached=yes'}`)
  return { error: null, attachedTo: started.ok ? null : started.runId, options: null, attempt }
}

/** Asks an open run to stop at its next record (sync-rules §10.5). */
export async function cancelRunAction(_: CancelState, form: FormData): Promise<CancelState> {
  const access = await actionUser('run')
  if (!access.ok) return { error: access.error }
  const parsed = cancelFormSchema.safeParse(formValues(form))
  if (!parsed.success) return { error: 'This form names no run. Reload the page and try again.' }
  const asked = await requestCancel(parsed.data.run, access.user.email)
  if (!asked) return { error: 'This sync has ended already, so there is nothing to cancel.' }
  await audit({ actor: access.user.email, action: 'run.cancel', subject: parsed.data.run })
  revalidatePath('/sync', 'layout')
  if (!parsed.data.attach) redirect(`/sync/${parsed.data.run}`)
  return { error: null }
}

/** Asks an open run to wait from its next record on. */
export async function pauseRunAction(_: CancelState, form: FormData): Promise<CancelState> {
  return changeRun(form, {
    change: requestPause,
    action: 'run.pause',
    refusal: 'This sync cannot be paused: it has ended, is paused already, or is stopping.',
  })
}

/** Lets a paused run go on, or one that waits for a system try again at once. */
export async function resumeRunAction(_: CancelState, form: FormData): Promise<CancelState> {
  return changeRun(form, {
    change: (runId) => resumeRun(runId),
    action: 'run.resume',
    refusal: 'This sync does not wait any more: it goes on, or has ended.',
  })
}

async function changeRun(
  form: FormData,
  {
    change,
    action,
    refusal,
  }: { change: (runId: string, by: string) => Promise<boolean>; action: string; refusal: string },
): Promise<CancelState> {
  const access = await actionUser('run')
  if (!access.ok) return { error: access.error }
  const parsed = runFormSchema.safeParse(formValues(form))
  if (!parsed.success) return { error: 'This form names no run. Reload the page and try again.' }
  if (!(await change(parsed.data.run, access.user.email))) return { error: refusal }
  await audit({ actor: access.user.email, action, subject: parsed.data.run })
  revalidatePath('/sync', 'layout')
  return { error: null }
}
