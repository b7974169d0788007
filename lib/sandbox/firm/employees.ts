import type { Doc } from '../json.ts'
import type { Random } from '../random.ts'
import { changed, crmRow, erpRow, type Firm, mailPart, phone, stampBefore, type Twin } from './builder.ts'
import { employeeMix, partyRoles } from './mix.ts'
import { TITLES } from './names.ts'
import { createPersonNames, nameMembers, type PersonName, retypedName } from './people.ts'

/** The staff: 120 by default, the first eight of them principals, most with a twin in the CRM. */
const FIRST_KEY = 101

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Made-up personal data that a client must never keep; social security numbers beginning with 9 are not issued. */
function sensitive(random: Random, key: number): Doc {
  return {
    SocialSecurityNumber: `900-55-${String(1000 + (key % 9000))}`,
    BirthDate: `19${random.int(58, 99)}-0${random.int(1, 9)}-${random.int(10, 28)}`,
    Gender: random.pick(['F', 'M', 'X']),
    PayRates: [{ Description: 'Regular', Rate: random.int(2800, 9900) / 100 }],
    CreditCards: [{ Description: 'Company card', Number: `4000-0000-0000-${String(1000 + (key % 9000))}` }],
    PayrollServiceID: `PAYROLL-${String(key).padStart(6, '0')}`,
  }
}

function erpEmployee(
  random: Random,
  key: number,
  name: PersonName,
  index: number,
  supervisors: readonly number[],
): Doc {
  const hired = stampBefore(random, 12 * 365)
  const terminated = index > 12 && random.chance(0.05)
  const doc: Doc = {
    ...nameMembers(name),
    Title: index < 8 ? 'Principal' : random.pick(TITLES),
    Status: terminated ? 'Inactive' : 'Active',
    DepartmentKey: random.int(1, 4),
    IsPrincipal: index < 8,
    IsSupervisor: index < 20,
    IsProjectManager: index < 45,
    IsMarketingContact: random.chance(0.08),
    SupervisorKey: index < 8 ? null : random.pick(supervisors),
    Email: `${mailPart(name.first)}.${mailPart(name.last)}@harborlane.example`,
    PrimaryPhoneNumber: phone(random),
    SecondaryPhoneNumber: random.chance(0.6) ? phone(random) : '',
    EmployeeTypeKey: random.int(1, 3),
    DateHired: isoDay(hired),
    ...sensitive(random, key),
  }
  if (terminated) doc.DateTerminated = isoDay(Math.min(hired + 800 * 86_400_000, Date.UTC(2026, 8, 30)))
  return doc
}

function crmEmployee(random: Random, erp: Doc, number: string, supervisor: string | null): Doc {
  const doc: Doc = {
    Employee: number,
    EmployeeCompany: 'HL',
    HomeCompany: 'HL',
    Org: random.pick(['HL:ARC', 'HL:ENG']),
    FirstName: erp.FirstName ?? '',
    MiddleName: erp.MiddleName ?? '',
    LastName: erp.LastName ?? '',
    Title: erp.Title ?? '',
    EMail: erp.Email ?? '',
    WorkPhone: erp.PrimaryPhoneNumber ?? '',
    MobilePhone: erp.SecondaryPhoneNumber ?? '',
    Status: erp.DateTerminated === undefined ? 'A' : 'T',
    HireDate: `${erp.DateHired}T00:00:00`,
    SSN: `900-66-${number.slice(-4).padStart(4, '0')}`,
    BirthDate: '1980-01-01T00:00:00',
    PayRate: random.int(2800, 9900) / 100,
  }
  if (erp.DateTerminated !== undefined) doc.TerminationDate = `${erp.DateTerminated}T00:00:00`
  if (supervisor !== null) doc.Supervisor = supervisor
  return doc
}

/** Adds employees to both sides. Supervisors come first in the list, so their twins are known. */
export function addEmployees(firm: Firm, random: Random, total: number): Twin[] {
  const nextName = createPersonNames(random)
  const mix = employeeMix(total)
  const numbers = random.shuffled(
    Array.from({ length: total + mix.crmOnly + 10 }, (_, index) => String(index + 1).padStart(5, '0')),
  )
  const nextNumber = (): string => numbers.pop() ?? '99999'
  const twins: Twin[] = []
  let namesake: PersonName | null = null
  for (const [index, role] of partyRoles(mix).entries()) {
    const key = FIRST_KEY + index
    const supervisors = twins.slice(0, 20).map((twin) => twin.key)
    const second: boolean = role === 'erp-namesake' && namesake !== null
    const name: PersonName = second && namesake ? namesake : nextName()
    namesake = role === 'erp-namesake' && !second ? name : null
    const erp = erpEmployee(random, key, name, index, supervisors.length > 0 ? supervisors : [FIRST_KEY])
    if (role === 'alone' && index % 3 === 0)
      erp.Title = 'Director of Post-Occupancy Evaluation and Sustainability Research'
    firm.erp.push(erpRow('employee', key, stampBefore(random, 700), erp))

    const supervisor = twins.find((twin) => twin.key === erp.SupervisorKey)?.crmKey ?? null
    const copies = role === 'alone' || second ? 0 : role === 'crm-namesake' ? 2 : 1
    const number = nextNumber()
    for (let copy = 0; copy < copies; copy++) {
      const own = copy === 0 ? number : nextNumber()
      const exact = crmEmployee(random, erp, own, supervisor)
      const others: [string, () => string][] = [
        ['WorkPhone', () => phone(random)],
        ['Title', () => random.pick(['Project Manager', 'Architect II', 'Engineer'])],
        ['EMail', () => `${mailPart(name.last)}@harborlane.example`],
        ['HireDate', () => '2015-01-05T00:00:00'],
      ]
      const doc = role === 'identical' ? exact : retypedName(random, changed(random, exact, others))
      firm.crm.push(crmRow('employee', own, stampBefore(random, 900), doc))
    }
    twins.push({ key, crmKey: copies === 1 && role !== 'erp-namesake' ? number : null })
  }
  for (let index = 0; index < mix.crmOnly; index++) {
    const number = nextNumber()
    const doc = {
      ...crmEmployee(random, { ...nameMembers(nextName()), DateHired: '2009-06-01' }, number, null),
      Status: 'T',
    }
    firm.crm.push(crmRow('employee', number, stampBefore(random, 2000), doc))
  }
  return twins
}
