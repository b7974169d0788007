import { type Doc, textOf } from '../json.ts'
import type { Random } from '../random.ts'
import { changed, crmRow, type Firm, type Staff, stampBefore, type Twin } from './builder.ts'
import { PROJECT_TYPES } from './lists.ts'
import type { ProjectRole } from './mix.ts'
import { PHASE_NAMES } from './names.ts'
import { lengthOf, retyped } from './titles.ts'

/** The CRM's own copies of the projects, as they were before anybody connected the two systems. */
export interface ErpProject {
  readonly role: ProjectRole
  readonly key: number
  readonly doc: Doc
  readonly totals: Doc | null
  /** The second of two ERP namesakes: its name is taken already. */
  readonly second: boolean
}

const SHORT = 40

const STATUS: Readonly<Record<string, string>> = {
  Preliminary: 'A',
  Active: 'A',
  Marketing: 'A',
  Hold: 'I',
  WorkHold: 'I',
  BillingHold: 'I',
  Closed: 'D',
}

function crmKeyOf(twins: readonly Twin[], key: unknown): string | null {
  return twins.find((twin) => twin.key === key)?.crmKey ?? null
}

const stamp = (day: unknown): string => (typeof day === 'string' ? `${day}T00:00:00` : '')

function clientOf(doc: Doc): unknown {
  const groups = doc.InvoiceGroups
  const first = Array.isArray(groups) ? groups[0] : null
  return typeof first === 'object' && first !== null && !Array.isArray(first) ? first.ClientKey : null
}

/** What the CRM would hold if it agreed with the ERP in every mapped field. */
function agreeing(project: ErpProject, staff: Staff): Doc {
  const { doc, totals } = project
  const crm: Doc = {
    Status: STATUS[textOf(doc.Status)] ?? 'A',
    ProjectType: PROJECT_TYPES[Number(doc.ProjectTypeKey) - 1]?.code ?? '',
    StartDate: stamp(doc.ActualStartDate ?? doc.EstimatedStartDate),
    EstCompletionDate: stamp(doc.EstimatedCompletionDate),
    ActCompletionDate: stamp(doc.ActualCompletionDate),
    Fee: doc.TotalContractAmount ?? 0,
    ConsultFee: doc.ConsultantContractAmount ?? 0,
    ReimbAllow: doc.ExpenseContractAmount ?? 0,
    TotalProjectCost: doc.ConstructionCost ?? 0,
    Memo: doc.Notes ?? '',
    AjeraSync: 'Y',
  }
  const references: readonly (readonly [string, string | null])[] = [
    ['ClientID', crmKeyOf(staff.clients, clientOf(doc))],
    ['ProjMgr', crmKeyOf(staff.employees, doc.ProjectManager)],
    ['Principal', crmKeyOf(staff.employees, doc.PrincipalInCharge)],
    ['MarketingCoordinator', crmKeyOf(staff.employees, doc.MarketingContact)],
  ]
  for (const [name, key] of references) if (key !== null) crm[name] = key
  for (const [name, amount] of Object.entries(totals ?? {})) if (name !== 'Hours') crm[`Ajera${name}`] = amount
  return crm
}

/** Another contract sum and another start, and now and then more: due whatever is read of the totals. */
function differing(random: Random, agreed: Doc): Doc {
  const crm: Doc = {}
  for (const [name, value] of Object.entries(agreed)) if (!name.startsWith('Ajera')) crm[name] = value
  crm.Fee = random.chance(0.3) ? 0 : Math.round(Number(agreed.Fee) * (0.5 + random.next() * 0.45))
  const other = changed(random, crm, [
    ['ProjectType', () => ''],
    ['Status', () => (crm.Status === 'A' ? 'I' : 'A')],
    ['StartDate', () => `${textOf(crm.StartDate).slice(0, 8)}01T00:00:00`],
    ['EstCompletionDate', () => ''],
    ['Memo', () => 'Imported from the proposal database.'],
    ['ConsultFee', () => 0],
    ['TotalProjectCost', () => 0],
  ])
  if (random.chance(0.2)) delete other.Principal
  if (random.chance(0.1)) delete other.ClientID
  return other
}

