import { createAddress, deleteAddress, listAddresses, updateAddress } from './crm/addresses.ts'
import { invalid, notFound, okAnswer, refusal } from './crm/answers.ts'
import { CODE_TABLES } from './crm/codes.ts'
import { metadata } from './crm/metadata.ts'
import { getRecord, listRecords, type Params } from './crm/reads.ts'
import type { CrmContext } from './crm/store.ts'
import { type CrmAccess, createTokens } from './crm/tokens.ts'
import { createRecord, deleteRecord, updateRecord } from './crm/writes.ts'
import { HUBS, type Hub } from './faults.ts'
import { type Answer, HTML, htmlPage, type Incoming, type OpenCall } from './gate.ts'
import { type Doc, isDoc, parseJson } from './json.ts'

/** The Vantagepoint side: `/token`, four hubs, firm addresses, code tables, metadata (vantagepoint-api §2–§8). */
export interface VantagepointServer {
  open(incoming: Incoming): OpenCall
  dropSessions(): number
}

function lowerNames(entries: Iterable<readonly [string, string]>): Map<string, string> {
  const result = new Map<string, string>()
  for (const [name, value] of entries) {
    const key = name.toLowerCase()
    if (!result.has(key)) result.set(key, value)
  }
  return result
}

function isForm(incoming: Incoming): boolean {
  return (incoming.headers['content-type'] ?? '').toLowerCase().includes('application/x-www-form-urlencoded')
}

/** A write body: JSON, or form-encoded with the same members (2026.1). */
function bodyOf(incoming: Incoming): Doc | null {
  if (isForm(incoming)) return Object.fromEntries(new URLSearchParams(incoming.body))
  const parsed = parseJson(incoming.body)
  return isDoc(parsed) ? parsed : null
}

function segmentsOf(path: string): string[] | null {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map((part) => decodeURIComponent(part))
  } catch {
    return null
  }
}

interface Call {
  readonly verb: string
  readonly segments: readonly string[]
  readonly params: Params
  readonly incoming: Incoming
}

export function createVantagepointServer(context: CrmContext, access: CrmAccess, basePath: string): VantagepointServer {
  const tokens = createTokens(context, access)

  function mayNot(hub: Hub, verb: string): Answer | null {
    const rights = context.faults().rights[hub]
    const allowed = verb === 'GET' ? rights.read : rights.write
    return allowed ? null : refusal(context, 403, [`You do not have access to the ${hub} area.`])
  }

  function onFirmAddress(call: Call, client: string, id: string | undefined): Answer {
    const { verb, incoming } = call
    if (verb === 'GET' && id === undefined) return listAddresses(context, client)
    if (verb === 'DELETE' && id !== undefined) return deleteAddress(context, client, id)
    const body = bodyOf(incoming)
    if (!body) return invalid(context, ['The request body is not valid.'])
    if (verb === 'POST' && id === undefined) return createAddress(context, client, body, access.username)
    if (verb === 'PUT' && id !== undefined) return updateAddress(context, client, id, body, access.username)
    return refusal(context, 405, ['The requested resource does not support this method.'])
  }

  function onHub(call: Call, hub: Hub): Answer {
    const { verb, segments, params, incoming } = call
    const [, rawKey, sub, subKey] = segments
    const refused = mayNot(hub, verb)
    if (refused) return refused
    if (hub === 'firm' && rawKey !== undefined && sub?.toLowerCase() === 'address')
      return onFirmAddress(call, rawKey, subKey)
    if (sub !== undefined) return notFound(context, `Resource ${segments.join('/')}`)
    const key = hub === 'employee' ? rawKey?.split('|')[0] : rawKey
    if (verb === 'GET')
      return key === undefined ? listRecords(context, hub, params) : getRecord(context, hub, key, params)
    if (verb === 'DELETE' && key !== undefined) return deleteRecord(context, hub, key)
    const body = bodyOf(incoming)
    if (!body) return invalid(context, ['The request body is not valid.'])
    const location = `http://${incoming.headers.host ?? '127.0.0.1'}${basePath}/${hub}`
    const write = { hub, body, params, user: access.username, location }
    if (verb === 'POST' && key === undefined) return createRecord(context, write)
    if (verb === 'PUT' && key !== undefined) return updateRecord(context, write, key)
    return refusal(context, 405, ['The requested resource does not support this method.'])
  }

  function route(call: Call): Answer {
    const [first = '', second = ''] = call.segments
    const head = first.toLowerCase()
    const hub = HUBS.find((one) => one === head)
    if (hub) return onHub(call, hub)
    if (head === 'codetable' && call.verb === 'GET') {
      const name = Object.keys(CODE_TABLES).find((table) => table.toLowerCase() === second.toLowerCase())
      return name
        ? okAnswer([...(CODE_TABLES[name] ?? [])].map((row) => ({ ...row })))
        : notFound(context, `Table ${second}`)
    }
    if (head === 'organization' && call.verb === 'GET') {
      return okAnswer([
        { Org: 'HL:ARC', Name: 'Architecture', Status: 'A' },
        { Org: 'HL:ENG', Name: 'Engineering', Status: 'A' },
      ])
    }
    const described = head === 'metadata' && call.verb === 'GET' ? metadata(context, second) : null
    return described ? okAnswer(described) : notFound(context, `Resource ${call.segments.join('/')}`)
  }

  function answer(incoming: Incoming, path: string | null, reading: boolean): Answer {
    if (incoming.target.length > context.faults().urlLimit) {
      return { status: 414, headers: HTML, body: htmlPage('414 Request-URI Too Long'), wrote: false }
    }
    const segments = path === null ? null : segmentsOf(path)
    if (!segments) return { status: 404, headers: HTML, body: htmlPage('404 Not Found'), wrote: false }
    if (segments.length === 1 && segments[0]?.toLowerCase() === 'token') {
      if (incoming.method !== 'POST')
        return refusal(context, 405, ['The requested resource does not support this method.'])
      return tokens.grant(lowerNames(new URLSearchParams(incoming.body)))
    }
    if (!tokens.accepts(incoming.headers.authorization)) {
      return refusal(context, 401, ['Session is invalid or timed out'])
    }
    const query = [...incoming.url.searchParams]
    const params = lowerNames(
      reading && incoming.method === 'POST' ? [...new URLSearchParams(incoming.body), ...query] : query,
    )
    return route({ verb: reading ? 'GET' : incoming.method, segments, params, incoming })
  }

  return {
    dropSessions: tokens.drop,
    open(incoming) {
      const { pathname } = incoming.url
      const inside = pathname.toLowerCase().startsWith(`${basePath.toLowerCase()}/`)
      const path = inside ? pathname.slice(basePath.length) : null
      const signIn = path?.toLowerCase() === '/token'
      const postAsGet =
        incoming.method === 'POST' && incoming.headers['dvp-postasget']?.toString().toLowerCase() === 'true'
      const reading = incoming.method === 'GET' || postAsGet
      const body = reading || signIn ? null : bodyOf(incoming)
      const resource = (path ?? pathname).split('/')[1] ?? ''
      const sub = /^\/firm\/[^/]+\/address/i.test(path ?? '') ? '/address' : ''
      const identity = {
        name: `${incoming.method} ${path ?? pathname}`,
        group: `${incoming.method} /${resource}${sub}`,
        signIn,
        query: signIn ? '' : [...incoming.url.searchParams].map(([name, value]) => `${name}=${value}`).join('&'),
        bodyFields: body ? Object.keys(body) : [],
      }
      return { identity, run: () => answer(incoming, path, reading) }
    },
  }
}
