import type { Doc } from '../json.ts'
import type { Random } from '../random.ts'
import { makeContract, makeTotals } from './amounts.ts'
import { erpRow, type Firm, type Staff, stampBefore } from './builder.ts'
import { PROJECT_TYPES, projectParts } from './lists.ts'
import { type ProjectRole, projectMix } from './mix.ts'
import { NOTES, PHASE_NAMES } from './names.ts'
import { addPhases, addTwin, type ErpProject } from './project-twins.ts'
import { addPursuits } from './pursuits.ts'
import { createTitles, type Titles } from './titles.ts'

/** The projects: 1,700 by default, in the mix of mix.ts. */
const FIRST_KEY = 5001
const DAY = 86_400_000

const STATUSES = [
  ...Array.from({ length: 15 }, () => 'Active'),
  ...['Preliminary', 'Preliminary', 'Hold', 'WorkHold', 'BillingHold', 'Marketing'],
]

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10)

function roles(total: number): ProjectRole[] {
  const mix = projectMix(total)
  const many = (count: number, role: ProjectRole): ProjectRole[] => Array.from({ length: count }, () => role)
  return [
    ...many(mix.due, 'due'),
    ...many(mix.identical, 'identical'),
    ...many(mix.closed, 'closed'),
    ...many(mix.unsyncedWithTwin, 'unsynced-twin'),
    ...many(mix.unsyncedAlone, 'unsynced'),
    ...many(mix.noMatch, 'no-match'),
    ...many(mix.crmNamesakes, 'crm-namesake'),
    ...many(mix.createWithNumber, 'create'),
    ...many(mix.createWithoutNumber, 'create-without-number'),
    ...many(2 * mix.erpNamesakePairs, 'erp-namesake'),
  ]
}

/** One in five is longer than 40 characters; the border itself occurs: 40, 41 and the ERP's limit of 80. */
function makeDescription(random: Random, titles: Titles, index: number): string {
  if (index % 53 === 7) return titles.make(40, 40)
  if (index % 53 === 19) return titles.make(41, 41)
  if (index % 211 === 23) return titles.make(78, 80)
  return random.chance(0.2) ? titles.make(42, 80) : titles.make(14, 39)
}

/** Characters outside the basic plane and letters with several marks: where lengths and comparisons go wrong. */
const ODD_TITLES = [
  'Harbor 𠮷野 Friendship Garden Pavilion 𝟚',
  'Việt-Mỹ Community Center Kitchen Renovation & Cooling',
  'Åsgård Brewery Taproom',
  'Żółć Street Footbridge Replacement',
]

/** A project called like a phase: it matches none, but whoever reads phases as projects finds many. */
const PHASE_LIKE = 'Construction Administration'

/** Hand-made descriptions at fixed places of the list. */
function specialTitle(role: ProjectRole, index: number, list: readonly ProjectRole[]): string | undefined {
  if (role === 'no-match') return list.indexOf('no-match') === index ? PHASE_LIKE : undefined
  return role === 'due' && index % 40 === 0 ? ODD_TITLES[index / 40 - 1] : undefined
}

