import type { HttpAnswer } from '#lib/http/answer'
import { HttpFailure } from '#lib/http/failure'
import { createLimiter } from '#lib/http/limiter'
import { type HttpPorts, realPorts } from '#lib/http/ports'
import { createHttpClient, type HttpRequest } from '#lib/http/request'
import { createWeather } from '#lib/http/weather'
import { RemoteFailure } from '#lib/sync/ports'
import { SYSTEM, type VantagepointConfig } from './config.ts'
import { failureFromAnswer, failureFromHttp, isOwnRefusal } from './errors.ts'
import { createTokens, keepCookies, type Token } from './token.ts'

export interface VantagepointCall {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Segments below the base URL, not yet encoded. */
  readonly path: readonly string[]
  readonly query?: readonly (readonly [string, string])[]
  readonly body?: Readonly<Record<string, unknown>>
  /** For sentences: what the request is about. */
  readonly noun: string
  readonly retries?: number
  readonly signal?: AbortSignal
}

export interface VantagepointClient {
  /** The JSON of a 2xx answer. Anything else is thrown as {@link RemoteFailure}. */
  call(call: VantagepointCall): Promise<unknown>
  signIn(options: { signal?: AbortSignal; retries?: number }): Promise<void>
  /** Their clock minus ours in seconds at the last answer, `null` before the first one. */
  clockDifference(): number | null
  readonly ports: HttpPorts
  close(): Promise<void>
}

function targetOf(base: string, call: Pick<VantagepointCall, 'path' | 'query'>): URL | null {
  const path = call.path.map(encodeURIComponent).join('/')
  const query = (call.query ?? []).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  const text = `${base.replace(/\/+$/, '')}/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`
  return URL.canParse(text) ? new URL(text) : null
}

function invalidAddress(): RemoteFailure {
  const message = `The address of ${SYSTEM} is not a valid URL. It ends with /api, for example https://firm.deltekfirst.com/Firm/api.`
  return new RemoteFailure({ side: 'crm', failureClass: 'not-executed', reason: 'address-refused', message })
}

/**
 * Vantagepoint's REST API: bearer token, cookies per token, a 401 answered by one new sign-in, refusals read from the
 * body whatever the status. A POST is sent once unless it certainly did nothing.
 */
export function createVantagepointClient(config: VantagepointConfig): VantagepointClient {
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
    onAttempt: (attempt) => config.onCall?.({ side: 'crm', ...attempt }),
  })
  let difference: number | null = null

  async function send(request: Omit<HttpRequest, 'url'> & { readonly url: URL | null }): Promise<HttpAnswer> {
    const { url } = request
    if (!url) throw invalidAddress()
    try {
      const answer = await http.send({ ...request, url })
      const sent = Date.parse(answer.header('date') ?? '')
      if (!Number.isNaN(sent)) difference = (sent - ports.clock()) / 1000
      return answer
    } catch (error) {
      throw error instanceof HttpFailure ? failureFromHttp(error) : error
    }
  }

  const tokens = createTokens({
    config,
    clock: () => ports.clock(),
    post: (form, { retries }) =>
      send({
        url: targetOf(config.url, { path: ['token'] }),
        operation: 'POST /token',
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: form.toString(),
        safety: 'repeatable',
        retries,
      }),
  })

  async function attempt(call: VantagepointCall, token: Token): Promise<HttpAnswer> {
    const cookie = [...token.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await send({
      url: targetOf(config.url, call),
      operation: `${call.method} /${call.path[0] ?? ''}${call.path.length > 2 ? `/…/${call.path[2]}` : ''}`,
      method: call.method,
      headers: {
        authorization: `Bearer ${token.accessToken}`,
        accept: 'application/json',
        ...(call.body ? { 'content-type': 'application/json' } : {}),
        ...(cookie === '' ? {} : { cookie }),
      },
      body: call.body ? JSON.stringify(call.body) : undefined,
      safety: call.method === 'POST' ? 'once' : 'repeatable',
      retries: call.retries,
      signal: call.signal,
      recognise: ({ json }) => isOwnRefusal(json),
    })
    keepCookies(token.cookies, answer.cookies)
    return answer
  }

  /** A call whose sign-in failed was not sent itself, whatever became of the sign-in. */
  async function tokenFor(call: VantagepointCall): Promise<Token> {
    try {
      return await tokens.open(call)
    } catch (error) {
      if (error instanceof RemoteFailure && error.failureClass === 'unknown') throw error.withClass('not-executed')
      throw error
    }
  }

  return {
    async call(call) {
      const token = await tokenFor(call)
      let answer = await attempt(call, token)
      if (answer.status === 401) {
        // Turned away before anything was done, so this is safe for a create too.
        tokens.drop(token)
        answer = await attempt(call, await tokenFor(call))
      }
      if (answer.status >= 400) throw failureFromAnswer(answer, call.noun, call.method === 'POST')
      return answer.json
    },
    async signIn(options) {
      await tokens.open(options)
    },
    clockDifference: () => difference,
    ports,
    close: () => http.close(),
  }
}
