import { crmStamp } from '../clock.ts'
import type { CrmRow } from '../crm/store.ts'
import type { ErpKind, ErpRow } from '../erp/store.ts'
import type { Hub } from '../faults.ts'
import type { Doc } from '../json.ts'
import type { Random } from '../random.ts'
import { CITIES, STREETS } from './names.ts'

/** Everything a seeded firm consists of, before it is stored. Keys are positions of the seed, never of the clock. */
export interface Firm {
  readonly erp: ErpRow[]
  readonly totals: { readonly key: number; readonly doc: Doc }[]
  readonly crm: CrmRow[]
  readonly addresses: { readonly client: string; readonly id: string; readonly doc: Doc }[]
}

/** An ERP record and its one twin, if it has one. */
export interface Twin {
  readonly key: number
  readonly crmKey: string | null
}

/** Who a project can refer to. */
export interface Staff {
  readonly clients: readonly Twin[]
  readonly contacts: readonly Twin[]
  readonly employees: readonly Twin[]
}

/** The newest stamp of a fresh firm: 31 October 2026, noon UTC. */
export const SEED_TIME = Date.UTC(2026, 9, 31, 12)
const DAY = 86_400_000

export function stampBefore(random: Random, days: number): number {
  return SEED_TIME - Math.floor(random.next() * days * DAY)
}

export function erpRow(kind: ErpKind, key: number, modified: number, doc: Doc): ErpRow {
  return { kind, key, modified, origin: 'seed', doc }
}

export function crmRow(hub: Hub, key: string, modified: number, doc: Doc): CrmRow {
  const stamps = { CreateUser: 'CONVERSION', CreateDate: crmStamp(modified - 400 * DAY), ModUser: 'CONVERSION' }
  const row = { hub, key, modified: crmStamp(modified), listedFrom: 0, numberedFrom: 0 }
  return { ...row, origin: 'seed', doc: { ...doc, ...stamps } }
}

export interface Address {
  readonly line1: string
  readonly line2: string
  readonly city: string
  readonly state: string
  readonly zip: string
  readonly country: string
}

/** Mostly domestic, written `USA` in the ERP; a country or two that the CRM's list does not hold. */
export function makeAddress(random: Random): Address {
  const line1 = `${random.int(1, 9800)} ${random.pick(STREETS)}`
  const line2 = random.chance(0.3) ? `Suite ${random.int(100, 990)}` : ''
  const luck = random.next()
  if (luck > 0.985) return { line1, line2, city: 'Montréal', state: 'QC', zip: 'H2Y 1C6', country: 'Canada' }
  if (luck > 0.975) return { line1, line2, city: 'Bristol', state: '', zip: 'BS1 4DJ', country: 'UK' }
  if (luck > 0.97) return { line1, line2, city: 'Mérida', state: '', zip: '97000', country: 'México' }
  const [city, state, zip] = random.pick(CITIES)
  return {
    line1,
    line2,
    city,
    state,
    zip,
    country: random.chance(0.92) ? 'USA' : random.chance(0.6) ? 'United States' : '',
  }
}

export function erpAddress(address: Address): Doc {
  return {
    PrimaryAddressLineOne: address.line1,
    PrimaryAddressLineTwo: address.line2,
    PrimaryAddressLineThree: '',
    City: address.city,
    State: address.state,
    Zip: address.zip,
    Country: address.country,
  }
}

const CRM_COUNTRIES: Readonly<Record<string, string>> = { USA: 'United States', UK: 'United Kingdom', México: '' }

export function crmAddress(address: Address): Doc {
  return {
    Address1: address.line1,
    Address2: address.line2,
    City: address.city,
    State: address.state,
    Zip: address.zip,
    Country: CRM_COUNTRIES[address.country] ?? address.country,
  }
}

export function phone(random: Random): string {
  return `(${random.pick(['206', '253', '503', '208', '916', '303'])}) 555-01${String(random.int(0, 99)).padStart(2, '0')}`
}

/** Letters that an e-mail address can carry. */
export function mailPart(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[^a-zA-Z0-9]+/g, '')
    .toLowerCase()
}

/** Applies one to three of the changes that really change something; each is given as member and other value. */
export function changed(
  random: Random,
  exact: Doc,
  others: readonly (readonly [string, () => string | number])[],
): Doc {
  const doc = { ...exact }
  let count = random.int(1, 3)
  for (const [name, other] of random.shuffled(others)) {
    if (count === 0) break
    if (exact[name] === undefined || exact[name] === '') continue
    const value = other()
    if (value === exact[name]) continue
    doc[name] = value
    count--
  }
  return doc
}
