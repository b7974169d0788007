/** Code tables: `[{Code, Description, Seq}]`. Countries are written by name; `USA` is no name of the list (L). */
export interface CodeRow {
  readonly Code: string
  readonly Description: string
  readonly Seq: number
}

function table(pairs: readonly (readonly [string, string])[]): readonly CodeRow[] {
  return pairs.map(([Code, Description], index) => ({ Code, Description, Seq: index + 1 }))
}

const COUNTRIES = [
  'United States',
  'Canada',
  'Mexico',
  'United Kingdom',
  'Ireland',
  'France',
  'Germany',
  'Spain',
  'Portugal',
  'Brazil',
  'Denmark',
  'Norway',
  'Sweden',
  'Netherlands',
  'Switzerland',
  'Japan',
  'Australia',
  'New Zealand',
] as const

export const CODE_TABLES: Readonly<Record<string, readonly CodeRow[]>> = {
  ProjectType: table([
    ['K12', 'K-12 Education'],
    ['HIED', 'Higher Education'],
    ['HLTH', 'Healthcare'],
    ['LAB', 'Laboratory and Research'],
    ['CIVIC', 'Civic and Municipal'],
    ['LIBR', 'Libraries'],
    ['OFFC', 'Commercial Office'],
    ['MFR', 'Multifamily Residential'],
    ['SRLV', 'Senior Living'],
    ['HOSP', 'Hospitality'],
    ['TRANS', 'Transportation'],
    ['WATER', 'Water and Wastewater'],
    ['PARK', 'Parks and Recreation'],
    ['HIST', 'Historic Preservation'],
    ['INT', 'Interiors'],
    ['PLAN', 'Planning and Urban Design'],
    ['IND', 'Industrial'],
    ['OVH', 'Overhead'],
  ]),
  FirmType: table([
    ['ED', 'Education'],
    ['HC', 'Healthcare'],
    ['PUB', 'Public Agency'],
    ['DEV', 'Developer'],
    ['CORP', 'Corporate'],
    ['NPO', 'Non-Profit'],
    ['REL', 'Religious'],
    ['UTIL', 'Utility'],
    ['CONS', 'Consultant'],
    ['CONT', 'Contractor'],
  ]),
  CFGProjectStage: table([
    ['LEAD', 'Lead'],
    ['QUAL', 'Qualified'],
    ['RFP', 'Proposal in Progress'],
    ['SHORT', 'Shortlisted'],
    ['~WDEF~', 'Won'],
    ['LOST', 'Lost'],
    ['NOGO', 'No-Go'],
  ]),
  CFGActivityType: table([
    ['CALL', 'Call'],
    ['MEET', 'Meeting'],
    ['MAIL', 'E-mail'],
  ]),
  LaborCategory: table([
    ['1', 'Principal'],
    ['2', 'Project Manager'],
    ['3', 'Designer'],
    ['4', 'Technician'],
  ]),
  Country: table(COUNTRIES.map((name) => [name, name])),
}

const STATES = `AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH
  OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR`
const PROVINCES = 'AB BC MB NB NL NS NT NU ON PE QC SK YT'

const STATES_OF: Readonly<Record<string, ReadonlySet<string>>> = {
  'united states': new Set(STATES.split(/\s+/)),
  canada: new Set(PROVINCES.split(' ')),
}

/** Is the code in the table, in any letter case? A table this sandbox does not hold knows every code. */
export function hasCode(tableName: string, code: string): boolean {
  const rows = CODE_TABLES[tableName]
  return rows === undefined || rows.some((row) => row.Code.toLowerCase() === code.trim().toLowerCase())
}

/** State and country must be a valid pair; only the United States and Canada have a list here. */
export function isStateOf(country: string, state: string): boolean {
  const states = STATES_OF[country.trim().toLowerCase()]
  return states === undefined || states.has(state.trim().toUpperCase())
}

export function stageDescription(code: string): string {
  return CODE_TABLES.CFGProjectStage?.find((row) => row.Code === code)?.Description ?? ''
}
