import { decode, encode } from 'next-auth/jwt'
import { z } from 'zod'

/** How long a session lives without a sign of life, and at the longest. The database decides; the cookie only carries. */
export const SESSION_LIMITS = { idleMinutes: 30, absoluteHours: 12 } as const
export const SESSION_SECONDS = SESSION_LIMITS.absoluteHours * 3600

const claims = z.object({ sid: z.uuid() })

/** Over https the name itself binds the cookie to this host: no subdomain can plant one. */
export function sessionCookie(): { name: string; secure: boolean } {
  const secure = isServedOverHttps()
  return { name: secure ? '__Host-crosswalk-session' : 'crosswalk-session', secure }
}

export function isServedOverHttps(): boolean {
  return process.env.NEXTAUTH_URL?.startsWith('https://') === true
}

/** next-auth's encrypted token carrying nothing but the session's id. */
export async function encodeSessionToken(sessionId: string): Promise<string> {
  return encode({ token: { sid: sessionId }, secret: sessionSecret(), maxAge: SESSION_SECONDS })
}

/** The session's id, or `null` for whatever is not a token of ours. */
export async function decodeSessionToken(token: string | undefined): Promise<string | null> {
  if (!token) return null
  try {
    const parsed = claims.safeParse(await decode({ token, secret: sessionSecret() }))
    return parsed.success ? parsed.data.sid : null
  } catch {
    return null
  }
}

export function sessionSecret(): string {
  const secret = process.env.NEXTAUTH_SECRET
  if (!secret) throw new Error('NEXTAUTH_SECRET is not set: start Crosswalk with "npm start", or set it.')
  return secret
}
