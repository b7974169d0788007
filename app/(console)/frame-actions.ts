'use server'

import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { isSameOrigin } from '#lib/access/origin'
import { clearSessionCookie, currentUser } from '#lib/access/session'
import { isServedOverHttps } from '#lib/access/session-token'
import { signOut } from '#lib/access/sign-in'
import { THEME_COOKIE, themeFromCookie } from '../_ui/theme.ts'

const YEAR_SECONDS = 365 * 24 * 3600

/** Anybody may choose how their own browser shows the pages; nothing is stored with us. */
export async function chooseThemeAction(form: FormData): Promise<void> {
  const chosen = form.get('theme')
  const theme = themeFromCookie(typeof chosen === 'string' ? chosen : undefined)
  const jar = await cookies()
  if (theme === 'system') jar.delete(THEME_COOKIE)
  else jar.set(THEME_COOKIE, theme, { path: '/', maxAge: YEAR_SECONDS, sameSite: 'lax', secure: isServedOverHttps() })
}

export async function signOutAction(): Promise<void> {
  const user = isSameOrigin(await headers()) ? await currentUser() : null
  if (user) await signOut(user)
  await clearSessionCookie()
  redirect('/sign-in')
}
