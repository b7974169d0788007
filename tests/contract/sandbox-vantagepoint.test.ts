import { describe, expect, test } from 'vitest'
import type { FaultPatch } from '#lib/sandbox/faults'
import { filterQuery, type Wire } from '../support/sandbox-clients.ts'
import { freshSandboxPair } from '../support/sandbox-pair.ts'

/** The Vantagepoint sandbox against vantagepoint-api.md. D documented, L seen live, C a client's word, I inferred, U unknown. */
const pair = freshSandboxPair()

const rows = pair.rows
const switches = (patch: FaultPatch['crm']) => pair.switches({ crm: patch })
const firstProject = async (): Promise<Wire> => (await rows('/project?wbstype=wbs1&limit=1&order=WBS1'))[0]
const firstFirm = async (): Promise<Wire> => (await rows('/firm?limit=1&order=ClientID'))[0]
const message = async (answer: Promise<{ status: number; body: Wire }>): Promise<string> => {
  const { status, body } = await answer
  return `${status} ${body.Message}`
}

describe('token', () => {
  test('a password grant answers a bearer token for 1799 seconds, a refresh token and stickiness cookies (D, L)', async () => {
    const answer = await pair.crm().signIn()
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ token_type: 'bearer', expires_in: 1799 })
    expect(answer.body.access_token.length).toBeGreaterThan(300)
    expect(answer.body.refresh_token).toMatch(/^[A-Za-z0-9+/=]+$/)
    expect(answer.headers.getSetCookie().map((cookie) => cookie.split('=')[0])).toEqual(['AWSELB', 'AWSELBCORS'])
  })

  test('names of the form count in any letter case, and Integrated may be missing (L, I)', async () => {
    const lower = Object.entries(pair.crm().passwordForm()).map(([name, value]) => [name.toLowerCase(), value])
    const { integrated: _integrated, ...form } = Object.fromEntries(lower)
    expect((await pair.crm().token(form)).status).toBe(200)
  })

  test('a wrong login is 400 invalid_grant with a sentence (L), another grant unsupported_grant_type (C)', async () => {
    const wrong = await pair.crm().token({ ...pair.crm().passwordForm(), Password: 'no' })
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(wrong.body.error_description).toContain('contact your system administrator')
    const other = await pair.crm().token({ ...pair.crm().passwordForm(), grant_type: 'magic' })
    expect(other).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
  })

  test('a refresh grant answers a new pair; the old refresh token is spent unless switched (L; single use U)', async () => {
    const { refresh_token } = (await pair.crm().signIn()).body
    const { clientId, clientSecret } = pair.sandbox().credentials.vantagepoint
    const form = { grant_type: 'refresh_token', refresh_token, client_id: clientId, client_secret: clientSecret }
    expect((await pair.crm().token(form)).body.refresh_token).not.toBe(refresh_token)
    expect((await pair.crm().token(form)).status).toBe(400)
    const again = { ...form, refresh_token: (await pair.crm().signIn()).body.refresh_token }
    await switches({ singleUseRefresh: false })
    await pair.crm().token(again)
    expect((await pair.crm().token(again)).status).toBe(200)
  })

  test('a call with a dropped, an invented or no token is 401 with the known sentence (L)', async () => {
    await pair.crm().signIn()
    await pair.control().act({ action: 'drop-sessions', side: 'crm' })
    expect(await message(pair.crm().get('/project'))).toBe('401 Session is invalid or timed out')
    const bare = await fetch(`${pair.sandbox().credentials.vantagepoint.url}/project`)
    expect(bare.status).toBe(401)
  })

  test('a token dies with its time (D)', async () => {
    await switches({ tokenSeconds: 0.05 })
    expect((await pair.crm().signIn()).body.expires_in).toBe(0.05)
    await expect.poll(async () => (await pair.crm().get('/codeTable/ProjectType')).status).toBe(401)
  })
})

