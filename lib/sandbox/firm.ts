import { saveAddress, saveCrm } from './crm/store.ts'
import type { Database } from './database.ts'
import { saveErp, saveTotals } from './erp/store.ts'
import type { Firm, Twin } from './firm/builder.ts'
import { addClients } from './firm/clients.ts'
import { addContacts } from './firm/contacts.ts'
import { addEmployees } from './firm/employees.ts'
import { addFlaggedFirms } from './firm/flagged.ts'
import { addLists } from './firm/lists.ts'
import { type FirmSize, flaggedFirms } from './firm/mix.ts'
import { addProjects } from './firm/projects.ts'
import { addTemplates } from './firm/templates.ts'
import { addVendors } from './firm/vendors.ts'
import { textOf } from './json.ts'
import { createRandom } from './random.ts'

/** A believable architecture and engineering firm on both sides, the same for the same seed and size. */
export function makeFirm(seed: number, size: FirmSize): Firm {
  const random = createRandom(seed)
  const firm: Firm = { erp: [], totals: [], crm: [], addresses: [] }
  addLists(firm)
  addTemplates(firm)
  const employees = addEmployees(firm, random, size.employees)
  const clients = addClients(firm, random, size.clients)
  const contacts = addContacts(firm, random, size.contacts, clients)
  addVendors(firm, random, createRandom(seed + 801), namesOf(firm, clients))
  const newFirms = addFlaggedFirms(firm, createRandom(seed + 301), flaggedFirms(size.clients))
  addProjects(firm, random, size.projects, { clients, contacts, employees }, newFirms)
  return firm
}

/** Descriptions of the clients that both systems know. */
function namesOf(firm: Firm, clients: readonly Twin[]): string[] {
  const shared = new Set(clients.filter((twin) => twin.crmKey !== null).map((twin) => twin.key))
  return firm.erp
    .filter((row) => row.kind === 'client' && shared.has(row.key))
    .map((row) => textOf(row.doc.Description))
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
