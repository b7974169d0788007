/**
 * How many records of the firm are what. With the defaults a first sync finds more than 1,500 projects due, so that
 * it ends with "3 more times". `tests/contract/sandbox-firm.test.ts` counts these over HTTP.
 */
export interface FirmSize {
  readonly projects: number
  readonly clients: number
  readonly contacts: number
  readonly employees: number
}

export const DEFAULT_SIZE: FirmSize = { projects: 1700, clients: 300, contacts: 900, employees: 120 }

export interface ProjectMix {
  /** Synced, open, one CRM twin, content differs. */
  readonly due: number
  /** Synced, open, one CRM twin, content agrees. */
  readonly identical: number
  /** Closed, synced, one CRM twin, content differs. */
  readonly closed: number
  /** Not set to sync, one CRM twin. */
  readonly unsyncedWithTwin: number
  /** Not set to sync, no CRM twin. */
  readonly unsyncedAlone: number
  /** Synced, open, no CRM twin, not to be created either. */
  readonly noMatch: number
  /** Pairs of ERP namesakes with one CRM record between them (two ERP projects each). */
  readonly erpNamesakePairs: number
  /** ERP projects with two CRM namesakes. */
  readonly crmNamesakes: number
  /** Create in CRM, with an ID and without one. */
  readonly createWithNumber: number
  readonly createWithoutNumber: number
  /** CRM only: pursuits, some of them flagged to sync. */
  readonly pursuits: number
  /** CRM projects with phases below them. */
  readonly phased: number
}

function shareOf(total: number, whole: number) {
  return (part: number): number => Math.round((part * total) / whole)
}

export function projectMix(total: number): ProjectMix {
  const share = shareOf(total, DEFAULT_SIZE.projects)
  const rest = {
    identical: share(13),
    closed: share(60),
    unsyncedWithTwin: share(30),
    unsyncedAlone: share(10),
    noMatch: share(8),
    erpNamesakePairs: share(2),
    crmNamesakes: share(3),
    createWithNumber: share(9),
    createWithoutNumber: share(3),
  }
  const { erpNamesakePairs, ...singles } = rest
  const taken = Object.values(singles).reduce((sum, count) => sum + count, 2 * erpNamesakePairs)
  return { ...rest, due: total - taken, pursuits: share(60), phased: share(200) }
}

export interface PartyMix {
  /** One CRM twin, content differs. */
  readonly differing: number
  readonly identical: number
  /** No CRM twin: created by a first sync. */
  readonly alone: number
  /** Contacts without a last name: skipped. */
  readonly nameless: number
  readonly erpNamesakePairs: number
  readonly crmNamesakes: number
  /** CRM only. */
  readonly crmOnly: number
}

function partyMix(total: number, whole: number, parts: Omit<PartyMix, 'differing'>): PartyMix {
  const share = shareOf(total, whole)
  const identical = share(parts.identical)
  const alone = share(parts.alone)
  const nameless = share(parts.nameless)
  const erpNamesakePairs = share(parts.erpNamesakePairs)
  const crmNamesakes = share(parts.crmNamesakes)
  const differing = total - identical - alone - nameless - 2 * erpNamesakePairs - crmNamesakes
  return { differing, identical, alone, nameless, erpNamesakePairs, crmNamesakes, crmOnly: share(parts.crmOnly) }
}

export function clientMix(total: number): PartyMix {
  const parts = { identical: 32, alone: 15, nameless: 0, erpNamesakePairs: 1, crmNamesakes: 1, crmOnly: 40 }
  return partyMix(total, DEFAULT_SIZE.clients, parts)
}

/** Firms that the CRM alone knows and has flagged to sync, beyond `crmOnly`; none in a small firm. */
export function flaggedFirms(clients: number): number {
  return 2 * Math.round((2 * clients) / DEFAULT_SIZE.clients)
}

export function contactMix(total: number): PartyMix {
  const parts = { identical: 60, alone: 40, nameless: 8, erpNamesakePairs: 2, crmNamesakes: 2, crmOnly: 80 }
  return partyMix(total, DEFAULT_SIZE.contacts, parts)
}

export function employeeMix(total: number): PartyMix {
  const parts = { identical: 10, alone: 6, nameless: 0, erpNamesakePairs: 1, crmNamesakes: 1, crmOnly: 10 }
  return partyMix(total, DEFAULT_SIZE.employees, parts)
}

export type PartyRole = 'differing' | 'identical' | 'alone' | 'nameless' | 'erp-namesake' | 'crm-namesake'

/** One role per record; namesake pairs stand next to each other. */
export function partyRoles(mix: PartyMix): PartyRole[] {
  const many = (count: number, role: PartyRole): PartyRole[] => Array.from({ length: count }, () => role)
  return [
    ...many(mix.differing, 'differing'),
    ...many(mix.identical, 'identical'),
    ...many(mix.alone, 'alone'),
    ...many(mix.nameless, 'nameless'),
    ...many(mix.crmNamesakes, 'crm-namesake'),
    ...many(2 * mix.erpNamesakePairs, 'erp-namesake'),
  ]
}

export type ProjectRole =
  | 'due'
  | 'identical'
  | 'closed'
  | 'unsynced-twin'
  | 'unsynced'
  | 'no-match'
  | 'crm-namesake'
  | 'erp-namesake'
  | 'create'
  | 'create-without-number'
