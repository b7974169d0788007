import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { type Sandbox, startSandbox } from '#lib/sandbox/sandbox'
import { type AjeraWire, ajeraWire, type Wire } from '../support/sandbox-clients.ts'

/** The Ajera sandbox against ajera-api.md. D: documented or seen live; I: inferred, kept as a switch. */
let sandbox: Sandbox
let control: SandboxControl
let ajera: AjeraWire

beforeAll(async () => {
  sandbox = await startSandbox({ projects: 120, clients: 40, contacts: 60, employees: 60 })
  control = sandboxControl(sandbox.controlUrl)
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await control.act({ action: 'reset' })
  ajera = ajeraWire(sandbox.credentials.ajera)
})

const BOTH = { FilterByStatus: ['Active', 'Inactive'] }

async function project(key: number): Promise<Wire> {
  return (await ajera.call(2, 'GetProjects', { RequestedProjects: [key] })).Content
}

describe('envelope and sessions', () => {
  test('a success carries 200, "Success", no errors, a content and a usage key (D)', async () => {
    const answer = await ajera.call(1, 'ListCompanies')
    expect(answer).toMatchObject({ ResponseCode: 200, Message: 'Success', Errors: [] })
    expect(answer.UsageKey).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('failures arrive as HTTP 200 with another ResponseCode (D)', async () => {
    const answer = await ajera.raw({ Method: 'ListProjects', SessionToken: 'none', MethodArguments: {} })
    expect(answer.status).toBe(200)
    expect(answer.body.ResponseCode).not.toBe(200)
    expect(answer.body.Errors).toEqual([{ ErrorID: -100, ErrorMessage: 'Invalid Session' }])
  })

  test('a wrong password or a wrong id in the address is refused with -150 (D)', async () => {
    const { url, username, password } = sandbox.credentials.ajera
    const signIn = { Method: 'CreateAPISession', Username: username, Password: password, APIVersion: 1 }
    for (const answer of [await ajera.raw({ ...signIn, Password: 'no' }), await ajera.raw(signIn, `${url}x`)]) {
      expect(answer.body.Errors).toEqual([{ ErrorID: -150, ErrorMessage: 'Unable to authenticate user' }])
    }
  })

  test('an expiry has an offset and seven fraction digits, and a third-party key comes along (D)', async () => {
    const { username, password } = sandbox.credentials.ajera
    const answer = await ajera.raw({
      Method: 'CreateAPISession',
      Username: username,
      Password: password,
      APIVersion: 2,
    })
    expect(answer.body.Content.SessionExpiration).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}-0[45]:00$/)
    expect(answer.body.Content.ICRConfigFile.ApiKey).toMatch(/^sandbox-/)
  })

  test('a session belongs to one version and cannot be used for the other (D)', async () => {
    const answer = await ajera.call(2, 'GetClients', { RequestedClients: [201] })
    expect(answer.Message).toBe('Unauthorized method GetClients for api version 2 but is supported with api version 1')
    expect((await ajera.call(1, 'UpdateProjects', {})).Message).toContain('supported with api version 2')
  })

  test('sessions are independent, and an ended one is invalid (D)', async () => {
    const [one, two] = [await ajera.signIn(1), await ajera.signIn(1)]
    expect(one).not.toBe(two)
    await ajera.raw({ Method: 'EndAPISession', SessionToken: one })
    const list = (token: string) => ajera.raw({ Method: 'ListCompanies', SessionToken: token, MethodArguments: {} })
    expect((await list(one)).body.Message).toBe('Invalid Session')
    expect((await list(two)).body.ResponseCode).toBe(200)
  })

  test('a method without a tick, and an unknown one, is unauthorized (D)', async () => {
    await control.setFaults({ erp: { deniedMethods: ['GetVendors'] } })
    expect((await ajera.call(1, 'GetVendors', { RequestedVendors: [801] })).Message).toBe(
      'Unauthorized method: GetVendors',
    )
    expect((await ajera.call(1, 'ListPlanets')).Message).toBe('Unauthorized method: ListPlanets')
    await control.setFaults({ erp: { deniedMethods: [], unknownMethod: 'empty' } })
    expect(await ajera.call(1, 'ListPlanets')).toMatchObject({ ResponseCode: 200, Content: {} })
    await control.setFaults({ erp: { unknownMethod: 'unauthorized' } })
  })

  test('an unknown argument, or a list where a scalar belongs, is invalid data (D)', async () => {
    const problem = 'One or more properties contain invalid data'
    expect((await ajera.call(1, 'ListProjects', { FilterByColour: ['red'] })).Message).toBe(problem)
    expect((await ajera.call(1, 'ListProjects', { FilterByStatus: 'Active' })).Message).toBe(problem)
    expect((await ajera.call(1, 'GetProjectTotals', { RequestedProjectTotals: [5001] })).Message).toBe(problem)
    expect((await ajera.call(1, 'ListClients', { FilterByEarliestModifiedDate: 'yesterday' })).Message).toBe(problem)
  })
})

