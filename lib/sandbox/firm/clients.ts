import type { Doc } from '../json.ts'
import type { Random } from '../random.ts'
import {
  changed,
  crmAddress,
  erpAddress,
  erpRow,
  type Firm,
  mailPart,
  makeAddress,
  phone,
  stampBefore,
  type Twin,
} from './builder.ts'
import { addFirm } from './crm-firms.ts'
import { CLIENT_TYPES } from './lists.ts'
import { clientMix, partyRoles } from './mix.ts'
import { LAST_NAMES, NOTES, PLACES, PUBLIC_FIRMS, SURNAMED_FIRMS } from './names.ts'
import { matchKey, retyped } from './titles.ts'

/** The clients: agencies, schools, hospitals, developers; most known to the CRM as firms under their own ids. */
const FIRST_KEY = 201

export interface ClientName {
  readonly name: string
  readonly type: string
}

function clientName(random: Random): ClientName {
  if (random.chance(0.62)) {
    const [pattern, type] = random.pick(PUBLIC_FIRMS)
    return { name: pattern.replace('*', random.pick(PLACES)).replace('#', String(random.int(1, 40))), type }
  }
  const kind = random.pick(SURNAMED_FIRMS)
  const surnames = random.chance(0.35)
    ? `${random.pick(LAST_NAMES)} & ${random.pick(LAST_NAMES)}`
    : random.pick(LAST_NAMES)
  const type = /Foundation/.test(kind) ? 'Non-Profit' : /Engineers|Surveying/.test(kind) ? 'Consultant' : 'Developer'
  return { name: `${surnames} ${kind}`, type }
}

/** Client names that are unique after folding, apart from those that are taken already. */
export function createClientNames(random: Random, taken: Iterable<string> = []): () => ClientName {
  const used = new Set([...taken].map(matchKey))
  return () => {
    for (let attempt = 0; ; attempt++) {
      const made = clientName(random)
      const name = attempt > 40 ? `${made.name} ${random.int(2, 9999)}` : made.name
      if (used.has(matchKey(name))) continue
      used.add(matchKey(name))
      return { ...made, name }
    }
  }
}

const LONG_NAME =
  'Trillium Regional Intergovernmental Cooperative for Water, Wastewater, Solid Waste and Transportation Infrastructure'

/** What the CRM holds of a client when it agrees. */
export function crmFirm(erp: Doc, id: string, number: string): Doc {
  const type = CLIENT_TYPES.find((row) => row.description === CLIENT_TYPES[Number(erp.ClientTypeKey) - 1]?.description)
  return {
    ClientID: id,
    Client: number,
    Name: erp.Description ?? '',
    Status: erp.Status === 'Inactive' ? 'I' : 'A',
    ClientInd: 'Y',
    Type: type?.code ?? '',
    WebSite: erp.Website ?? '',
    PrimaryEmail: erp.Email ?? '',
    Memo: erp.Notes ?? '',
    Category: 'Standard',
  }
}

interface MadeClient {
  readonly erp: Doc
  /** What the CRM's primary address holds when it agrees. */
  readonly address: Doc
}

function erpClient(random: Random, made: ClientName): MadeClient {
  const place = makeAddress(random)
  const domain = `${mailPart(made.name).slice(0, 22)}.example`
  const known = CLIENT_TYPES.findIndex((row) => row.description === made.type) + 1
  const erp: Doc = {
    Description: made.name,
    Status: random.chance(0.95) ? 'Active' : 'Inactive',
    ClientTypeKey: random.chance(0.04) ? CLIENT_TYPES.length : known,
    Email: random.chance(0.85) ? `office@${domain}` : '',
    Website: random.chance(0.7) ? `https://www.${domain}` : '',
    PrimaryPhoneNumber: phone(random),
    FaxNumber: random.chance(0.4) ? phone(random) : '',
    Notes: random.chance(0.25) ? random.pick(NOTES) : '',
    AccountID: String(random.int(10000, 99999)),
    ...erpAddress(place),
  }
  return { erp, address: { ...crmAddress(place), Phone: erp.PrimaryPhoneNumber ?? '', FAX: erp.FaxNumber ?? '' } }
}

export function addClients(firm: Firm, random: Random, total: number): Twin[] {
  const nextName = createClientNames(random)
  const mix = clientMix(total)
  const twins: Twin[] = []
  let number = 1
  let namesake: ClientName | null = null
  for (const [index, role] of partyRoles(mix).entries()) {
    const key = FIRST_KEY + index
    const second: boolean = role === 'erp-namesake' && namesake !== null
    const made: ClientName = second && namesake ? namesake : nextName()
    namesake = role === 'erp-namesake' && !second ? made : null
    const name = role === 'alone' && index % 15 === 0 ? LONG_NAME : made.name
    const { erp, address } = erpClient(random, { ...made, name })
    firm.erp.push(erpRow('client', key, stampBefore(random, 900), erp))

    const copies = role === 'alone' || second ? 0 : role === 'crm-namesake' ? 2 : 1
    let id = ''
    for (let copy = 0; copy < copies; copy++) {
      id = random.hex(32).toUpperCase()
      const exact = crmFirm(erp, id, `C${String(number++).padStart(5, '0')}`)
      if (role === 'identical') {
        addFirm(firm, random, exact, address)
        continue
      }
      const own = changed(random, exact, [
        ['WebSite', () => ''],
        ['PrimaryEmail', () => `info@${mailPart(name).slice(0, 20)}.example`],
        ['Type', () => ''],
        ['Memo', () => 'Met at the spring conference.'],
      ])
      const place = changed(random, address, [
        ['Phone', () => phone(random)],
        ['Address1', () => `PO Box ${random.int(100, 9999)}`],
        ['FAX', () => ''],
      ])
      addFirm(firm, random, { ...own, Name: retyped(random, name, 100) }, place)
    }
    twins.push({ key, crmKey: copies === 1 && role !== 'erp-namesake' ? id : null })
  }
  addCrmOnly(firm, random, nextName, mix.crmOnly, number)
  return twins
}

/** Prospects and consultants that the books do not know. */
function addCrmOnly(firm: Firm, random: Random, nextName: () => ClientName, count: number, first: number): void {
  for (let index = 0; index < count; index++) {
    const id = random.hex(32).toUpperCase()
    const consultant = random.chance(0.4)
    const base = crmFirm(
      { Description: nextName().name, Status: 'Active' },
      id,
      `C${String(first + index).padStart(5, '0')}`,
    )
    const vendor = { ClientInd: 'N', VendorInd: 'Y', Vendor: String(56 + index).padStart(6, '0'), Type: 'CONS' }
    addFirm(firm, random, consultant ? { ...base, ...vendor } : base, crmAddress(makeAddress(random)))
  }
}
