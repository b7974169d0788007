'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { actionUser } from '#lib/access/session'
import { type RetryStarted, startOne, startRetry } from '#lib/engine/retry'
import { currentConnection } from '#lib/store/connections'
import { formValues } from '../../_ui/form-values.ts'
import { oneRecordSchema, type RetryState, retrySchema } from './retry-schema.ts'

const UNREADABLE = { error: 'This form is not complete or holds a field it should not. Reload the page and try again.' }

/** Sends what failed in a run once more, or attaches to the run that is going (sync-rules §2.1). */
export async function retryAction(_: RetryState, form: FormData): Promise<RetryState> {
  const access = await actionUser('run')
  if (!access.ok) return { error: access.error }
  const parsed = retrySchema.safeParse(formValues(form))
  if (!parsed.success) return UNREADABLE
  const by = { trigger: 'manual', startedBy: access.user.email } as const
  return lead(await startRetry(parsed.data.run, parsed.data.choice, by))
}

/** Syncs one record and no other, or attaches to the run that is going. */
export async function syncOneAction(_: RetryState, form: FormData): Promise<RetryState> {
  const access = await actionUser('run')
  if (!access.ok) return { error: access.error }
  const parsed = oneRecordSchema.safeParse(formValues(form))
  if (!parsed.success) return UNREADABLE
  const connection = await currentConnection()
  if (!connection) return { error: 'There is no connection yet. Set one up under Settings, Connection.' }
  const by = { trigger: 'manual', startedBy: access.user.email } as const
  return lead(await startOne(connection.id, parsed.data, by))
}

function lead(started: RetryStarted): RetryState {
  if ('message' in started) return { error: started.message }
  revalidatePath('/sync')
  redirect(`/sync/${started.runId}${started.ok ? '' : '?attached=yes'}`)
}
