import { type Doc, textOf } from '../json.ts'
import type { Random } from '../random.ts'
import { crmAddress, crmRow, type Firm, makeAddress, stampBefore } from './builder.ts'

function uuidFrom(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** One firm of the CRM with its primary address, now and then a second one for invoices. */
export function addFirm(firm: Firm, random: Random, doc: Doc, address: Doc): void {
  const client = textOf(doc.ClientID)
  firm.crm.push(crmRow('firm', client, stampBefore(random, 900), doc))
  const main = { Address: 'Main', PrimaryInd: 'Y', Billing: 'Y', Email: doc.PrimaryEmail ?? '', ...address }
  firm.addresses.push({ client, id: uuidFrom(random.hex(32)), doc: main })
  if (random.chance(0.12)) {
    const doc = { Address: 'Accounts Payable', PrimaryInd: 'N', Billing: 'Y', ...crmAddress(makeAddress(random)) }
    firm.addresses.push({ client, id: uuidFrom(random.hex(32)), doc })
  }
}
