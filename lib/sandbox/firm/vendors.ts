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
} from './builder.ts'
import { addFirm } from './crm-firms.ts'
import { LAST_NAMES, NOTES } from './names.ts'
import { matchKey, retyped } from './titles.ts'

/**
 * Vendors of the books, with tax and bank fields that no client may keep. Every second one is a consultant; most of
 * these are vendor firms of the CRM, two are called like a client firm, and a printer is a vendor firm, too.
 */
const FIRST_KEY = 801
const COUNT = 40

const CONSULTING = ['Surveying', 'Geotechnical', 'Acoustics', 'Code Consulting', 'Lighting Design', 'Cost Estimating']
const SUPPLYING = ['Reprographics', 'Office Supply', 'Card Services', 'Couriers', 'Plotter Rental']
/** Position in the list of vendor types. */
const CONSULTANT_TYPE = 1

type Role =
  /** Its one vendor firm in the CRM differs, or agrees. */
  | 'differing'
  | 'identical'
  /** No firm of its name. */
  | 'alone'
  /** Two vendor firms of its name. */
  | 'crm-namesake'
  /** Called like a client of both sides; without a vendor firm of its own, and with one. */
  | 'client-name'
  | 'client-name-paired'
  /** No consultant. */
  | 'supplier'
  | 'supplier-with-firm'

const many = (count: number, role: Role): Role[] => Array.from({ length: count }, () => role)
const CONSULTANTS: readonly Role[] = [
  ...many(11, 'differing'),
  ...many(2, 'identical'),
  ...many(4, 'alone'),
  'crm-namesake',
  'client-name',
  'client-name-paired',
]

/** Consultants under odd keys, in the order of the list; the others between them. */
function roleOf(index: number): Role {
  if (index % 2 === 0) return CONSULTANTS[index / 2] ?? 'alone'
  return index === 1 ? 'supplier-with-firm' : 'supplier'
}

const FIRMS: Readonly<Record<Role, number>> = {
  differing: 1,
  identical: 1,
  alone: 0,
  'crm-namesake': 2,
  'client-name': 0,
  'client-name-paired': 1,
  supplier: 0,
  'supplier-with-firm': 1,
}

function crmVendor(erp: Doc, id: string, number: string): Doc {
  return {
    ClientID: id,
    Vendor: number,
    Name: erp.Name ?? '',
    Status: erp.Status === 'Inactive' ? 'I' : 'A',
    ClientInd: 'N',
    VendorInd: 'Y',
    Type: 'CONS',
    Category: 'Consultant',
    WebSite: erp.Website ?? '',
    PrimaryEmail: erp.Email ?? '',
    Memo: erp.Notes ?? '',
  }
}

/** The vendor firms of the CRM; `own` decides, so that what else a seed makes does not move. */
function addVendorFirms(firm: Firm, own: Random, role: Role, key: number, erp: Doc, place: Doc): void {
  for (let copy = 0; copy < FIRMS[role]; copy++) {
    const exact = crmVendor(erp, own.hex(32).toUpperCase(), `V${key}${copy === 0 ? '' : 'B'}`)
    if (role === 'identical') {
      addFirm(firm, own, exact, place)
      continue
    }
    const doc = changed(own, exact, [
      ['WebSite', () => ''],
      ['PrimaryEmail', () => `projects@vendor${key}.example`],
      ['Memo', () => 'On the list of preferred consultants.'],
    ])
    const address = changed(own, place, [
      ['Phone', () => phone(own)],
      ['Address1', () => `PO Box ${own.int(100, 9999)}`],
    ])
    addFirm(firm, own, { ...doc, Name: retyped(own, String(erp.Name), 100) }, address)
  }
}

/** Names that no client, no firm and no other vendor has. */
function createVendorNames(firm: Firm, own: Random) {
  const names = firm.erp.map((row) => row.doc.Description).concat(firm.crm.map((row) => row.doc.Name))
  const used = new Set(names.map((name) => matchKey(String(name ?? ''))))
  return (wanted: string, trades: readonly string[]): string => {
    let name = wanted
    while (used.has(matchKey(name))) name = `${own.pick(LAST_NAMES)} & ${own.pick(LAST_NAMES)} ${own.pick(trades)}`
    used.add(matchKey(name))
    return name
  }
}

export function addVendors(firm: Firm, random: Random, own: Random, clientNames: readonly string[]): void {
  const free = createVendorNames(firm, own)
  for (let index = 0; index < COUNT; index++) {
    const key = FIRST_KEY + index
    const role = roleOf(index)
    const consultant = index % 2 === 0
    const modified = stampBefore(random, 900)
    const trades = consultant ? CONSULTING : SUPPLYING
    const wanted = `${random.pick(LAST_NAMES)} ${random.pick(trades)}`
    const other = random.int(2, 4)
    const notes = random.chance(0.5) ? (NOTES[index % NOTES.length] ?? '') : ''
    const telephone = phone(random)
    const place = makeAddress(random)
    const clientName = role === 'client-name' ? clientNames[0] : role === 'client-name-paired' ? clientNames[1] : null
    const name = clientName ?? free(wanted, trades)
    const erp: Doc = {
      Name: name,
      Status: index % 12 === 4 ? 'Inactive' : 'Active',
      VendorTypeKey: consultant ? CONSULTANT_TYPE : other,
      Email: `billing@vendor${key}.example`,
      Website: consultant ? `https://www.${mailPart(name).slice(0, 22)}.example` : '',
      PrimaryPhoneNumber: telephone,
      FaxNumber: '',
      Notes: notes,
      BuisnessTypeW9: 'LLC',
      FederalTaxWitheld: false,
      TaxIdentificationNumber: `90-00${String(key).padStart(5, '0')}`,
      BankAccountNumber: `000111${key}`,
      ...erpAddress(place),
    }
    firm.erp.push(erpRow('vendor', key, modified, erp))
    addVendorFirms(firm, own, role, key, erp, { ...crmAddress(place), Phone: telephone })
  }
}