describe('lists', () => {
  test('a list without PageResults comes whole (I), with it in pages of ten and a page count (D)', async () => {
    expect((await ajera.call(1, 'ListProjects')).Content.Projects).toHaveLength(120)
    const page = await ajera.call(1, 'ListProjects', {}, { PageResults: true, PageNumber: 12 })
    expect(page).toMatchObject({ PageSize: 10, PageNumber: 12, PageCount: 12 })
    expect(page.Content.Projects).toHaveLength(10)
    expect((await ajera.call(1, 'ListProjects', {}, { PageResults: true, PageNumber: 13 })).Content.Projects).toEqual(
      [],
    )
  })

  test('paging properties inside the arguments are invalid data (D)', async () => {
    const answer = await ajera.call(1, 'ListProjects', { PageResults: true })
    expect(answer.Message).toBe('One or more properties contain invalid data')
  })

  test('list items are keys and names only (D)', async () => {
    const first = async (method: string, list: string) => (await ajera.call(1, method)).Content[list][0]
    expect(Object.keys(await first('ListProjects', 'Projects'))).toEqual(['ProjectKey', 'ID', 'Description'])
    expect(Object.keys(await first('ListClients', 'Clients'))).toEqual(['ClientKey', 'Description'])
    expect(Object.keys(await first('ListVendors', 'Vendors'))).toEqual(['VendorKey', 'Name'])
    expect(await first('ListEmployees', 'Employees')).toMatchObject({ Company: 1, RestrictToOwnCompany: false })
    expect(await first('ListProjectTypes', 'ProjectTypes')).toMatchObject({ ProjectTypeKey: 1, Status: 'Active' })
  })

  test('projects are filtered by status, flag, name and type (D)', async () => {
    const listed = async (args: Wire): Promise<Wire[]> => (await ajera.call(2, 'ListProjects', args)).Content.Projects
    const closed = await listed({ FilterByStatus: ['closed'] })
    expect(closed.length).toBeGreaterThan(0)
    const content = (await ajera.call(2, 'GetProjects', { RequestedProjects: closed.map((row) => row.ProjectKey) }))
      .Content
    expect(new Set(content.Projects.map((row: Wire) => row.Status))).toEqual(new Set(['Closed']))
    const [on, off] = [await listed({ FilterBySyncToCRM: [true] }), await listed({ FilterBySyncToCRM: [false] })]
    expect(on.length + off.length).toBe(120)
    expect(off.length).toBeGreaterThan(0)
    const word = closed[0].Description.split(' ')[0]
    expect((await listed({ FilterByNameLike: word.toLowerCase() })).map((row) => row.Description).join()).toContain(
      word,
    )
    expect(await listed({ FilterByDescriptionEquals: closed[0].Description })).toEqual([closed[0]])
    expect((await listed({ FilterByProjectType: [null] })).length).toBe(0)
  })

  test('without a status filter only active clients and people are listed, unless switched (undocumented: a switch)', async () => {
    const count = async (args: Wire): Promise<number> =>
      (await ajera.call(1, 'ListContacts', args)).Content.Contacts.length
    const both = await count(BOTH)
    expect(await count({})).toBe(await count({ FilterByStatus: ['Active'] }))
    expect(await count({})).toBeLessThan(both)
    await control.setFaults({ erp: { listDefaultStatus: 'all' } })
    expect(await count({})).toBe(both)
    await control.setFaults({ erp: { listDefaultStatus: 'active' } })
  })

  test('modified filters take a date and a stamp with zone, and the bound belongs to the range unless switched', async () => {
    const shape = (await project(5001)).Projects[0]
    const stamp = shape.LastModifiedDate.replace(/ \(.*\)$/, '').replace(/GMT([+-]\d\d):(\d\d)/, 'GMT$1$2')
    const args = { FilterByEarliestModifiedDate: stamp, FilterByLatestModifiedDate: stamp }
    const listed = async (): Promise<Wire[]> => (await ajera.call(1, 'ListProjects', args)).Content.Projects
    expect(await listed()).toMatchObject([{ ProjectKey: 5001 }])
    await control.setFaults({ erp: { dateFilterInclusive: false } })
    expect(await listed()).toEqual([])
    await control.setFaults({ erp: { dateFilterInclusive: true } })
    expect(
      (await ajera.call(1, 'ListProjects', { FilterByEarliestModifiedDate: '2030-01-01' })).Content.Projects,
    ).toEqual([])
  })
})

