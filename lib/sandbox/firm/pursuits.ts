import type { Doc } from '../json.ts'
import type { Random } from '../random.ts'
import type { Firm, Staff } from './builder.ts'
import { addProject } from './project-twins.ts'
import { TEMPLATES } from './templates.ts'
import type { Titles } from './titles.ts'

/** Pursuits that the books do not know; with the flag to sync they are what a run takes back into the ERP. */
interface Flagged {
  /** `null`: names none. */
  readonly template: string | null
  /** Its firm is new as well. */
  readonly newFirm?: true
  /** Its long name is longer than a short one can be. */
  readonly long?: true
}

const FLAGGED: readonly Flagged[] = [
  { template: TEMPLATES[0] },
  { template: TEMPLATES[1], newFirm: true },
  { template: null },
  { template: 'Interiors Fast Track' },
  { template: TEMPLATES[2] },
  { template: TEMPLATES[0], long: true },
  { template: TEMPLATES[1] },
  { template: TEMPLATES[0] },
]

/** Firms that are in both systems come with a project of theirs; `newFirms` are those that the CRM alone knows. */
export function addPursuits(
  firm: Firm,
  random: Random,
  titles: Titles,
  count: number,
  staff: Staff,
  newFirms: readonly string[],
): void {
  const flagged = FLAGGED.slice(0, 2 * Math.round(count / 15))
  const mapped = staff.clients.filter((twin) => twin.crmKey !== null)
  for (let index = 0; index < count; index++) {
    const kind = flagged[index]
    const name = kind?.long ? titles.make(44, 78) : titles.make(14, 39)
    const doc: Doc = {
      Name: [...name].slice(0, 40).join('').trimEnd(),
      LongName: name,
      ChargeType: 'P',
      Status: 'A',
      Stage: random.pick(['LEAD', 'QUAL', 'RFP', 'SHORT', 'LOST', 'NOGO']),
      Probability: random.pick([10, 25, 50, 75, 90]),
      Revenue: random.int(15, 900) * 1000,
    }
    const known = mapped.length > 0 ? random.pick(mapped).crmKey : null
    const client = (kind?.newFirm && newFirms[0]) || known
    if (client !== null) doc.ClientID = client
    if (kind) doc.AjeraSync = 'Y'
    if (kind?.template) doc.ProjectTemplate = kind.template
    addProject(firm, random, `P26-${String(index + 1).padStart(4, '0')}`, doc)
  }
  if (flagged.length > 0) flagNamesake(firm)
}

/** One of two CRM projects that are called like one project of the ERP: flagged, and yet not to be created there. */
function flagNamesake(firm: Firm): void {
  const namesake = firm.crm.find((row) => row.hub === 'project' && row.key.endsWith('B'))
  if (namesake) Object.assign(namesake.doc, { AjeraSync: 'Y', ProjectTemplate: TEMPLATES[0] })
}