describe('reading', () => {
  test('a list is a bare array, a record by key an array of one, a missing one 404 (L)', async () => {
    const project = await firstProject()
    expect((await pair.crm().get(`/project/${project.WBS1}`)).body).toEqual([project])
    expect((await pair.crm().get('/project/NOPE')).status).toBe(404)
    expect((await rows(`/project?${filterQuery([['WBS1', 'NOPE']])}`)).length).toBe(0)
  })

  test('paths and query names count in any letter case (L)', async () => {
    const { WBS1 } = await firstProject()
    const answer = await pair.crm().get(`/PROJECT/${WBS1.toLowerCase()}?FIELDFILTER=wbs1,name`)
    expect(Object.keys(answer.body[0])).toEqual(['WBS1', 'Name'])
  })

  test('records are wide, with pay and social security numbers on employees, unless fieldFilter trims them (L)', async () => {
    expect(Object.keys(await firstProject()).length).toBeGreaterThan(110)
    expect(Object.keys(await firstFirm()).length).toBeGreaterThan(100)
    const employee = (await rows('/employee?limit=1'))[0]
    expect(employee.SSN).toMatch(/^900-/)
    expect(employee.PayRate).toBeGreaterThan(0)
    expect(Object.keys((await rows('/employee?limit=1&fieldFilter=Employee,LastName'))[0])).toEqual([
      'Employee',
      'LastName',
    ])
  })

  test('an unknown name in fieldFilter is ignored, or refused by a switch (U)', async () => {
    expect(Object.keys((await rows('/firm?limit=1&fieldFilter=Name,Nope'))[0])).toEqual(['Name'])
    await switches({ unknownFieldFilter: 'refuse' })
    expect(await message(pair.crm().get('/firm?fieldFilter=Name,Nope'))).toBe('400 Field Nope does not exist')
  })

  test('empty texts are "", empty amounts 0, flags Y or N (I)', async () => {
    const project = await firstProject()
    expect(project).toMatchObject({ Address1: '', FirmCost: 0, AvailableForCRM: expect.stringMatching(/^[YN]$/) })
    expect(Object.values(project)).not.toContain(null)
  })

  test('the project list holds phases and tasks too, unless filtered by blank WBS2 or wbstype (L, C)', async () => {
    const all = await rows('/project?fieldFilter=WBS1,WBS2,WBS3')
    const top = await rows(`/project?fieldFilter=WBS1,WBS2,WBS3&${filterQuery([['WBS2', '']])}`)
    expect(all.length).toBeGreaterThan(top.length)
    expect(new Set(top.map((row) => row.WBS2))).toEqual(new Set([' ']))
    expect(await rows('/project?fieldFilter=WBS1,WBS2,WBS3&wbstype=wbs1')).toEqual(top)
    expect(all.filter((row) => row.WBS3.trim() !== '').length).toBeGreaterThan(0)
  })

  test('plain query parameters are ignored and every row comes (L)', async () => {
    const { Name } = await firstFirm()
    const all = await rows('/firm?fieldFilter=ClientID')
    expect(await rows(`/firm?fieldFilter=ClientID&Name=${encodeURIComponent(Name)}`)).toEqual(all)
  })

  test('limit, pageSize, offset and page cut the list; order sorts up and down (D, I)', async () => {
    const keys = (list: Wire[]) => list.map((row) => row.ContactID)
    const all = keys(await rows('/contact?fieldFilter=ContactID&order=ContactID'))
    expect(all).toEqual([...all].sort())
    expect(keys(await rows('/contact?fieldFilter=ContactID&order=ContactID_D'))).toEqual([...all].reverse())
    expect(keys(await rows('/contact?fieldFilter=ContactID&order=ContactID_A&limit=5&offset=3'))).toEqual(
      all.slice(3, 8),
    )
    expect(keys(await rows('/contact?fieldFilter=ContactID&order=ContactID&pageSize=7&page=2'))).toEqual(
      all.slice(7, 14),
    )
  })

  test('default and maximum page size and the order without order are switches (U)', async () => {
    const all = await rows('/contact?fieldFilter=ContactID')
    await switches({ defaultPageSize: 10, maxPageSize: 20, unorderedRows: 'shuffled' })
    const page = await rows('/contact?fieldFilter=ContactID')
    expect(page).toHaveLength(10)
    expect(await rows('/contact?fieldFilter=ContactID&limit=50')).toHaveLength(20)
    expect(page).not.toEqual(all.slice(0, 10))
  })

  test('a date comes as UTC text without offset, sometimes with .000 (L)', async () => {
    const dated = await rows('/project?wbstype=wbs1&fieldFilter=StartDate,EstCompletionDate,ModDate')
    for (const row of dated) {
      expect(row.ModDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
      expect(row.StartDate).toMatch(/^(\d{4}-\d\d-\d\dT00:00:00)?$/)
      expect(row.EstCompletionDate).toMatch(/^(\d{4}-\d\d-\d\dT00:00:00\.000)?$/)
    }
  })

  test('look-up names come along (L)', async () => {
    const managed = (await rows('/project?wbstype=wbs1&fieldFilter=ProjMgr,ProjMgrName')).find(
      (row) => row.ProjMgr !== '',
    )
    const manager = (await rows(`/employee/${managed.ProjMgr}?fieldFilter=LastName,FirstName`))[0]
    expect(managed.ProjMgrName).toBe(`${manager.LastName}, ${manager.FirstName}`)
  })

  test('an address longer than the cap fails; the cap is a guess (U)', async () => {
    expect((await pair.crm().get(`/project?fieldFilter=${'WBS1,'.repeat(500)}`)).status).toBe(414)
  })

  test('the same query travels as a POST with dvp-postAsGet (C)', async () => {
    const query = `fieldFilter=WBS1&${filterQuery([['WBS2', '']])}`
    const posted = await pair.crm().send('POST', '/project', new URLSearchParams(query), { 'dvp-postAsGet': 'true' })
    expect(posted.status).toBe(200)
    expect(posted.body).toEqual(await rows(`/project?${query}`))
  })

  test('an employee answers to its number and to number|company (L)', async () => {
    const { Employee } = (await rows('/employee?limit=1'))[0]
    expect((await pair.crm().get(`/employee/${Employee}%7CHL`)).body[0].Employee).toBe(Employee)
  })

  test('no rights for a hub is 403 (D)', async () => {
    await switches({ rights: { firm: { read: true, write: false }, contact: { read: false } } })
    expect((await pair.crm().get('/contact')).status).toBe(403)
    expect((await pair.crm().get('/firm')).status).toBe(200)
    expect((await pair.crm().send('POST', '/firm', { Name: 'No' })).status).toBe(403)
  })
})
