'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { actionUser } from '#lib/access/session'
import { startComparison } from '#lib/engine/comparison'
import { currentConnection } from '#lib/store/connections'
import { findRun } from '#lib/store/runs'
import { formValues, unknownFields } from '../../_ui/form-values.ts'
import type { CompareState } from './state.ts'

const noFields = z.strictObject({}, { error: unknownFields })

/** Compares both sides now, or leads to the run that is going (sync-rules §2.1). */
export async function compareAction(_: CompareState, form: FormData): Promise<CompareState> {
  const access = await actionUser('run')
  if (!access.ok) return { error: access.error }
  const parsed = noFields.safeParse(formValues(form))
  if (!parsed.success) return { error: parsed.error.issues[0]?.message ?? 'This form cannot be read.' }
  const connection = await currentConnection()
  if (!connection) return { error: 'There is no connection yet. Set one up under Settings, Connection.' }
  const started = await startComparison(connection.id, access.user.email)
  revalidatePath('/reconciliation')
  const isComparison = started.ok || (await findRun(started.runId))?.kind === 'reconcile'
  redirect(isComparison ? '/reconciliation' : `/sync/${started.runId}?attached=yes`)
}
