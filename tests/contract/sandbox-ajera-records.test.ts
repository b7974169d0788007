import { describe, expect, test } from 'vitest'
import type { Wire } from '../support/sandbox-clients.ts'
import { freshSandboxPair } from '../support/sandbox-pair.ts'

/** The Ajera sandbox against ajera-api.md. D: documented or seen live; I: inferred, kept as a switch. */
const pair = freshSandboxPair()

const BOTH = { FilterByStatus: ['Active', 'Inactive'] }

async function project(key: number): Promise<Wire> {
  return (await pair.ajera().call(2, 'GetProjects', { RequestedProjects: [key] })).Content
}

describe('shapes', () => {
  test('version 2 answers four flat lists linked by keys, version 1 the same nested with contacts (D)', async () => {
    const flat = await project(5001)
    expect(Object.keys(flat)).toEqual(['Projects', 'InvoiceGroups', 'Phases', 'Resources'])
    expect(flat.InvoiceGroups[0]).toMatchObject({ ProjectKey: 5001 })
    expect(flat.Phases[0].InvoiceGroupKey).toBe(flat.InvoiceGroups[0].InvoiceGroupKey)
    expect(flat.Projects[0].Contacts).toBeUndefined()
    const nested = (await pair.ajera().call(1, 'GetProjects', { RequestedProjects: [5001] })).Content.Projects[0]
    expect(nested.InvoiceGroups[0].Client.ClientKey).toBe(flat.InvoiceGroups[0].ClientKey)
    expect(nested.InvoiceGroups[0].Phases).toHaveLength(flat.Phases.length)
    expect(nested.Contacts[0]).toMatchObject({ Order: 1 })
    const { ProjectKey, Description, Status, TotalContractAmount } = flat.Projects[0]
    expect(nested).toMatchObject({ ProjectKey, Description, Status, TotalContractAmount })
  })

  test('LastModifiedDate is not ISO and follows daylight time (D)', async () => {
    const rows = (
      await pair.ajera().call(2, 'GetProjects', { RequestedProjects: Array.from({ length: 60 }, (_, i) => 5001 + i) })
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
      await pair.ajera().call(2, 'GetProjects', { RequestedProjects: Array.from({ length: 40 }, (_, i) => 5001 + i) })
    ).Content
    const states = new Set(
      rows.Projects.map((row: Wire) => ('ActualStartDate' in row ? typeof row.ActualStartDate : 'missing')),
    )
    expect(states).toEqual(new Set(['missing', 'object', 'string']))
  })

  test('GetEmployees takes 50 keys and refuses 51 with -100 (D)', async () => {
    const keys = Array.from({ length: 51 }, (_, index) => 101 + index)
    expect(
      (await pair.ajera().call(1, 'GetEmployees', { RequestedEmployees: keys.slice(1) })).Content.Employees,
    ).toHaveLength(50)
    expect(await pair.ajera().call(1, 'GetEmployees', { RequestedEmployees: keys })).toMatchObject({
      ResponseCode: -100,
    })
  })

  test('employees and vendors come with data that no client may keep (D)', async () => {
    const [employee] = (await pair.ajera().call(1, 'GetEmployees', { RequestedEmployees: [101] })).Content.Employees
    expect(employee.SocialSecurityNumber).toMatch(/^900-/)
    expect(employee).toMatchObject({ BirthDate: expect.any(String), Gender: expect.any(String) })
    expect(employee.PayRates[0].Rate).toBeGreaterThan(0)
    expect(employee.CreditCards[0].Number).toMatch(/^4000-/)
    expect(employee.PayrollServiceID).toMatch(/^PAYROLL-/)
    const [vendor] = (await pair.ajera().call(1, 'GetVendors', { RequestedVendors: [801] })).Content.Vendors
    expect(vendor).toMatchObject({ Name: expect.any(String), BuisnessTypeW9: 'LLC', FederalTaxWitheld: false })
  })

  test('the address is called City in one installation and PrimaryAddressCity in another (D)', async () => {
    const client = async () =>
      (await pair.ajera().call(1, 'GetClients', { RequestedClients: [201] })).Content.Clients[0]
    const short = await client()
    await pair.control().setFaults({ erp: { addressStyle: 'long' } })
    const long = await client()
    await pair.control().setFaults({ erp: { addressStyle: 'short' } })
    expect(long.PrimaryAddressCity).toBe(short.City)
    expect(long.City).toBeUndefined()
  })

  test('keys that do not exist are missing from the answer (I)', async () => {
    expect((await pair.ajera().call(1, 'GetContacts', { RequestedContacts: [999999] })).Content.Contacts).toEqual([])
  })

  test('totals come one project at a time under human labels, and not at all for overhead (D)', async () => {
    const totals = async (key: number) =>
      (await pair.ajera().call(1, 'GetProjectTotals', { RequestedProjectTotals: key })).Content
    const [record] = (await totals(5001)).ProjectTotals
    for (const label of ['Spent Labor', 'Cost Consultant', 'WIP Reimbursable', 'Billed Labor', 'Received Consultant']) {
      expect(record[label]).toEqual(expect.any(Number))
    }
    expect(record).toHaveProperty('Receivable Balance')
    await pair.control().setFaults({ erp: { totalsKey: 'Projects', totalsWord: 'Expense' } })
    expect((await totals(5001)).Projects[0]).toHaveProperty('WIP Expense')
    await pair.control().setFaults({ erp: { totalsKey: 'ProjectTotals', totalsWord: 'Reimbursable' } })
    await pair.control().act({ action: 'set-totals', key: 5001, totals: null })
    expect((await totals(5001)).ProjectTotals).toEqual([])
  })

  test('templates are listed and read under an argument called RequestedProjects (D)', async () => {
    const [template] = (await pair.ajera().call(1, 'ListProjectTemplates')).Content.ProjectTemplates
    const keys = { RequestedProjects: [template.ProjectTemplateKey] }
    const [shape] = (await pair.ajera().call(1, 'GetProjectTemplates', keys)).Content.ProjectTemplates
    expect(shape.Description).toBe(template.Description)
    expect(shape.InvoiceGroups[0].Phases.length).toBeGreaterThan(0)
  })
})