describe('shapes', () => {
  test('version 2 answers four flat lists linked by keys, version 1 the same nested with contacts (D)', async () => {
    const flat = await project(5001)
    expect(Object.keys(flat)).toEqual(['Projects', 'InvoiceGroups', 'Phases', 'Resources'])
    expect(flat.InvoiceGroups[0]).toMatchObject({ ProjectKey: 5001 })
    expect(flat.Phases[0].InvoiceGroupKey).toBe(flat.InvoiceGroups[0].InvoiceGroupKey)
    expect(flat.Projects[0].Contacts).toBeUndefined()
    const nested = (await ajera.call(1, 'GetProjects', { RequestedProjects: [5001] })).Content.Projects[0]
    expect(nested.InvoiceGroups[0].Client.ClientKey).toBe(flat.InvoiceGroups[0].ClientKey)
    expect(nested.InvoiceGroups[0].Phases).toHaveLength(flat.Phases.length)
    expect(nested.Contacts[0]).toMatchObject({ Order: 1 })
    const { ProjectKey, Description, Status, TotalContractAmount } = flat.Projects[0]
    expect(nested).toMatchObject({ ProjectKey, Description, Status, TotalContractAmount })
  })

  test('LastModifiedDate is not ISO and follows daylight time (D)', async () => {
    const rows = (
      await ajera.call(2, 'GetProjects', { RequestedProjects: Array.from({ length: 60 }, (_, i) => 5001 + i) })
    ).Content
    const stamps: string[] = rows.Projects.map((row: Wire) => row.LastModifiedDate)
    for (const stamp of stamps) {
      expect(stamp).toMatch(
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} GMT-0(4:00 \(Eastern Daylight|5:00 \(Eastern Standard) Time\)$/,
      )
      const month = Number(stamp.slice(5, 7))
      if (month > 3 && month < 11) expect(stamp).toContain('Eastern Daylight Time')
      if (month < 3 || month === 12) expect(stamp).toContain('Eastern Standard Time')
    }
    expect(new Set(stamps.map((stamp) => stamp.slice(24))).size).toBe(2)
  })

  test('optional fields may be missing on one project and null on the next (D)', async () => {
    const rows = (
      await ajera.call(2, 'GetProjects', { RequestedProjects: Array.from({ length: 40 }, (_, i) => 5001 + i) })
    ).Content
    const states = new Set(
      rows.Projects.map((row: Wire) => ('ActualStartDate' in row ? typeof row.ActualStartDate : 'missing')),
    )
    expect(states).toEqual(new Set(['missing', 'object', 'string']))
  })

  test('GetEmployees takes 50 keys and refuses 51 with -100 (D)', async () => {
    const keys = Array.from({ length: 51 }, (_, index) => 101 + index)
    expect((await ajera.call(1, 'GetEmployees', { RequestedEmployees: keys.slice(1) })).Content.Employees).toHaveLength(
      50,
    )
    expect(await ajera.call(1, 'GetEmployees', { RequestedEmployees: keys })).toMatchObject({ ResponseCode: -100 })
  })

  test('employees and vendors come with data that no client may keep (D)', async () => {
    const [employee] = (await ajera.call(1, 'GetEmployees', { RequestedEmployees: [101] })).Content.Employees
    expect(employee.SocialSecurityNumber).toMatch(/^900-/)
    expect(employee).toMatchObject({ BirthDate: expect.any(String), Gender: expect.any(String) })
    expect(employee.PayRates[0].Rate).toBeGreaterThan(0)
    expect(employee.CreditCards[0].Number).toMatch(/^4000-/)
    expect(employee.PayrollServiceID).toMatch(/^PAYROLL-/)
    const [vendor] = (await ajera.call(1, 'GetVendors', { RequestedVendors: [801] })).Content.Vendors
    expect(vendor).toMatchObject({ Name: expect.any(String), BuisnessTypeW9: 'LLC', FederalTaxWitheld: false })
  })

  test('the address is called City in one installation and PrimaryAddressCity in another (D)', async () => {
    const client = async () => (await ajera.call(1, 'GetClients', { RequestedClients: [201] })).Content.Clients[0]
    const short = await client()
    await control.setFaults({ erp: { addressStyle: 'long' } })
    const long = await client()
    await control.setFaults({ erp: { addressStyle: 'short' } })
    expect(long.PrimaryAddressCity).toBe(short.City)
    expect(long.City).toBeUndefined()
  })

  test('keys that do not exist are missing from the answer (I)', async () => {
    expect((await ajera.call(1, 'GetContacts', { RequestedContacts: [999999] })).Content.Contacts).toEqual([])
  })

  test('totals come one project at a time under human labels, and not at all for overhead (D)', async () => {
    const totals = async (key: number) =>
      (await ajera.call(1, 'GetProjectTotals', { RequestedProjectTotals: key })).Content
    const [record] = (await totals(5001)).ProjectTotals
    for (const label of ['Spent Labor', 'Cost Consultant', 'WIP Reimbursable', 'Billed Labor', 'Received Consultant']) {
      expect(record[label]).toEqual(expect.any(Number))
    }
    expect(record).toHaveProperty('Receivable Balance')
    await control.setFaults({ erp: { totalsKey: 'Projects', totalsWord: 'Expense' } })
    expect((await totals(5001)).Projects[0]).toHaveProperty('WIP Expense')
    await control.setFaults({ erp: { totalsKey: 'ProjectTotals', totalsWord: 'Reimbursable' } })
    await control.act({ action: 'set-totals', key: 5001, totals: null })
    expect((await totals(5001)).ProjectTotals).toEqual([])
  })

  test('templates are listed and read under an argument called RequestedProjects (D)', async () => {
    const [template] = (await ajera.call(1, 'ListProjectTemplates')).Content.ProjectTemplates
    const keys = { RequestedProjects: [template.ProjectTemplateKey] }
    const [shape] = (await ajera.call(1, 'GetProjectTemplates', keys)).Content.ProjectTemplates
    expect(shape.Description).toBe(template.Description)
    expect(shape.InvoiceGroups[0].Phases.length).toBeGreaterThan(0)
  })
})

