import { saveAddress, saveCrm } from './crm/store.ts'
import type { Database } from './database.ts'
import { saveErp, saveTotals } from './erp/store.ts'
import type { Firm } from './firm/builder.ts'
import { addClients } from './firm/clients.ts'
import { addContacts } from './firm/contacts.ts'
import { addEmployees } from './firm/employees.ts'
import { addLists } from './firm/lists.ts'
import type { FirmSize } from './firm/mix.ts'
import { addProjects } from './firm/projects.ts'
import { addVendors } from './firm/vendors.ts'
import { createRandom } from './random.ts'

/** A believable architecture and engineering firm on both sides, the same for the same seed and size. */
export function makeFirm(seed: number, size: FirmSize): Firm {
  const random = createRandom(seed)
  const firm: Firm = { erp: [], totals: [], crm: [], addresses: [] }
  addLists(firm)
  const employees = addEmployees(firm, random, size.employees)
  const clients = addClients(firm, random, size.clients)
  const contacts = addContacts(firm, random, size.contacts, clients)
  addVendors(firm, random)
  addProjects(firm, random, size.projects, { clients, contacts, employees })
  return firm
}

/** Replaces everything that is stored by this firm. */
export function storeFirm(database: Database, firm: Firm, externalKeyField: string | null): void {
  database.bulk(() => {
    for (const table of ['erp', 'erp_totals', 'crm', 'crm_address']) database.run(`DELETE FROM ${table}`)
    database.run("DELETE FROM meta WHERE name LIKE 'number:%' OR name = 'day'")
    for (const row of firm.erp) saveErp(database, row)
    for (const { key, doc } of firm.totals) saveTotals(database, key, doc)
    for (const row of firm.crm) saveCrm(database, row, externalKeyField)
    for (const address of firm.addresses) saveAddress(database, { ...address, origin: 'seed' })
  })
}
