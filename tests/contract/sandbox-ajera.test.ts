import { describe, expect, test } from 'vitest'
import type { Wire } from '../support/sandbox-clients.ts'
import { freshSandboxPair } from '../support/sandbox-pair.ts'

/** The Ajera sandbox against ajera-api.md. D: documented or seen live; I: inferred, kept as a switch. */
const pair = freshSandboxPair()

const BOTH = { FilterByStatus: ['Active', 'Inactive'] }

async function project(key: number): Promise<Wire> {
  return (await pair.ajera().call(2, 'GetProjects', { RequestedProjects: [key] })).Content
}

describe('envelope and sessions', () => {
  test('a success carries 200, "Success", no errors, a content and a usage key (D)', async () => {
    const answer = await pair.ajera().call(1, 'ListCompanies')
    expect(answer).toMatchObject({ ResponseCode: 200, Message: 'Success', Errors: [] })
    expect(answer.UsageKey).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('failures arrive as HTTP 200 with another ResponseCode (D)', async () => {
    const answer = await pair.ajera().raw({ Method: 'ListProjects', SessionToken: 'none', MethodArguments: {} })
    expect(answer.status).toBe(200)
    expect(answer.body.ResponseCode).not.toBe(200)
    expect(answer.body.Errors).toEqual([{ ErrorID: -100, ErrorMessage: 'Invalid Session' }])
  })

  test('a wrong password or a wrong id in the address is refused with -150 (D)', async () => {
    const { url, username, password } = pair.sandbox().credentials.ajera
    const signIn = { Method: 'CreateAPISession', Username: username, Password: password, APIVersion: 1 }
    for (const answer of [
      await pair.ajera().raw({ ...signIn, Password: 'no' }),
      await pair.ajera().raw(signIn, `${url}x`),
    ]) {
      expect(answer.body.Errors).toEqual([{ ErrorID: -150, ErrorMessage: 'Unable to authenticate user' }])
    }
  })

  test('an expiry has an offset and seven fraction digits, and a third-party key comes along (D)', async () => {
    const { username, password } = pair.sandbox().credentials.ajera
    const answer = await pair.ajera().raw({
      Method: 'CreateAPISession',
      Username: username,
      Password: password,
      APIVersion: 2,
    })
    expect(answer.body.Content.SessionExpiration).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}-0[45]:00$/)
    expect(answer.body.Content.ICRConfigFile.ApiKey).toMatch(/^sandbox-/)
  })

  test('a session belongs to one version and cannot be used for the other (D)', async () => {
    const answer = await pair.ajera().call(2, 'GetClients', { RequestedClients: [201] })
    expect(answer.Message).toBe('Unauthorized method GetClients for api version 2 but is supported with api version 1')
    expect((await pair.ajera().call(1, 'UpdateProjects', {})).Message).toContain('supported with api version 2')
  })

  test('sessions are independent, and an ended one is invalid (D)', async () => {
    const [one, two] = [await pair.ajera().signIn(1), await pair.ajera().signIn(1)]
    expect(one).not.toBe(two)
    await pair.ajera().raw({ Method: 'EndAPISession', SessionToken: one })
    const list = (token: string) =>
      pair.ajera().raw({ Method: 'ListCompanies', SessionToken: token, MethodArguments: {} })
    expect((await list(one)).body.Message).toBe('Invalid Session')
    expect((await list(two)).body.ResponseCode).toBe(200)
  })

  test('a method without a tick, and an unknown one, is unauthorized (D)', async () => {
    await pair.control().setFaults({ erp: { deniedMethods: ['GetVendors'] } })
    expect((await pair.ajera().call(1, 'GetVendors', { RequestedVendors: [801] })).Message).toBe(
      'Unauthorized method: GetVendors',
    )
    expect((await pair.ajera().call(1, 'ListPlanets')).Message).toBe('Unauthorized method: ListPlanets')
    await pair.control().setFaults({ erp: { deniedMethods: [], unknownMethod: 'empty' } })
    expect(await pair.ajera().call(1, 'ListPlanets')).toMatchObject({ ResponseCode: 200, Content: {} })
    await pair.control().setFaults({ erp: { unknownMethod: 'unauthorized' } })
  })

  test('an unknown argument, or a list where a scalar belongs, is invalid data (D)', async () => {
    const problem = 'One or more properties contain invalid data'
    expect((await pair.ajera().call(1, 'ListProjects', { FilterByColour: ['red'] })).Message).toBe(problem)
    expect((await pair.ajera().call(1, 'ListProjects', { FilterByStatus: 'Active' })).Message).toBe(problem)
    expect((await pair.ajera().call(1, 'GetProjectTotals', { RequestedProjectTotals: [5001] })).Message).toBe(problem)
    expect((await pair.ajera().call(1, 'ListClients', { FilterByEarliestModifiedDate: 'yesterday' })).Message).toBe(
      problem,
    )
  })
})

