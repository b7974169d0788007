import type { HttpAnswer } from '#lib/http/answer'
import { HttpFailure } from '#lib/http/failure'
import { createLimiter } from '#lib/http/limiter'
import { type HttpPorts, realPorts } from '#lib/http/ports'
import { createHttpClient, type HttpRequest } from '#lib/http/request'
import { createWeather } from '#lib/http/weather'
import { RemoteFailure } from '#lib/sync/ports'
import { type AjeraConfig, SYSTEM } from './config.ts'
import {
  type Envelope,
  envelope,
  failureFromEnvelope,
  failureFromHttp,
  isRefusal,
  isSessionRefusal,
  unreadable,
} from './errors.ts'
import { type ApiVersion, createSessions, type Session } from './session.ts'

export interface AjeraCall {
  readonly version: ApiVersion
  readonly method: string
  readonly args: Readonly<Record<string, unknown>>
  readonly page?: { readonly number: number; readonly size: number }
  readonly safety?: HttpRequest['safety']
  /** Calls that may take minutes, such as GetProjects with many keys. */
  readonly slow?: boolean
  readonly retries?: number
  readonly signal?: AbortSignal
}

export interface AjeraAnswer {
  readonly content: unknown
  readonly pageCount: number | null
  /** The other side's clock, milliseconds, by the Date header; ours where it sent none. */
  readonly remoteNow: number
}

export interface AjeraClient {
  /** One method call, signed in and checked. Throws {@link RemoteFailure} or the signal's reason. */
  call(call: AjeraCall): Promise<AjeraAnswer>
  /** Signs in with one API version, if it is not already. */
  signIn(version: ApiVersion, options?: { signal?: AbortSignal; retries?: number }): Promise<void>
  /** Their clock minus ours in seconds at the last answer, `null` before the first one. */
  clockDifference(): number | null
  close(): Promise<void>
}

const SLOW_MS = 180_000

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

/**
 * Ajera's single endpoint: POST, sessions per API version, envelope check, one new sign-in when a session is lost.
 * The password and the login answer stay in this file and `session.ts`.
 */
export function createAjeraClient(config: AjeraConfig): AjeraClient {
  const ports: HttpPorts = { ...realPorts, ...config.ports }
  const weather = config.weather ?? createWeather()
  const concurrency = () => weather.pace.places(config.concurrency)
  const limiter = createLimiter({ concurrency, rate: config.rate, ports })
  const http = createHttpClient({
    limiter,
    weather,
    ports,
    trusted: config.trusted,
    allowedHosts: config.allowedHosts,
    onAttempt: (attempt) => config.onCall?.({ side: 'erp', ...attempt }),
  })
  const url = urlOf(config.url)
  let difference: number | null = null

  function timeOf(answer: HttpAnswer): number {
    const sent = Date.parse(answer.header('date') ?? '')
    if (Number.isNaN(sent)) return ports.clock()
    difference = (sent - ports.clock()) / 1000
    return sent
  }

  async function post(
    method: string,
    body: Readonly<Record<string, unknown>>,
    options: Pick<AjeraCall, 'safety' | 'slow' | 'retries' | 'signal'>,
  ): Promise<{ answer: Envelope; remoteNow: number; status: number }> {
    if (!url) {
      const message = `The address of ${SYSTEM} is not a valid URL. Copy it from Ajera under Utility, Setup Integrations, API Settings.`
      throw new RemoteFailure({ side: 'erp', failureClass: 'not-executed', reason: 'address-refused', message })
    }
    try {
      const answer = await http.send({
        url,
        operation: method,
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ Method: method, ...body }),
        safety: options.safety ?? 'repeatable',
        retries: options.retries,
        signal: options.signal,
        recognise: ({ json }) => envelope.safeParse(json).success,
        ...(options.slow ? { headersTimeoutMs: SLOW_MS, bodyTimeoutMs: SLOW_MS } : {}),
      })
      const parsed = envelope.safeParse(answer.json)
      if (!parsed.success) throw unreadable(method, `something that is not an API answer (status ${answer.status})`)
      return { answer: parsed.data, remoteNow: timeOf(answer), status: answer.status }
    } catch (error) {
      throw error instanceof HttpFailure ? failureFromHttp(error) : error
    }
  }

  const sessions = createSessions({ config, clock: () => ports.clock(), post })

  /** A call whose sign-in failed was not sent itself, whatever became of the sign-in. */
  async function sessionFor(call: AjeraCall): Promise<Session> {
    try {
      return await sessions.open(call.version, call)
    } catch (error) {
      if (error instanceof RemoteFailure && error.failureClass === 'unknown') throw error.withClass('not-executed')
      throw error
    }
  }

  async function callWith(token: string, call: AjeraCall) {
    const paging = call.page ? { PageResults: true, PageNumber: call.page.number, PageSize: call.page.size } : {}
    return post(call.method, { SessionToken: token, MethodArguments: call.args, ...paging }, call)
  }

  return {
    async call(call) {
      let session = await sessionFor(call)
      let outcome = await callWith(session.token, call)
      if (isRefusal(outcome.answer) && isSessionRefusal(outcome.answer)) {
        sessions.drop(call.version, session)
        session = await sessionFor(call)
        outcome = await callWith(session.token, call)
      }
      const { answer, remoteNow } = outcome
      if (isRefusal(answer) && isSessionRefusal(answer)) {
        const message = `${SYSTEM} ended the session and did not accept a new one for ${call.method}. Check the API user.`
        throw new RemoteFailure({ side: 'erp', failureClass: 'definite', reason: 'session-lost', message })
      }
      if (isRefusal(answer)) throw failureFromEnvelope(call.method, answer)
      return { content: answer.Content, pageCount: answer.PageCount ?? null, remoteNow }
    },
    async signIn(version, options = {}) {
      await sessions.open(version, options)
    },
    clockDifference: () => difference,
    async close() {
      await sessions.end()
      await http.close()
    },
  }
}
