import { Agent, request as undiciRequest } from 'undici'
import { type AddressRules, checkAddress, isExempt, publicLookup } from './address-check.ts'
import { type HttpAnswer, type RawAnswer, readAnswer } from './answer.ts'
import { failureFromTransport, HttpFailure } from './failure.ts'
import type { Limiter } from './limiter.ts'
import type { HttpPorts } from './ports.ts'
import type { Weather } from './weather.ts'

/** One attempt at a request, for the run's list of calls and for metrics. Never carries a query, header or body. */
export interface HttpAttempt {
  /** The caller's own name for the call, e.g. `GetProjects` or `GET /project`. */
  readonly operation: string
  readonly method: string
  readonly path: string
  /** `null`: no answer. */
  readonly status: number | null
  readonly milliseconds: number
}

export interface HttpRequest {
  readonly url: URL
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** `repeatable`: a read or an idempotent update. `once`: a create; repeated only if it certainly did nothing. */
  readonly safety: 'repeatable' | 'once'
  /** Attempts after the first; 5 unless told. */
  readonly retries?: number
  readonly headersTimeoutMs?: number
  readonly bodyTimeoutMs?: number
  readonly signal?: AbortSignal
  /** Is this body the API's own refusal, although its status is 5xx? */
  readonly recognise?: (answer: HttpAnswer) => boolean
}

export interface HttpClient {
  /** The answer, whatever its status below 500; otherwise throws {@link HttpFailure} or the signal's reason. */
  send(request: HttpRequest): Promise<HttpAnswer>
  close(): Promise<void>
}

export interface HttpClientOptions extends AddressRules {
  readonly limiter: Limiter
  readonly weather: Weather
  readonly ports: HttpPorts
  readonly onAttempt?: (attempt: HttpAttempt) => void
}

/** As many calls as an administrator can allow at once. */
const SOCKETS = 16
const CONNECT_TIMEOUT_MS = 5_000
const HEADERS_TIMEOUT_MS = 30_000
const BODY_TIMEOUT_MS = 60_000
const MAX_ANSWER_BYTES = 25 * 1024 * 1024
const MAX_RETRIES = 5
const MIN_BACKOFF_MS = 500
const MAX_BACKOFF_MS = 30_000
/** A longer wish to wait is handed to the caller, which can put the whole run off. */
const MAX_PATIENCE_SECONDS = 60

/** Full jitter between 0.5 s and a ceiling that doubles from 1 s to 30 s. `retry` counts from 0. */
export function backoffMs(retry: number, random: () => number): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, 1000 * 2 ** retry)
  return MIN_BACKOFF_MS + random() * (ceiling - MIN_BACKOFF_MS)
}

function mayRepeat(request: HttpRequest, failure: HttpFailure): boolean {
  if (!failure.retryable) return false
  if ((failure.retryAfterSeconds ?? 0) > MAX_PATIENCE_SECONDS) return false
  return request.safety === 'repeatable' || failure.failureClass === 'not-executed'
}

async function exchange(agent: Agent, request: HttpRequest): Promise<RawAnswer> {
  const headersTimeout = request.headersTimeoutMs ?? HEADERS_TIMEOUT_MS
  const bodyTimeout = request.bodyTimeoutMs ?? BODY_TIMEOUT_MS
  // undici's body timeout counts silence between two pieces; a server that drips would never meet it.
  const deadline = new AbortController()
  const timer = setTimeout(
    () =>
      deadline.abort(
        new HttpFailure({
          kind: 'timeout',
          failureClass: 'unknown',
          retryable: true,
          detail: 'the answer took too long',
        }),
      ),
    CONNECT_TIMEOUT_MS + headersTimeout + bodyTimeout,
  )
  const forward = () => deadline.abort(request.signal?.reason)
  request.signal?.addEventListener('abort', forward, { once: true })
  try {
    request.signal?.throwIfAborted()
    const { statusCode, headers, body } = await undiciRequest(request.url, {
      dispatcher: agent,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      headersTimeout,
      bodyTimeout,
      signal: deadline.signal,
    })
    return { status: statusCode, headers, text: await body.text() }
  } catch (error) {
    if (deadline.signal.aborted) throw deadline.signal.reason
    throw error
  } finally {
    clearTimeout(timer)
    request.signal?.removeEventListener('abort', forward)
  }
}

function agentsFor(rules: AddressRules): { agentOf(url: URL): Agent; close(): Promise<void> } {
  const agents = new Map<boolean, Agent>()
  return {
    agentOf(url) {
      const exempt = isExempt(url, rules)
      const agent =
        agents.get(exempt) ??
        new Agent({
          connections: SOCKETS,
          allowH2: false,
          maxResponseSize: MAX_ANSWER_BYTES,
          connect: { timeout: CONNECT_TIMEOUT_MS, ...(exempt ? {} : { lookup: publicLookup }) },
        })
      agents.set(exempt, agent)
      return agent
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()))
    },
  }
}

/**
 * HTTP for one connection: one pool of sockets, no redirects, answers capped at 25 MB, one layer of retries
 * (guide/reliability.md, "HTTP"). Every attempt passes the limiter; a `Retry-After` holds back all of them.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { limiter, weather, ports } = options
  const agents = agentsFor(options)

  async function attempt(request: HttpRequest): Promise<HttpAnswer> {
    const startedAt = ports.monotonic()
    let status: number | null = null
    let failure: HttpFailure | null = null
    try {
      const raw = await exchange(agents.agentOf(request.url), request)
      status = raw.status
      return readAnswer(raw, request.recognise ?? (() => false), ports.clock())
    } catch (error) {
      request.signal?.throwIfAborted()
      failure = failureFromTransport(error)
      throw failure
    } finally {
      const milliseconds = ports.monotonic() - startedAt
      weather.pace.note({ operation: request.operation, milliseconds, failure })
      options.onAttempt?.({
        operation: request.operation,
        method: request.method,
        path: request.url.pathname,
        status,
        milliseconds,
      })
    }
  }

  /** Nobody calls before the time the other side asked for; how long this request waits on its own. */
  function heed(failure: HttpFailure): number {
    const asked = Math.min(failure.retryAfterSeconds ?? 0, MAX_PATIENCE_SECONDS) * 1000
    if (asked > 0) limiter.hold(asked)
    return asked
  }

  return {
    async send(request) {
      const verdict = checkAddress(request.url, options)
      if (!verdict.ok) {
        const { detail } = verdict
        throw new HttpFailure({ kind: 'address-refused', failureClass: 'not-executed', retryable: false, detail })
      }
      const retries = request.retries ?? MAX_RETRIES
      for (let retry = 0; ; retry += 1) {
        try {
          return await limiter.run(() => weather.call(() => attempt(request)), request.signal)
        } catch (error) {
          if (!(error instanceof HttpFailure)) throw error
          const asked = heed(error)
          if (retry >= retries || !mayRepeat(request, error) || !weather.mayRepeat()) throw error
          await ports.sleep(Math.max(asked, backoffMs(retry, ports.random)), request.signal)
        }
      }
    },
    close: () => agents.close(),
  }
}