describe('lists', () => {
  test('a list without PageResults comes whole (I), with it in pages of ten and a page count (D)', async () => {
    expect((await pair.ajera().call(1, 'ListProjects')).Content.Projects).toHaveLength(120)
    const page = await pair.ajera().call(1, 'ListProjects', {}, { PageResults: true, PageNumber: 12 })
    expect(page).toMatchObject({ PageSize: 10, PageNumber: 12, PageCount: 12 })
    expect(page.Content.Projects).toHaveLength(10)
    expect(
      (await pair.ajera().call(1, 'ListProjects', {}, { PageResults: true, PageNumber: 13 })).Content.Projects,
    ).toEqual([])
  })

  test('paging properties inside the arguments are invalid data (D)', async () => {
    const answer = await pair.ajera().call(1, 'ListProjects', { PageResults: true })
    expect(answer.Message).toBe('One or more properties contain invalid data')
  })

  test('list items are keys and names only (D)', async () => {
    const first = async (method: string, list: string) => (await pair.ajera().call(1, method)).Content[list][0]
    expect(Object.keys(await first('ListProjects', 'Projects'))).toEqual(['ProjectKey', 'ID', 'Description'])
    expect(Object.keys(await first('ListClients', 'Clients'))).toEqual(['ClientKey', 'Description'])
    expect(Object.keys(await first('ListVendors', 'Vendors'))).toEqual(['VendorKey', 'Name'])
    expect(await first('ListEmployees', 'Employees')).toMatchObject({ Company: 1, RestrictToOwnCompany: false })
    expect(await first('ListProjectTypes', 'ProjectTypes')).toMatchObject({ ProjectTypeKey: 1, Status: 'Active' })
  })

  test('projects are filtered by status, flag, name and type (D)', async () => {
    const listed = async (args: Wire): Promise<Wire[]> =>
      (await pair.ajera().call(2, 'ListProjects', args)).Content.Projects
    const closed = await listed({ FilterByStatus: ['closed'] })
    expect(closed.length).toBeGreaterThan(0)
    const content = (
      await pair.ajera().call(2, 'GetProjects', { RequestedProjects: closed.map((row) => row.ProjectKey) })
    ).Content
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
      (await pair.ajera().call(1, 'ListContacts', args)).Content.Contacts.length
    const both = await count(BOTH)
    expect(await count({})).toBe(await count({ FilterByStatus: ['Active'] }))
    expect(await count({})).toBeLessThan(both)
    await pair.control().setFaults({ erp: { listDefaultStatus: 'all' } })
    expect(await count({})).toBe(both)
    await pair.control().setFaults({ erp: { listDefaultStatus: 'active' } })
  })

  test('modified filters take a date and a stamp with zone, and the bound belongs to the range unless switched', async () => {
    const shape = (await project(5001)).Projects[0]
    const stamp = shape.LastModifiedDate.replace(/ \(.*\)$/, '').replace(/GMT([+-]\d\d):(\d\d)/, 'GMT$1$2')
    const args = { FilterByEarliestModifiedDate: stamp, FilterByLatestModifiedDate: stamp }
    const listed = async (): Promise<Wire[]> => (await pair.ajera().call(1, 'ListProjects', args)).Content.Projects
    expect(await listed()).toMatchObject([{ ProjectKey: 5001 }])
    await pair.control().setFaults({ erp: { dateFilterInclusive: false } })
    expect(await listed()).toEqual([])
    await pair.control().setFaults({ erp: { dateFilterInclusive: true } })
    expect(
      (await pair.ajera().call(1, 'ListProjects', { FilterByEarliestModifiedDate: '2030-01-01' })).Content.Projects,
    ).toEqual([])
  })
})
