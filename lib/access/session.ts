import { cookies, headers } from 'next/headers'
import { forbidden, redirect } from 'next/navigation'
import { cache } from 'react'
import { findLiveSession, type LiveSession } from '#lib/store/sessions'
import { hasAdministrator } from '#lib/store/users'
import { isSameOrigin } from './origin.ts'
import { may, type Permission, refusal } from './roles.ts'
import {
  decodeSessionToken,
  encodeSessionToken,
  SESSION_LIMITS,
  SESSION_SECONDS,
  sessionCookie,
} from './session-token.ts'

/** The person behind a request, as the database knows them now. */
export type SessionUser = LiveSession

/** Set by the proxy: the page that was asked for, so that signing in leads back to it. */
export const PATH_HEADER = 'x-crosswalk-path'

const SIGNED_OUT = 'You are signed out: sign in again, then repeat this.'
const FOREIGN = 'This request did not come from a page of Crosswalk.'

/** Who is signed in, checked in the database once per request; `null` for nobody. */
export const currentUser = cache(async (): Promise<SessionUser | null> => {
  const token = (await cookies()).get(sessionCookie().name)?.value
  return userOfToken(token)
})

/** For pages: leads to sign-in (or to set-up on a new installation), and to the refusal page without the permission. */
export async function requireUser(permission: Permission): Promise<SessionUser> {
  const user = await currentUser()
  if (!user) {
    if (!(await hasAdministrator())) redirect('/setup')
    const path = (await headers()).get(PATH_HEADER)
    redirect(path && path !== '/' ? `/sign-in?next=${encodeURIComponent(path)}` : '/sign-in')
  }
  if (!may(user.role, permission)) forbidden()
  return user
}

export type ActionUser =
  | { readonly ok: true; readonly user: SessionUser }
  | { readonly ok: false; readonly error: string }

/** For server actions: origin, session and role. The error is a sentence for the form. */
export async function actionUser(permission: Permission): Promise<ActionUser> {
  if (!isSameOrigin(await headers())) return { ok: false, error: FOREIGN }
  const user = await currentUser()
  if (!user) return { ok: false, error: SIGNED_OUT }
  return may(user.role, permission) ? { ok: true, user } : { ok: false, error: refusal(permission) }
}

export type RouteUser =
  | { readonly ok: true; readonly user: SessionUser }
  | { readonly ok: false; readonly response: Response }

/** For route handlers: 401 and 403 as JSON. Whatever is not a read must come from our own pages. */
export async function routeUser(request: Request, permission: Permission): Promise<RouteUser> {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (!isRead && !isSameOrigin(request.headers)) return refused(403, FOREIGN)
  const user = await userOfToken(cookieOf(request, sessionCookie().name))
  if (!user) return refused(401, SIGNED_OUT)
  return may(user.role, permission) ? { ok: true, user } : refused(403, refusal(permission))
}

/** Hands the browser the session that was just opened. Only in a server action or a route handler. */
export async function setSessionCookie(sessionId: string): Promise<void> {
  const { name, secure } = sessionCookie()
  const token = await encodeSessionToken(sessionId)
  const options = { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: SESSION_SECONDS } as const
  ;(await cookies()).set(name, token, options)
}

export async function clearSessionCookie(): Promise<void> {
  const { name, secure } = sessionCookie()
  ;(await cookies()).set(name, '', { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: 0 })
}

async function userOfToken(token: string | undefined): Promise<SessionUser | null> {
  const sessionId = await decodeSessionToken(token)
  return sessionId ? findLiveSession(sessionId, SESSION_LIMITS) : null
}

function cookieOf(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}

function refused(status: 401 | 403, error: string): RouteUser {
  const response = Response.json({ error }, { status, headers: { 'cache-control': 'no-store' } })
  return { ok: false, response }
}
