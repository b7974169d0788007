'use server'

import { redirect } from 'next/navigation'
import { actionUser } from '#lib/access/session'
import { startRun } from '#lib/engine/start'
import { isHeldByBrake } from '#lib/store/views-brake'
import { findRunView } from '#lib/store/views-runs'
import { formValues } from '../../../_ui/form-values.ts'
import { type RemovalState, removalProblem, removalSchema } from './schema.ts'

/** Runs once more with the same options, and lets it remove what the brake held back (sync-rules §8 step 4). */
export async function allowRemovalAction(_: RemovalState, form: FormData): Promise<RemovalState> {
  const access = await actionUser('run')
  const values = formValues(form)
  const refused = (error: string) => ({ error, reason: values.reason ?? '' })
  if (!access.ok) return refused(access.error)
  const parsed = removalSchema.safeParse(values)
  if (!parsed.success) return refused(removalProblem(parsed.error))
  const run = await findRunView(parsed.data.run)
  if (run === null || !(await isHeldByBrake(run))) {
    return refused('This run no longer waits for a decision. Look at the newest run of the connection.')
  }
  const { connectionId, options } = run
  const { ok, runId } = await startRun({
    connectionId,
    options,
    trigger: 'manual',
    startedBy: access.user.email,
    brakeReason: parsed.data.reason,
  })
  redirect(`/sync/${runId}${ok ? '' : '?attached=yes'}`)
}
