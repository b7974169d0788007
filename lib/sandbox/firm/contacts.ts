import type { Doc } from '../json.ts'
import type { Random } from '../random.ts'
import {
  changed,
  crmAddress,
  crmRow,
  erpAddress,
  erpRow,
  type Firm,
  mailPart,
  makeAddress,
  phone,
  stampBefore,
  type Twin,
} from './builder.ts'
import { contactMix, partyRoles } from './mix.ts'
import { CONTACT_TITLES, NOTES } from './names.ts'
import { createPersonNames, nameMembers, type PersonName, retypedName } from './people.ts'

/** The people at the clients: 900 by default; a few have no last name, which the CRM requires. */
const FIRST_KEY = 3001

interface Made {
  readonly erp: Doc
  readonly crm: Doc
}

/** A contact of a client on both sides, agreeing. */
export function makeContact(random: Random, name: PersonName, client: Twin | null): Made {
  const place = makeAddress(random)
  const withPlace = random.chance(0.55)
  const long = random.chance(0.008)
  const mail = `${mailPart(name.first)}.${mailPart(name.last)}`
  const erp: Doc = {
    ...nameMembers(name),
    Status: random.chance(0.94) ? 'Active' : 'Inactive',
    Title: random.pick(CONTACT_TITLES),
    Email: long
      ? `${mail}@facilities-and-capital-programs.client-mail.example`
      : random.chance(0.9)
        ? `${mail}@client.example`
        : '',
    PrimaryPhoneNumber: phone(random),
    SecondaryPhoneNumber: random.chance(0.4) ? phone(random) : '',
    Fax: random.chance(0.2) ? phone(random) : '',
    Notes: random.chance(0.15) ? random.pick(NOTES) : '',
    ContactTypeKey: random.chance(0.8) ? random.int(1, 4) : null,
    ContactClientKey: client?.key ?? null,
    ...(withPlace ? erpAddress(place) : {}),
  }
  const crm: Doc = {
    FirstName: name.first,
    MiddleName: name.middle,
    LastName: name.last,
    ContactStatus: erp.Status === 'Inactive' ? 'I' : 'A',
    Title: erp.Title ?? '',
    Email: long ? `${mail}@client.example` : (erp.Email ?? ''),
    Phone: erp.PrimaryPhoneNumber ?? '',
    CellPhone: erp.SecondaryPhoneNumber ?? '',
    Fax: erp.Fax ?? '',
    Memo: erp.Notes ?? '',
    ...(withPlace ? crmAddress(place) : {}),
  }
  if (client?.crmKey) crm.ClientID = client.crmKey
  return { erp, crm }
}

function otherContent(random: Random, exact: Doc): Doc {
  return changed(random, exact, [
    ['Title', () => random.pick(['Manager', 'Director', 'Coordinator'])],
    ['Email', () => `contact${random.int(10, 9999)}@client.example`],
    ['Phone', () => phone(random)],
    ['CellPhone', () => ''],
    ['Address1', () => `PO Box ${random.int(100, 9999)}`],
    ['Memo', () => 'Prefers to be called after ten.'],
  ])
}

export function addContacts(firm: Firm, random: Random, total: number, clients: readonly Twin[]): Twin[] {
  const nextName = createPersonNames(random)
  const mix = contactMix(total)
  const mapped = clients.filter((client) => client.crmKey !== null)
  const twins: Twin[] = []
  let namesake: PersonName | null = null
  for (const [index, role] of partyRoles(mix).entries()) {
    const key = FIRST_KEY + index
    const second: boolean = role === 'erp-namesake' && namesake !== null
    const name: PersonName = second && namesake ? namesake : nextName()
    namesake = role === 'erp-namesake' && !second ? name : null
    const pool = role === 'identical' ? mapped : clients
    const client = pool.length > 0 && random.chance(0.9) ? random.pick(pool) : null
    const known = role === 'nameless' ? { ...name, middle: '', last: '' } : name
    const first = role === 'alone' && index % 13 === 0 ? `${name.first} Maximiliana Theodora` : known.first
    const { erp, crm } = makeContact(random, { ...known, first }, client)
    if (role === 'identical' && crm.Email !== erp.Email) erp.Email = crm.Email ?? ''
    firm.erp.push(erpRow('contact', key, stampBefore(random, 900), erp))

    const copies = role === 'alone' || role === 'nameless' || second ? 0 : role === 'crm-namesake' ? 2 : 1
    let id = ''
    for (let copy = 0; copy < copies; copy++) {
      id = random.hex(32)
      const doc = role === 'identical' ? crm : retypedName(random, otherContent(random, crm))
      firm.crm.push(crmRow('contact', id, stampBefore(random, 900), { ...doc, ContactID: id }))
    }
    twins.push({ key, crmKey: copies === 1 && role !== 'erp-namesake' ? id : null })
  }
  for (let index = 0; index < mix.crmOnly; index++) {
    const id = random.hex(32)
    const { crm } = makeContact(random, nextName(), mapped.length > 0 ? random.pick(mapped) : null)
    firm.crm.push(crmRow('contact', id, stampBefore(random, 900), { ...crm, ContactID: id }))
  }
  return twins
}
