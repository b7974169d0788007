'use server'

import { revalidatePath } from 'next/cache'
import { headers } from 'next/headers'
import { z } from 'zod'
import { audit } from '#lib/access/audit'
import { clientAddress } from '#lib/access/origin'
import { actionUser } from '#lib/access/session'
import { admitAttempt } from '#lib/access/throttle'
import { logger } from '#lib/ops/logger'
import { addChannel, saveMailAccess } from '#lib/ops/message-access'
import { sendTest, webhookProblem } from '#lib/ops/notify'
import { findMailServer } from '#lib/store/mail-server'
import { textOfTest } from '#lib/sync/alert-words'
import { formValues } from '../../../_ui/form-values.ts'
import { changeChannel } from './change-channel.ts'
import { channelForm, mailServerForm, newChannelForm, testForm } from './schema.ts'
import type { FormState } from './state.ts'

const PAGE = '/settings/notifications'
const SEE_BELOW = 'Nothing was saved: see the fields below.'

export async function mailServerAction(before: FormState, form: FormData): Promise<FormState> {
  const { password: _, ...values } = formValues(form)
  const answer = before.answer + 1
  const asked = await actionUser('settings')
  if (!asked.ok) return { values, error: asked.error, answer }
  const saved = await findMailServer()
  const parsed = mailServerForm(saved && { ...saved, hasPassword: saved.passwordEndsIn !== null }).safeParse(
    formValues(form),
  )
  if (!parsed.success) return { values, answer, ...complaints(parsed.error) }
  const { password, encryption, ...server } = parsed.data
  const by = asked.user.email
  await saveMailAccess({ ...server, secure: encryption === 'tls' }, password, by)
  await audit({ actor: by, action: 'mail-server.save', details: { ...server, encryption, password: password !== '' } })
  revalidatePath(PAGE)
  return { values: {}, answer, done: 'Saved. Press Test at an e-mail channel to see whether it works.' }
}

export async function addChannelAction(before: FormState, form: FormData): Promise<FormState> {
  const values = formValues(form)
  const answer = before.answer + 1
  const asked = await actionUser('settings')
  if (!asked.ok) return { values, error: asked.error, answer }
  const parsed = newChannelForm.safeParse(values)
  if (!parsed.success) return { values, answer, ...complaints(parsed.error) }
  const { kind, target } = parsed.data
  const problem = kind === 'webhook' ? webhookProblem(target) : null
  if (problem) return { values, answer, error: SEE_BELOW, fields: { target: [problem] } }
  const { id, secret } = await addChannel({ ...parsed.data, createdBy: asked.user.email })
  // Only the host: the path of a webhook may be as good as a password.
  const details = { kind, to: kind === 'webhook' ? new URL(target).host : target }
  await audit({ actor: asked.user.email, action: 'channel.add', subject: id, details })
  revalidatePath(PAGE)
  return { values: {}, answer, done: `${target} was added.`, ...(secret === null ? {} : { secret }) }
}

export async function channelAction(before: FormState, form: FormData): Promise<FormState> {
  const values = formValues(form)
  const answer = before.answer + 1
  const asked = await actionUser('settings')
  if (!asked.ok) return { values, error: asked.error, answer }
  const parsed = channelForm.safeParse(values)
  if (!parsed.success) return { values, answer, ...complaints(parsed.error) }
  const changed = await changeChannel(parsed.data)
  if (!changed) return { values: {}, answer, error: 'This channel no longer exists: load the page again.' }
  const { intent, channelId, ...details } = parsed.data
  await audit({ actor: asked.user.email, action: `channel.${intent}`, subject: channelId, details })
  revalidatePath(PAGE)
  return { values: {}, answer, ...changed }
}

/** Sends at once and tells the outcome. */
export async function testChannelAction(before: FormState, form: FormData): Promise<FormState> {
  const answer = before.answer + 1
  const asked = await actionUser('settings')
  if (!asked.ok) return { values: {}, error: asked.error, answer }
  const parsed = testForm.safeParse(formValues(form))
  if (!parsed.success) return { values: {}, answer, ...complaints(parsed.error) }
  const { id, email } = asked.user
  const address = clientAddress(await headers())
  if (!(await admitAttempt({ purpose: 'test-channel', account: id, address, allowance: 30 }))) {
    return { values: {}, answer, error: 'Too many tests. Wait a quarter of an hour.' }
  }
  const { channelId } = parsed.data
  const sent = await sendTest(channelId, textOfTest(email), (err) => logger.error({ err }, 'test not sent'))
  if (!sent) return { values: {}, answer, error: 'This channel no longer exists: load the page again.' }
  await audit({ actor: email, action: 'channel.test', subject: channelId, details: { arrived: sent.ok } })
  revalidatePath(PAGE)
  return sent.ok
    ? { values: {}, answer, done: 'The test was sent, and accepted at the other end.' }
    : { values: {}, answer, error: sent.problem }
}

function complaints(error: z.ZodError): Pick<FormState, 'error' | 'fields'> {
  const { fieldErrors, formErrors } = z.flattenError(error)
  return { fields: fieldErrors, error: formErrors[0] ?? SEE_BELOW }
}