describe('writes', () => {
  test('UpdateProjects changes only what is sent and moves the stamp (D)', async () => {
    const bundle = await project(5001)
    const flag = !bundle.Projects[0].SyncToCRM
    const args = { UpdatedProjects: [{ ProjectKey: 5001, SyncToCRM: flag }], UnchangedProjects: bundle }
    expect((await ajera.call(2, 'UpdateProjects', args)).ResponseCode).toBe(200)
    const after = (await project(5001)).Projects[0]
    expect(after).toEqual({ ...bundle.Projects[0], SyncToCRM: flag, LastModifiedDate: after.LastModifiedDate })
    expect(after.LastModifiedDate).not.toBe(bundle.Projects[0].LastModifiedDate)
  })

  test('an update that changes nothing is refused (D)', async () => {
    const bundle = await project(5001)
    const same = { ProjectKey: 5001, Description: bundle.Projects[0].Description }
    const answer = await ajera.call(2, 'UpdateProjects', { UpdatedProjects: [same], UnchangedProjects: bundle })
    expect(answer.Errors).toEqual([{ ErrorID: -100, ErrorMessage: 'No valid changes to this object exist.' }])
  })

  test('a stale baseline is refused (D; the text is I)', async () => {
    const bundle = await project(5001)
    await control.act({ action: 'edit', side: 'erp', type: 'project', key: 5001, fields: { Location: 'Pier 9' } })
    const args = { UpdatedProjects: [{ ProjectKey: 5001, Location: 'Pier 4' }], UnchangedProjects: bundle }
    expect((await ajera.call(2, 'UpdateProjects', args)).ResponseCode).not.toBe(200)
    expect((await project(5001)).Projects[0].Location).toBe('Pier 9')
  })

  test('a project needs an invoice group and a phase, and new keys are negative and all different (D)', async () => {
    const args = {
      CreateType: 'Project',
      Project: {
        ProjectKey: -1,
        Description: 'Ferry Landing Canopy',
        BillingType: 'FixedFee',
        RateTableKey: 1,
        ID: 'X1',
      },
      InvoiceGroups: [{ InvoiceGroupKey: -2, Description: 'Main', ClientKey: 201, InvoiceFormatKey: 1 }],
      Phases: [{ PhaseKey: -3, Description: 'Design' }],
    }
    const create = (changes: Wire) => ajera.call(2, 'CreateProjects', { ...args, ...changes })
    expect((await create({ InvoiceGroups: [] })).ResponseCode).not.toBe(200)
    expect((await create({ Phases: [] })).ResponseCode).not.toBe(200)
    expect((await create({ Phases: [{ PhaseKey: -2, Description: 'Design' }] })).ResponseCode).not.toBe(200)
    const made = await create({})
    const key = made.Content.Projects[0].ProjectKey
    expect(key).toBeGreaterThan(5000)
    expect((await project(key)).InvoiceGroups[0]).toMatchObject({ ClientKey: 201, ProjectKey: key })
    expect((await create({ Project: { ...args.Project, Description: 'x'.repeat(81) } })).ResponseCode).not.toBe(200)
  })

  test('UpdateClients compares the baseline, takes both address spellings, and creates for a negative key (D)', async () => {
    const [client] = (await ajera.call(1, 'GetClients', { RequestedClients: [201] })).Content.Clients
    const update = (changes: Wire, baseline: Wire = client) =>
      ajera.call(1, 'UpdateClients', { UpdatedClients: [{ ...client, ...changes }], UnchangedClients: [baseline] })
    expect((await update({})).Message).toBe('No valid changes to this object exist.')
    expect((await update({ City: 'Yakima' }, { ...client, City: 'Elsewhere' })).ResponseCode).not.toBe(200)
    expect((await update({ PrimaryAddressCity: 'Yakima', City: 'Yakima' })).Content.NumberOfClientsUpdated).toBe(1)
    const made = await ajera.call(1, 'UpdateClients', {
      UpdatedClients: [{ ClientKey: -1, Description: 'Brand New Client' }],
      UnchangedClients: [],
    })
    expect(made.Content.Clients[0]).toMatchObject({
      OriginalClientKey: -1,
      Deleted: false,
      Description: 'Brand New Client',
    })
  })

  test('with UseSingleTransaction one bad record keeps the others out, without it they go in (D)', async () => {
    const args = (single: boolean) => ({
      UpdatedContacts: [
        { ContactKey: -1, FirstName: 'Nell', LastName: single ? 'Single' : 'Apart' },
        { ContactKey: -2, FirstName: '', LastName: '' },
      ],
      UnchangedContacts: [],
      UseSingleTransaction: single,
    })
    const count = async () => (await ajera.call(1, 'ListContacts', BOTH)).Content.Contacts.length
    const before = await count()
    expect((await ajera.call(1, 'UpdateContacts', args(true))).ResponseCode).not.toBe(200)
    expect(await count()).toBe(before)
    const apart = await ajera.call(1, 'UpdateContacts', args(false))
    expect(apart.Content.NumberOfContactsUpdated).toBe(1)
    expect(apart.Errors).toHaveLength(1)
    expect(await count()).toBe(before + 1)
  })

  test('arguments wrapped in Content, as the published pages have it, are refused by the live API (D)', async () => {
    const wrapped = { Content: { UpdatedClients: [], UnchangedClients: [] } }
    expect((await ajera.call(1, 'UpdateClients', wrapped)).ResponseCode).not.toBe(200)
  })
})
