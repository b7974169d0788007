'use server'

import { redirect } from 'next/navigation'
import { actionUser } from '#lib/access/session'
import { fieldMapOf } from '#lib/connection-field-map'
import { currentConnection } from '#lib/store/connections'
import { decideConflict } from '#lib/store/decisions'
import { pinField, unpinField } from '#lib/store/pins'
import { formValues } from '../../_ui/form-values.ts'
import { afterwards } from '../mapping/notice.ts'
import { pinSchema, type RecordFormState, settleSchema } from './schema.ts'

const UNREADABLE = 'This form is not complete or holds a field it should not. Reload the page and try again.'
const UNCONNECTED = 'No connection is set up, so there is no record to change.'

/** Settles a conflict: one value for both sides, or a pin so that both stay. */
export async function settleAction(_: RecordFormState, form: FormData): Promise<RecordFormState> {
  const access = await actionUser('pair')
  if (!access.ok) return { error: access.error }
  const parsed = settleSchema.safeParse(formValues(form))
  if (!parsed.success) return { error: UNREADABLE }
  const connection = await currentConnection()
  if (connection === null) return { error: UNCONNECTED }
  const { choice, typed = '', returnTo, ...conflict } = parsed.data
  const entries = (await fieldMapOf(connection.id))[conflict.type]
  const asked = { ...conflict, connectionId: connection.id, by: access.user.email, entries }
  const result =
    choice === 'pin'
      ? await pinField(asked)
      : await decideConflict({ ...asked, choice: choice === 'typed' ? { typed } : { take: choice } })
  if (!result.ok) return { error: result.message, typed }
  redirect(afterwards(returnTo, choice === 'pin' ? 'pinned' : 'decided', conflict))
}

/** Pins a field, or takes its pin off. */
export async function pinAction(_: RecordFormState, form: FormData): Promise<RecordFormState> {
  const access = await actionUser('pair')
  if (!access.ok) return { error: access.error }
  const parsed = pinSchema.safeParse(formValues(form))
  if (!parsed.success) return { error: UNREADABLE }
  const connection = await currentConnection()
  if (connection === null) return { error: UNCONNECTED }
  const { to, returnTo, ...record } = parsed.data
  const entries = (await fieldMapOf(connection.id))[record.type]
  const change = to === 'pinned' ? pinField : unpinField
  const result = await change({ ...record, connectionId: connection.id, by: access.user.email, entries })
  if (!result.ok) return { error: result.message }
  redirect(afterwards(returnTo, to, record))
}
