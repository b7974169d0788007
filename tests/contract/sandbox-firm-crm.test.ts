import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '#lib/sandbox/sandbox'
import {
  clientNames,
  type NaiveMatch,
  pairUp,
  personNames,
  plainName,
  projectNames,
  readAllErp,
  vendorNames,
} from '../support/naive-match.ts'
import {
  type AjeraWire,
  ajeraWire,
  filterQuery,
  type VantagepointWire,
  vantagepointWire,
  type Wire,
} from '../support/sandbox-clients.ts'

/** What the CRM of seed 1 has for the way back, and its consultants. The numbers stand in docs/sandbox.md too. */
let sandbox: Sandbox
let ajera: AjeraWire
let crm: VantagepointWire
let projects: NaiveMatch[]
let clients: NaiveMatch[]
let contacts: NaiveMatch[]
let vendors: NaiveMatch[]

const hub = async (path: string): Promise<Wire[]> => (await crm.get(path)).body
const count = (list: readonly Wire[], test: (row: Wire) => boolean): number => list.filter(test).length
const firmsMarked = (column: string): Promise<Wire[]> => hub(`/firm?${filterQuery([[column, 'Y']])}`)
const allVendors = (): Promise<Wire[]> => readAllErp(ajera, 'Vendor')

beforeAll(async () => {
  sandbox = await startSandbox()
  ajera = ajeraWire(sandbox.credentials.ajera)
  crm = vantagepointWire(sandbox.credentials.vantagepoint)
  const consultants = (await allVendors()).filter((row) => row.VendorTypeIsConsultant)
  clients = pairUp(await readAllErp(ajera, 'Client'), await firmsMarked('ClientInd'), clientNames)
  vendors = pairUp(consultants, await firmsMarked('VendorInd'), vendorNames)
  contacts = pairUp(await readAllErp(ajera, 'Contact'), await hub('/contact'), personNames)
  projects = pairUp(await readAllErp(ajera, 'Project'), await hub('/project?wbstype=wbs1'), projectNames)
})
afterAll(() => sandbox.close())

test('of 20 consultants 14 have one vendor firm, 5 none, one has two', () => {
  const verdicts = Object.groupBy(vendors, (match) => match.verdict)
  expect([verdicts.pair?.length, verdicts.none?.length, verdicts.ambiguous?.length]).toEqual([14, 5, 1])
  const alike = vendors.filter(
    ({ erp, crm: firm }) => firm && [erp.Email, erp.Website].join() === [firm.PrimaryEmail, firm.WebSite].join(),
  )
  expect(alike.length).toBeGreaterThanOrEqual(2)
  expect(alike.length).toBeLessThan(14)
})

const pursuits = (): Promise<Wire[]> => hub(`/project?wbstype=wbs1&${filterQuery([['ChargeType', 'P']])}`)
const flaggedOf = (rows: readonly Wire[]): Wire[] => rows.filter((row) => row.AjeraSync === 'Y')
const inBooks = (matches: readonly NaiveMatch[], id: string): Set<string> =>
  new Set(matches.flatMap((match) => match.crm?.[id] ?? []))

test('two consultants are called like a client; a vendor firm is theirs alone', async () => {
  const fold = (text: string): string => plainName(text).toLowerCase()
  const clientNamesHeld = new Set(clients.filter((match) => match.crm).map((match) => fold(match.erp.Description)))
  const shared = vendors.filter((match) => clientNamesHeld.has(fold(match.erp.Name)))
  expect(shared.map((match) => match.verdict).sort()).toEqual(['none', 'pair'])
  const held = inBooks(clients, 'ClientID')
  for (const match of vendors) expect(held.has(match.crm?.ClientID)).toBe(false)
})

test('a vendor that is no consultant has a firm of its name all the same', async () => {
  const others = (await allVendors()).filter((row) => !row.VendorTypeIsConsultant)
  expect(others).toHaveLength(20)
  const matches = pairUp(others, await firmsMarked('VendorInd'), vendorNames)
  expect(count(matches, (match) => match.verdict === 'pair')).toBe(1)
})

test('flagged projects of the CRM alone: six with a template, one without, one with an unknown one', async () => {
  const templates: Wire[] = (await ajera.call(1, 'ListProjectTemplates')).Content.ProjectTemplates
  const known = new Set(templates.map((row) => row.Description))
  const flagged = flaggedOf(await pursuits())
  expect(flagged).toHaveLength(8)
  expect(count(flagged, (row) => known.has(row.ProjectTemplate))).toBe(6)
  expect(count(flagged, (row) => row.ProjectTemplate === '')).toBe(1)
  expect(count(flagged, (row) => row.LongName.length > 40)).toBe(1)
  const mapped = inBooks(clients, 'ClientID')
  const newFirms = new Set(flaggedOf(await hub('/firm')).map((row) => row.ClientID))
  expect(count(flagged, (row) => mapped.has(row.ClientID))).toBe(7)
  expect(count(flagged, (row) => newFirms.has(row.ClientID))).toBe(1)
  const { Fields } = (await crm.get('/metadata/project')).body.PR
  expect(Fields.find((field: Wire) => field.FieldName === 'ProjectTemplate')).toMatchObject({ FieldType: 'string' })
})

test('one of two CRM namesakes of an Ajera project is flagged', async () => {
  const namesakes = new Set(
    projects.filter((match) => match.verdict === 'ambiguous').map((match) => plainName(match.erp.Description)),
  )
  const named = (await hub('/project?wbstype=wbs1')).filter(
    (row) => row.WBS1.endsWith('B') && (namesakes.has(plainName(row.Name)) || namesakes.has(plainName(row.LongName))),
  )
  expect(named).toHaveLength(3)
  expect(flaggedOf(named)).toHaveLength(1)
})

test('four flagged firms of the CRM alone bring nine contacts', async () => {
  const firms = flaggedOf(await firmsMarked('ClientInd'))
  expect(firms).toHaveLength(4)
  const names = new Set(clients.map((match) => match.erp.Description))
  for (const firm of firms) expect(names.has(firm.Name)).toBe(false)
  const ids = new Set(firms.map((row) => row.ClientID))
  const people = (await hub('/contact')).filter((row) => ids.has(row.ClientID))
  expect(people).toHaveLength(9)
  const mapped = inBooks(contacts, 'ContactID')
  for (const person of people) expect(mapped.has(person.ContactID)).toBe(false)
})
