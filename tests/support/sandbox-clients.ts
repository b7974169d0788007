import type { SandboxCredentials } from '#lib/sandbox/sandbox-access'

/** Bare clients of both sandbox systems, as plain as the wire: no retry, no zod, nothing of the connectors. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came over the wire and asserts on it
export type Wire = any

export interface WireAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Wire
}

async function exchange(url: string, init: RequestInit): Promise<WireAnswer> {
  const response = await fetch(url, init)
  const text = await response.text()
  let body: Wire = null
  try {
    body = JSON.parse(text)
  } catch {
    body = null
  }
  return { status: response.status, headers: response.headers, text, body }
}

export interface AjeraWire {
  raw(body: Wire, url?: string): Promise<WireAnswer>
  signIn(version: 1 | 2): Promise<string>
  /** Signs in with the version once and answers the envelope. */
  call(version: 1 | 2, method: string, args?: Wire, more?: Wire): Promise<Wire>
}

export function ajeraWire(credentials: SandboxCredentials['ajera']): AjeraWire {
  const tokens = new Map<number, string>()
  const raw = (body: Wire, url = credentials.url): Promise<WireAnswer> =>
    exchange(url, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })
  const signIn = async (version: 1 | 2): Promise<string> => {
    const { username, password } = credentials
    const body = { Method: 'CreateAPISession', Username: username, Password: password, APIVersion: version }
    const answer = await raw({ ...body, UseSessionCookie: false })
    return answer.body.Content.SessionToken
  }
  return {
    raw,
    signIn,
    async call(version, method, args = {}, more = {}) {
      const token = tokens.get(version) ?? (await signIn(version))
      tokens.set(version, token)
      return (await raw({ Method: method, SessionToken: token, MethodArguments: args, ...more })).body
    },
  }
}

export interface VantagepointWire {
  token(form: Record<string, string>): Promise<WireAnswer>
  passwordForm(): Record<string, string>
  send(method: string, path: string, body?: Wire, headers?: Record<string, string>): Promise<WireAnswer>
  get(path: string): Promise<WireAnswer>
  signIn(): Promise<WireAnswer>
}

export function vantagepointWire(credentials: SandboxCredentials['vantagepoint']): VantagepointWire {
  let bearer: string | null = null
  const token = (form: Record<string, string>): Promise<WireAnswer> =>
    exchange(`${credentials.url}/token`, { method: 'POST', body: new URLSearchParams(form) })
  const passwordForm = (): Record<string, string> => ({
    Username: credentials.username,
    Password: credentials.password,
    grant_type: 'password',
    Integrated: 'N',
    database: credentials.database,
    Client_Id: credentials.clientId,
    client_secret: credentials.clientSecret,
  })
  const signIn = async (): Promise<WireAnswer> => {
    const answer = await token(passwordForm())
    bearer = answer.body.access_token
    return answer
  }
  const send: VantagepointWire['send'] = async (method, path, body, headers = {}) => {
    if (bearer === null) await signIn()
    const form = body instanceof URLSearchParams
    return exchange(`${credentials.url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${bearer}`,
        ...(form || body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    })
  }
  return { token, passwordForm, send, signIn, get: (path) => send('GET', path) }
}

/** `filterHash` clauses as a query: `[name, value, opp?, more?]`. */
export function filterQuery(clauses: readonly (readonly [string, string, string?, Record<string, string>?])[]): string {
  const params = new URLSearchParams()
  for (const [index, [name, value, opp, more = {}]] of clauses.entries()) {
    const members = { name, value, ...(opp === undefined ? {} : { opp }), ...more }
    for (const [member, text] of Object.entries(members)) params.set(`filterHash[${index}][${member}]`, text)
  }
  return params.toString()
}
