import type { AuthOptions } from 'next-auth'
import Credentials from 'next-auth/providers/credentials'
import { findLiveSession } from '#lib/store/sessions'
import { clientAddress } from './origin.ts'
import { isServedOverHttps, SESSION_LIMITS, SESSION_SECONDS, sessionCookie, sessionSecret } from './session-token.ts'
import { signIn, signOut } from './sign-in.ts'

/**
 * next-auth over the same door as the sign-in page: one check of passwords, one kind of session, one cookie. Built per
 * request, since the secret and the address come from the environment of the running process.
 */
export function authOptions(request: Request): AuthOptions {
  const { name, secure } = sessionCookie()
  const prefix = isServedOverHttps() ? '__Host-crosswalk' : 'crosswalk'
  const options = { httpOnly: true, secure, sameSite: 'lax', path: '/' } as const
  return {
    secret: sessionSecret(),
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    cookies: {
      sessionToken: { name, options },
      csrfToken: { name: `${prefix}-csrf`, options },
      callbackUrl: { name: `${prefix}-callback`, options },
    },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        async authorize(given) {
          const address = clientAddress(request.headers)
          const result = await signIn(given?.email ?? '', given?.password ?? '', address)
          return result.ok ? { id: result.sessionId } : null
        },
      }),
    ],
    callbacks: {
      /** The token holds the session's id and nothing else that next-auth would put there. */
      jwt: ({ token, user }) => ({ sid: user ? user.id : token.sid }),
      async session({ session, token }) {
        const live = typeof token.sid === 'string' ? await findLiveSession(token.sid, SESSION_LIMITS) : null
        return { expires: session.expires, user: live ? { name: live.name, email: live.email } : undefined }
      },
    },
    events: {
      async signOut({ token }) {
        const live = typeof token.sid === 'string' ? await findLiveSession(token.sid, SESSION_LIMITS) : null
        if (live) await signOut(live)
      },
    },
    logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
  }
}
