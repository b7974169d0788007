import { randomBytes, randomUUID } from 'node:crypto'
import type { Answer } from '../gate.ts'
import { okAnswer } from './answers.ts'
import type { Params } from './reads.ts'
import type { CrmContext } from './store.ts'

/** `/token`: password and refresh grants, form-encoded, field names in any letter case (vantagepoint-api §2). */
export interface CrmAccess {
  readonly database: string
  readonly clientId: string
  readonly clientSecret: string
  readonly username: string
  readonly password: string
}

interface Token {
  expires: number
  readonly refresh: string
}

export interface Tokens {
  grant(form: Params): Answer
  /** Is this bearer token good? Counts the call for the session-drop switch. */
  accepts(authorization: string | undefined): boolean
  drop(): number
}

function refused(error: string, description?: string): Answer {
  const body = description === undefined ? { error } : { error, error_description: description }
  return { status: 400, body: JSON.stringify(body), wrote: false }
}

const INVALID = 'Your login is not valid or has been disabled. Please contact your system administrator.'

export function createTokens(context: CrmContext, access: CrmAccess): Tokens {
  const live = new Map<string, Token>()
  const refreshable = new Set<string>()
  let calls = 0

  function issue(): Answer {
    const token = randomBytes(240).toString('base64url')
    const refresh = randomBytes(48).toString('base64')
    const seconds = context.faults().tokenSeconds
    live.set(token, { expires: Date.now() + seconds * 1000, refresh })
    refreshable.add(refresh)
    const body = { access_token: token, token_type: 'bearer', expires_in: seconds, refresh_token: refresh }
    const balancer = randomUUID().replaceAll('-', '').toUpperCase()
    const cookies = [`AWSELB=${balancer};PATH=/`, `AWSELBCORS=${balancer};PATH=/;SECURE;SAMESITE=None`]
    return { ...okAnswer(body), headers: { 'Content-Type': 'application/json; charset=utf-8', 'Set-Cookie': cookies } }
  }

  function grantPassword(form: Params): Answer {
    if (!context.faults().passwordGrant) return refused('unsupported_grant_type')
    const expected = {
      username: access.username,
      password: access.password,
      client_id: access.clientId,
      client_secret: access.clientSecret,
      database: access.database,
    }
    const fits = Object.entries(expected).every(([name, value]) => form.get(name) === value)
    const integrated = form.get('integrated') ?? 'N'
    return fits && integrated.toUpperCase() === 'N' ? issue() : refused('invalid_grant', INVALID)
  }

  function grantRefresh(form: Params): Answer {
    if (!context.faults().refreshGrant) return refused('unsupported_grant_type')
    const given = form.get('refresh_token') ?? ''
    const client = form.get('client_id') === access.clientId && form.get('client_secret') === access.clientSecret
    if (!client || !refreshable.has(given)) return refused('invalid_grant', INVALID)
    if (context.faults().singleUseRefresh) refreshable.delete(given)
    return issue()
  }

  return {
    grant(form) {
      const type = form.get('grant_type')
      if (type === 'password') return grantPassword(form)
      return type === 'refresh_token' ? grantRefresh(form) : refused('unsupported_grant_type')
    },
    accepts(authorization) {
      const value = /^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
      const { dropSessionEvery, slidingExpiry, tokenSeconds } = context.faults()
      calls++
      if (dropSessionEvery > 0 && calls % dropSessionEvery === 0) live.delete(value)
      const token = live.get(value)
      if (!token || token.expires <= Date.now()) {
        live.delete(value)
        return false
      }
      if (slidingExpiry) token.expires = Date.now() + tokenSeconds * 1000
      return true
    },
    drop() {
      const count = live.size
      live.clear()
      return count
    },
  }
}
