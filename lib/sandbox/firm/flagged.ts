import { textOf } from '../json.ts'
import type { Random } from '../random.ts'
import { crmAddress, crmRow, type Firm, mailPart, makeAddress, phone, stampBefore } from './builder.ts'
import { createClientNames, crmFirm } from './clients.ts'
import { makeContact } from './contacts.ts'
import { addFirm } from './crm-firms.ts'
import { CLIENT_TYPES } from './lists.ts'
import { createPersonNames, fullName } from './people.ts'

/** New business: firms that the CRM alone knows and has flagged to sync, each with people. Answers their ids. */
export function addFlaggedFirms(firm: Firm, random: Random, count: number): string[] {
  const erpNames = firm.erp.map((row) => textOf(row.doc.Description ?? row.doc.Name))
  const crmNames = firm.crm.map((row) => textOf(row.doc.Name))
  const nextName = createClientNames(random, [...erpNames, ...crmNames])
  const persons = [...firm.erp, ...firm.crm].map(({ doc }) =>
    fullName({ first: textOf(doc.FirstName), middle: textOf(doc.MiddleName), last: textOf(doc.LastName) }),
  )
  const nextPerson = createPersonNames(random, persons)
  const ids: string[] = []
  for (let index = 0; index < count; index++) {
    const { name, type } = nextName()
    const id = random.hex(32).toUpperCase()
    const domain = `${mailPart(name).slice(0, 22)}.example`
    const client = {
      Description: name,
      Status: 'Active',
      ClientTypeKey: CLIENT_TYPES.findIndex((row) => row.description === type) + 1,
      Email: `office@${domain}`,
      Website: `https://www.${domain}`,
      Notes: index === 0 ? 'Introduced by the city architect.\nPrefers to meet on site.' : '',
    }
    const address = { ...crmAddress(makeAddress(random)), Phone: phone(random) }
    addFirm(firm, random, { ...crmFirm(client, id, `N${String(index + 1).padStart(5, '0')}`), AjeraSync: 'Y' }, address)
    ids.push(id)
    for (let person = index === 0 ? 0 : 1; person < 3; person++) {
      const contact = random.hex(32)
      const { crm } = makeContact(random, nextPerson(), { key: 0, crmKey: id })
      firm.crm.push(crmRow('contact', contact, stampBefore(random, 300), { ...crm, ContactID: contact }))
    }
  }
  return ids
}
