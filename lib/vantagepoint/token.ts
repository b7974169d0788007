import { z } from 'zod'
import { unlessAborted } from '#lib/http/abortable'
import type { HttpAnswer } from '#lib/http/answer'
import { RemoteFailure } from '#lib/sync/ports'
import type { VantagepointConfig } from './config.ts'
import { signInRefused, unreadable } from './errors.ts'

export interface Token {
  readonly accessToken: string
  readonly refreshToken: string | null
  /** By our clock, milliseconds: from here on it is renewed before use. */
  readonly renewAt: number
  /** Load-balancer cookies belong to a token: they lead to the node that knows it (vantagepoint-api §1). */
  readonly cookies: Map<string, string>
}

export interface Tokens {
  /** A token good for a call; callers at the same time share one sign-in. */
  open(options: { signal?: AbortSignal; retries?: number }): Promise<Token>
  /** Forgets this token, unless it was replaced already. */
  drop(token: Token): void
}

interface Needs {
  readonly config: VantagepointConfig
  readonly clock: () => number
  /** POST /token with a form; any status below 500. */
  readonly post: (form: URLSearchParams, options: { retries?: number }) => Promise<HttpAnswer>
}

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().catch(60),
  refresh_token: z.string().min(1).nullish(),
})

const EARLY_MS = 60_000

export function keepCookies(jar: Map<string, string>, setCookies: readonly string[]): void {
  for (const line of setCookies) {
    const match = /^\s*([^=;\s]+)=([^;]*)/.exec(line)
    if (match) jar.set(match[1] ?? '', match[2] ?? '')
  }
}

/** Password grant first, refresh about a minute before the end; a refused refresh falls back to the password. */
export function createTokens({ config, clock, post }: Needs): Tokens {
  let current: Token | null = null
  let pending: Promise<Token> | null = null

  async function ask(fields: Record<string, string>, retries?: number): Promise<Token> {
    const { database, clientId, clientSecret } = config
    const client = { database, Client_Id: clientId, client_secret: clientSecret }
    const answer = await post(new URLSearchParams({ ...fields, ...client }), { retries })
    if (answer.status >= 400) throw signInRefused(answer.status, answer.json)
    const parsed = tokenAnswer.safeParse(answer.json)
    if (!parsed.success) throw unreadable('token', 'no token')
    const lifetime = parsed.data.expires_in * 1000
    const cookies = new Map<string, string>()
    keepCookies(cookies, answer.cookies)
    return {
      accessToken: parsed.data.access_token,
      refreshToken: parsed.data.refresh_token ?? null,
      renewAt: clock() + lifetime - Math.min(EARLY_MS, lifetime * 0.1),
      cookies,
    }
  }

  async function renew(old: Token | null, retries?: number): Promise<Token> {
    if (old?.refreshToken) {
      try {
        return await ask({ grant_type: 'refresh_token', refresh_token: old.refreshToken }, retries)
      } catch (error) {
        if (!(error instanceof RemoteFailure && error.reason === 'sign-in-refused')) throw error
      }
    }
    const { username, password } = config
    return ask({ Username: username, Password: password, grant_type: 'password', Integrated: 'N' }, retries)
  }

  return {
    async open({ signal, retries }) {
      signal?.throwIfAborted()
      if (current && current.renewAt > clock()) return current
      pending ??= renew(current, retries)
        .then((token) => {
          current = token
          return token
        })
        .finally(() => {
          pending = null
        })
      return unlessAborted(pending, signal)
    },
    drop(token) {
      if (current === token) current = null
    },
  }
}