function erpDoc(
  random: Random,
  role: ProjectRole,
  key: number,
  serial: number,
  description: string,
  staff: Staff,
): Doc {
  const overhead = role === 'identical' && key % 4 === 0
  const contract = makeContract(random)
  const started = stampBefore(random, 9 * 365)
  const estimated = isoDay(started + random.int(120, 900) * DAY)
  const mapped = staff.clients.filter((client) => client.crmKey !== null)
  const pool = role === 'identical' ? mapped : staff.clients
  const client = pool.length > 0 ? random.pick(pool).key : null
  const knownTypes = role === 'identical' ? PROJECT_TYPES.length - 2 : PROJECT_TYPES.length
  const managers = staff.employees.slice(0, 45)
  const creates = role === 'create' || role === 'create-without-number'
  const doc: Doc = {
    ID: role === 'create-without-number' ? '' : `${isoDay(started).slice(2, 4)}${String(serial).padStart(4, '0')}.00`,
    Description: description,
    SyncToCRM: role !== 'unsynced' && role !== 'unsynced-twin' && !(creates && key % 3 === 0),
    CreateInCRM: creates,
    Status: role === 'closed' ? 'Closed' : random.pick(STATUSES),
    ProjectTypeKey: overhead ? 16 : random.int(1, knownTypes),
    DepartmentKey: random.int(1, 3),
    ProjectManager: managers.length > 0 ? random.pick(managers).key : null,
    PrincipalInCharge:
      random.chance(0.85) && staff.employees.length > 0 ? random.pick(staff.employees.slice(0, 8)).key : null,
    MarketingContact: random.chance(0.2) && role !== 'identical' ? random.pick(staff.employees).key : null,
    EstimatedStartDate: isoDay(started),
    EstimatedCompletionDate: estimated,
    BillingType: overhead ? 'Nonbillable' : random.pick(['TimeAndExpense', 'FixedFee', 'PercentComplete']),
    TotalContractAmount: contract.total,
    LaborContractAmount: contract.labor,
    ConsultantContractAmount: contract.consultant,
    ExpenseContractAmount: contract.expense,
    ConstructionCost: contract.construction,
    ...projectParts(key, client, PHASE_NAMES.slice(0, random.int(2, PHASE_NAMES.length))),
    ContactKeys: staff.contacts.length > 0 ? [random.pick(staff.contacts).key] : [],
  }
  if (random.chance(0.6)) doc.ActualStartDate = isoDay(started + random.int(-10, 30) * DAY)
  if (role === 'closed') doc.ActualCompletionDate = isoDay(started + random.int(200, 1000) * DAY)
  if (random.chance(0.3)) doc.Notes = random.pick(NOTES)
  if (random.chance(0.1)) doc.CustomFields = { 'Delivery method': random.pick(['CM at risk', 'Design-bid-build']) }
  return doc
}

/** Adds the projects of both sides; totals only where the ERP keeps them (none for overhead). */
export function addProjects(
  firm: Firm,
  random: Random,
  total: number,
  staff: Staff,
  newFirms: readonly string[],
): void {
  const titles = createTitles(random)
  for (const odd of [...ODD_TITLES, PHASE_LIKE]) titles.reserve(odd)
  const mix = projectMix(total)
  const made: ErpProject[] = []
  const list = roles(total)
  let namesake: string | null = null
  for (const [index, role] of list.entries()) {
    const key = FIRST_KEY + index
    const second: boolean = role === 'erp-namesake' && namesake !== null
    const description: string =
      second && namesake
        ? namesake.toUpperCase()
        : (specialTitle(role, index, list) ?? makeDescription(random, titles, index))
    namesake = role === 'erp-namesake' && !second ? description : null
    const doc = erpDoc(random, role, key, index + 1, description, staff)
    firm.erp.push(erpRow('project', key, stampBefore(random, role === 'closed' ? 1500 : 500), doc))
    const totals = doc.BillingType === 'Nonbillable' ? null : makeTotals(random, contractOf(doc), random.next())
    if (totals) firm.totals.push({ key, doc: totals })
    made.push({ role, key, doc, totals, second })
  }
  const shuffled = random.shuffled(made)
  const known = new Set(made.map((project) => String(project.doc.Description)))
  const codes = shuffled.flatMap((project, index) => addTwin(firm, random, project, index, staff, known))
  addPhases(firm, random, codes.slice(0, mix.phased))
  addPursuits(firm, random, titles, mix.pursuits, staff, newFirms)
}

function contractOf(doc: Doc) {
  return {
    total: Number(doc.TotalContractAmount),
    labor: Number(doc.LaborContractAmount),
    consultant: Number(doc.ConsultantContractAmount),
    expense: Number(doc.ExpenseContractAmount),
    construction: Number(doc.ConstructionCost),
  }
}
