'use server'

import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { clientAddress, isSameOrigin } from '#lib/access/origin'
import { setSessionCookie } from '#lib/access/session'
import { signIn } from '#lib/access/sign-in'
import { formValues } from '../_ui/form-values.ts'
import type { SignInState } from './form.tsx'
import { safeNext, signInForm } from './schema.ts'

export async function signInAction(_: SignInState, form: FormData): Promise<SignInState> {
  const sent = await headers()
  if (!isSameOrigin(sent)) return { email: '', error: 'This request did not come from a page of Crosswalk.' }
  const values = formValues(form)
  const parsed = signInForm.safeParse(values)
  if (!parsed.success) {
    const { fieldErrors, formErrors } = z.flattenError(parsed.error)
    return { email: values.email ?? '', fields: fieldErrors, error: formErrors[0] }
  }
  const { email, password, next } = parsed.data
  const result = await signIn(email, password, clientAddress(sent))
  if (!result.ok) {
    const error =
      result.reason === 'throttled'
        ? 'Too many attempts. Wait a quarter of an hour, then try again.'
        : 'This e-mail address and password do not fit together.'
    return { email, error }
  }
  await setSessionCookie(result.sessionId)
  redirect(safeNext(next))
}