/** Short and long name. Long descriptions meet the long name, and the short one is what somebody made of them. */
function names(random: Random, description: string, exact: boolean, known: ReadonlySet<string>): Doc {
  if (lengthOf(description) > SHORT) {
    const cut = [...description].slice(0, SHORT).join('').trimEnd()
    const shortened = `${[...description]
      .slice(0, SHORT - 3)
      .join('')
      .trimEnd()}...`
    const Name = known.has(cut) || random.chance(0.5) ? shortened : cut
    return { Name, LongName: exact ? description : retyped(random, description, 255) }
  }
  const Name = exact ? description : retyped(random, description, SHORT)
  return { Name, LongName: random.chance(0.6) ? description : `${description} (${random.pick(PHASE_NAMES)} and later)` }
}

/** A name that matches nothing although it looks alike: the other name field carries it. */
function nearMiss(description: string): Doc {
  if (lengthOf(description) > SHORT)
    return { Name: [...description].slice(0, SHORT).join(''), LongName: `${description} II` }
  return { Name: `${[...description].slice(0, SHORT - 4).join('')} (2)`, LongName: description }
}

/** One project of the CRM, on the upper level. */
export function addProject(firm: Firm, random: Random, code: string, doc: Doc): void {
  const base = { WBS1: code, WBS2: ' ', WBS3: ' ', ChargeType: 'R', SubLevel: 'N', Org: 'HL:ARC', Stage: '~WDEF~' }
  firm.crm.push(crmRow('project', code, stampBefore(random, 900), { ...base, ...doc }))
}

/** Adds what the CRM knows of one ERP project; answers the project numbers used. */
export function addTwin(
  firm: Firm,
  random: Random,
  project: ErpProject,
  index: number,
  staff: Staff,
  known: ReadonlySet<string>,
): string[] {
  const { role, doc, second } = project
  const code = `20${random.int(14, 26)}-${String(index + 1).padStart(5, '0')}`
  const description = textOf(doc.Description)
  const agreed = agreeing(project, staff)
  if (role === 'identical') {
    addProject(firm, random, code, { ...names(random, description, true, known), ...agreed })
    return [code]
  }
  if (role === 'no-match' && project.key % 2 === 0) {
    addProject(firm, random, code, { ...nearMiss(description), ...differing(random, agreed) })
    return []
  }
  if (second || role === 'no-match' || role === 'unsynced' || doc.CreateInCRM === true) return []
  addProject(firm, random, code, { ...names(random, description, false, known), ...differing(random, agreed) })
  if (role !== 'crm-namesake') return [code]
  const twice: Doc =
    lengthOf(description) > SHORT
      ? { Name: `${description.slice(0, 30)} (old)`, LongName: description }
      : { Name: description }
  addProject(firm, random, `${code}B`, { ...differing(random, agreed), ...twice })
  return [code]
}

/** Phases and a task below some projects: rows of the same table, under names that many projects share. */
export function addPhases(firm: Firm, random: Random, codes: readonly string[]): void {
  const rows = new Map(firm.crm.map((row) => [row.key, row]))
  for (const code of codes) {
    const parent = rows.get(code)
    if (parent) parent.doc.SubLevel = 'Y'
    const count = random.int(2, PHASE_NAMES.length)
    for (const [index, Name] of PHASE_NAMES.slice(0, count).entries()) {
      const WBS2 = String(index + 1).padStart(2, '0')
      const base = { WBS1: code, ChargeType: 'R', Status: 'A', Org: 'HL:ARC', Name, LongName: Name }
      firm.crm.push(
        crmRow('project', `${code}|${WBS2}`, stampBefore(random, 900), { ...base, WBS2, WBS3: ' ', SubLevel: 'N' }),
      )
      if (index === 0) {
        const task = { ...base, WBS2, WBS3: 'A', SubLevel: 'N', Name: 'Code Review', LongName: 'Code Review' }
        firm.crm.push(crmRow('project', `${code}|${WBS2}|A`, stampBefore(random, 900), task))
      }
    }
  }
}