describe('writes', () => {
  test('UpdateProjects changes only what is sent and moves the stamp (D)', async () => {
    const bundle = await project(5001)
    const flag = !bundle.Projects[0].SyncToCRM
    const args = { UpdatedProjects: [{ ProjectKey: 5001, SyncToCRM: flag }], UnchangedProjects: bundle }
    expect((await pair.ajera().call(2, 'UpdateProjects', args)).ResponseCode).toBe(200)
    const after = (await project(5001)).Projects[0]
    expect(after).toEqual({ ...bundle.Projects[0], SyncToCRM: flag, LastModifiedDate: after.LastModifiedDate })
    expect(after.LastModifiedDate).not.toBe(bundle.Projects[0].LastModifiedDate)
  })

  test('an update that changes nothing is refused (D)', async () => {
    const bundle = await project(5001)
    const same = { ProjectKey: 5001, Description: bundle.Projects[0].Description }
    const answer = await pair.ajera().call(2, 'UpdateProjects', { UpdatedProjects: [same], UnchangedProjects: bundle })
    expect(answer.Errors).toEqual([{ ErrorID: -100, ErrorMessage: 'No valid changes to this object exist.' }])
  })

  test('a stale baseline is refused (D; the text is I)', async () => {
    const bundle = await project(5001)
    await pair
      .control()
      .act({ action: 'edit', side: 'erp', type: 'project', key: 5001, fields: { Location: 'Pier 9' } })
    const args = { UpdatedProjects: [{ ProjectKey: 5001, Location: 'Pier 4' }], UnchangedProjects: bundle }
    expect((await pair.ajera().call(2, 'UpdateProjects', args)).ResponseCode).not.toBe(200)
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
    const create = (changes: Wire) => pair.ajera().call(2, 'CreateProjects', { ...args, ...changes })
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
    const [client] = (await pair.ajera().call(1, 'GetClients', { RequestedClients: [201] })).Content.Clients
    const update = (changes: Wire, baseline: Wire = client) =>
      pair
        .ajera()
        .call(1, 'UpdateClients', { UpdatedClients: [{ ...client, ...changes }], UnchangedClients: [baseline] })
    expect((await update({})).Message).toBe('No valid changes to this object exist.')
    expect((await update({ City: 'Yakima' }, { ...client, City: 'Elsewhere' })).ResponseCode).not.toBe(200)
    expect((await update({ PrimaryAddressCity: 'Yakima', City: 'Yakima' })).Content.NumberOfClientsUpdated).toBe(1)
    const made = await pair.ajera().call(1, 'UpdateClients', {
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
    const count = async () => (await pair.ajera().call(1, 'ListContacts', BOTH)).Content.Contacts.length
    const before = await count()
    expect((await pair.ajera().call(1, 'UpdateContacts', args(true))).ResponseCode).not.toBe(200)
    expect(await count()).toBe(before)
    const apart = await pair.ajera().call(1, 'UpdateContacts', args(false))
    expect(apart.Content.NumberOfContactsUpdated).toBe(1)
    expect(apart.Errors).toHaveLength(1)
    expect(await count()).toBe(before + 1)
  })

  test('arguments wrapped in Content, as the published pages have it, are refused by the live API (D)', async () => {
    const wrapped = { Content: { UpdatedClients: [], UnchangedClients: [] } }
    expect((await pair.ajera().call(1, 'UpdateClients', wrapped)).ResponseCode).not.toBe(200)
  })
})
