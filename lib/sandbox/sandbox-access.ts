import { createHash } from 'node:crypto'
import type { AjeraAccess } from './ajera-server.ts'
import type { CrmAccess } from './crm/tokens.ts'

/** How to reach and enter the pair. Made from the seed, so that a restart on the same state keeps it. */
export interface SandboxCredentials {
  readonly ajera: { readonly url: string; readonly username: string; readonly password: string }
  readonly vantagepoint: {
    readonly url: string
    readonly database: string
    readonly clientId: string
    readonly clientSecret: string
    readonly username: string
    readonly password: string
  }
}

export const CRM_BASE = '/HarborLane/api'

/** No secret to anybody: whoever can reach the loopback address may know it. */
function secret(seed: number, name: string): string {
  return `sandbox-${createHash('sha256').update(`${name}:${seed}`).digest('hex').slice(0, 24)}`
}

export interface SandboxAccess {
  readonly ajera: AjeraAccess
  readonly vantagepoint: CrmAccess
}

export function accessOf(seed: number): SandboxAccess {
  const id = Buffer.from(JSON.stringify({ ClientID: 4711, DatabaseID: seed, IsSampleData: true })).toString('base64url')
  return {
    ajera: {
      path: '/harborlane/AjeraAPI.ashx',
      id,
      username: 'crosswalk.api',
      password: secret(seed, 'ajera'),
      thirdPartyKey: secret(seed, 'third-party'),
    },
    vantagepoint: {
      database: 'C0000004711P_1_HARBORLANE',
      clientId: secret(seed, 'client-id'),
      clientSecret: secret(seed, 'client-secret'),
      username: 'CROSSWALK',
      password: secret(seed, 'vantagepoint'),
    },
  }
}

export function credentialsOf(access: SandboxAccess, erpUrl: string, crmUrl: string): SandboxCredentials {
  const { path, id, username, password } = access.ajera
  return {
    ajera: { url: `${erpUrl}${path}?${id}`, username, password },
    vantagepoint: { url: `${crmUrl}${CRM_BASE}`, ...access.vantagepoint },
  }
}
