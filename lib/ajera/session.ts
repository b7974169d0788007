import { z } from 'zod'
import { unlessAborted } from '#lib/http/abortable'
import { RemoteFailure } from '#lib/sync/ports'
import { type AjeraConfig, SYSTEM } from './config.ts'
import { type Envelope, failureFromEnvelope, isRefusal, unreadable } from './errors.ts'

/** A session belongs to one API version; v1 and v2 methods cannot share it (ajera-api §2). */
export type ApiVersion = 1 | 2

export interface Session {
  readonly token: string
  /** By our clock, milliseconds; `null` where the answer told nothing usable. */
  readonly expiresAt: number | null
}

export interface Sessions {
  /** The session of that version, signing in first if need be; callers at the same time share one sign-in. */
  open(version: ApiVersion, options: { signal?: AbortSignal; retries?: number }): Promise<Session>
  /** Forgets this session, unless it was replaced already. */
  drop(version: ApiVersion, session: Session): void
  /** Ends all sessions, as well as that is possible. */
  end(): Promise<void>
}

interface Needs {
  readonly config: Pick<AjeraConfig, 'username' | 'password'>
  readonly clock: () => number
  readonly post: (
    method: string,
    body: Readonly<Record<string, unknown>>,
    options: { retries?: number; signal?: AbortSignal },
  ) => Promise<{ answer: Envelope; remoteNow: number }>
}

/** Everything else of the login answer is dropped here: it carries a third party's API key. */
const login = z.object({ SessionToken: z.string().min(1), SessionExpiration: z.string().nullish() })

const EARLY_MS = 60_000
const FAREWELL_MS = 3_000
const BAD_LOGIN = -150

function signInRefused(answer: Envelope): RemoteFailure {
  const wrong = (answer.Errors ?? []).some(({ ErrorID }) => ErrorID === BAD_LOGIN)
  const message = wrong
    ? `${SYSTEM} refused the sign-in: user name, password or the id in the address is wrong. Use the API user, not an employee's login.`
    : failureFromEnvelope('CreateAPISession', answer).message
  return new RemoteFailure({ side: 'erp', failureClass: 'definite', reason: 'sign-in-refused', message })
}

export function createSessions({ config, clock, post }: Needs): Sessions {
  const pending = new Map<ApiVersion, Promise<Session>>()
  const current = new Map<ApiVersion, Session>()

  async function signIn(version: ApiVersion, retries?: number): Promise<Session> {
    const { username, password } = config
    const body = { Username: username, Password: password, APIVersion: version, UseSessionCookie: false }
    const { answer, remoteNow } = await post('CreateAPISession', body, { retries })
    if (isRefusal(answer)) throw signInRefused(answer)
    const parsed = login.safeParse(answer.Content)
    if (!parsed.success) throw unreadable('CreateAPISession', 'no session')
    // The lifetime is a difference on their clock, so that ours need not agree with it.
    const lifetime = Date.parse(parsed.data.SessionExpiration ?? '') - remoteNow
    const expiresAt = lifetime > EARLY_MS ? clock() + lifetime - EARLY_MS : null
    return { token: parsed.data.SessionToken, expiresAt }
  }

  function renew(version: ApiVersion, retries?: number): Promise<Session> {
    const running = pending.get(version)
    if (running) return running
    const started = signIn(version, retries)
      .then((session) => {
        current.set(version, session)
        return session
      })
      .finally(() => pending.delete(version))
    pending.set(version, started)
    return started
  }

  return {
    async open(version, { signal, retries }) {
      signal?.throwIfAborted()
      const session = current.get(version)
      if (session && (session.expiresAt === null || session.expiresAt > clock())) return session
      return unlessAborted(renew(version, retries), signal)
    },
    drop(version, session) {
      if (current.get(version) === session) current.delete(version)
    },
    async end() {
      const open = [...current.values()]
      current.clear()
      const signal = AbortSignal.timeout(FAREWELL_MS)
      const ended = open.map(({ token }) => post('EndAPISession', { SessionToken: token }, { retries: 0, signal }))
      // A session that cannot be ended soon runs out by itself.
      await Promise.allSettled(ended)
    },
  }
}
