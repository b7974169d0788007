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

describe('updating', () => {
  test('a PUT changes only what is sent, moves ModDate and notes the user (D, I)', async () => {
    const before = await firstProject()
    const [after] = (await pair.crm().send('PUT', `/project/${before.WBS1}`, { Fee: '123.45' })).body
    expect(after).toEqual({ ...before, Fee: 123.45, ModDate: after.ModDate, ModUser: 'CROSSWALK' })
    expect(after.ModDate > before.ModDate).toBe(true)
  })

  test('a PUT re-validates the whole record (L)', async () => {
    const { ClientID } = await firstFirm()
    await pair.control().act({ action: 'edit', side: 'crm', type: 'firm', key: ClientID, fields: { Category: '' } })
    await switches({ requiredFields: { firm: ['Category'] } })
    expect(await message(pair.crm().send('PUT', `/firm/${ClientID}`, { WebSite: 'https://new.example' }))).toBe(
      '400 Please provide a Vendor Type for table Firm',
    )
    const both = await pair.crm().send('PUT', `/firm/${ClientID}?fieldFilter=WebSite`, {
      WebSite: 'https://new.example',
      Category: 'X',
    })
    expect(both.body).toEqual([{ WebSite: 'https://new.example' }])
  })

  test('an empty text clears a field, but fails in a reference (L)', async () => {
    const managed = (await rows('/project?wbstype=wbs1')).find((row) => row.ProjMgr !== '' && row.StartDate !== '')
    const cleared = await pair.crm().send('PUT', `/project/${managed.WBS1}?fieldFilter=StartDate,Memo`, {
      StartDate: '',
      Memo: '',
    })
    expect(cleared.body).toEqual([{ StartDate: '', Memo: '' }])
    expect(await message(pair.crm().send('PUT', `/project/${managed.WBS1}`, { ProjMgr: '' }))).toBe(
      '400 Project Manager  does not exist.',
    )
    expect(await message(pair.crm().send('PUT', `/project/${managed.WBS1}`, { Status: null }))).toBe(
      '400 Cannot insert NULL into Status column',
    )
  })

  test('dates are taken as a day or with time and zone (L)', async () => {
    const { WBS1 } = await firstProject()
    const sent = { StartDate: '2026-03-04', EndDate: '2026-03-04T05:06:07Z' }
    const answer = await pair.crm().send('PUT', `/project/${WBS1}?fieldFilter=StartDate,EndDate`, sent)
    expect(answer.body).toEqual([{ StartDate: '2026-03-04T00:00:00', EndDate: '2026-03-04T05:06:07' }])
    expect((await pair.crm().send('PUT', `/project/${WBS1}`, { StartDate: '4 March' })).status).toBe(400)
  })

  test('a PUT on a key that does not exist is an error, and a key cannot be changed (L, I)', async () => {
    expect((await pair.crm().send('PUT', '/project/NOPE', { Name: 'x' })).status).toBe(404)
    const { WBS1 } = await firstProject()
    expect((await pair.crm().send('PUT', `/project/${WBS1}`, { WBS1: 'OTHER' })).status).toBe(400)
  })

  test('DELETE removes a record with its phases (D)', async () => {
    const phase = (await rows('/project?wbstype=wbs2'))[0]
    expect((await pair.crm().send('DELETE', `/project/${phase.WBS1}`)).status).toBe(200)
    expect(await rows(`/project?${filterQuery([['WBS1', phase.WBS1]])}`)).toEqual([])
    expect((await pair.crm().get(`/project/${phase.WBS1}`)).status).toBe(404)
  })
})

describe('firm addresses', () => {
  const address = { Address: 'Annex', Address1: '1 Pier Road', City: 'Tacoma', State: 'WA', Country: 'United States' }

  test('addresses are a sub-resource, shown on the firm as Primary… (L)', async () => {
    const firm = await firstFirm()
    const [main] = await rows(`/firm/${firm.ClientID}/address`)
    expect(main).toMatchObject({ PrimaryInd: 'Y', City: firm.PrimaryCity, Phone: firm.PrimaryPhone })
    expect(main.CLAddressID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/)
    expect(firm).not.toHaveProperty('CLAddress')
  })

  test('posting again appends; a new primary takes the mark from the old one; flags may be true or "true" (L)', async () => {
    const { ClientID } = await firstFirm()
    const count = (await rows(`/firm/${ClientID}/address`)).length
    const posted = await pair.crm().send('POST', `/firm/${ClientID}/address`, { ...address, PrimaryInd: 'true' })
    expect(posted).toMatchObject({ status: 201, body: [{ Address: 'Annex', PrimaryInd: 'Y' }] })
    await pair.crm().send('POST', `/firm/${ClientID}/address`, { ...address, Address: 'Annex 2' })
    const after = await rows(`/firm/${ClientID}/address`)
    expect(after).toHaveLength(count + 2)
    expect(after.filter((row) => row.PrimaryInd === 'Y').map((row) => row.Address)).toEqual(['Annex'])
    expect((await firstFirm()).PrimaryAddress1).toBe('1 Pier Road')
  })

  test('a PUT on an address validates it like any record (L)', async () => {
    const { ClientID } = await firstFirm()
    const [main] = await rows(`/firm/${ClientID}/address`)
    const path = `/firm/${ClientID}/address/${main.CLAddressID}`
    expect((await pair.crm().send('PUT', path, { City: 'Olympia' })).body[0]).toMatchObject({
      City: 'Olympia',
      Address: main.Address,
    })
    expect(await message(pair.crm().send('PUT', path, { Country: 'USA' }))).toBe('400 Country Code USA does not exist.')
    expect((await pair.crm().send('PUT', path, { City: 'c'.repeat(31) })).body.Message).toContain(
      "table 'HarborLane.dbo.CLAddress'",
    )
    expect(await message(pair.crm().send('PUT', path, { Town: 'x' }))).toBe('400 Field Town does not exist')
  })

  test('PrimaryEmail may be written on the firm (L)', async () => {
    const { ClientID } = await firstFirm()
    await pair.crm().send('PUT', `/firm/${ClientID}`, { PrimaryEmail: 'desk@firm.example' })
    expect((await rows(`/firm/${ClientID}/address`))[0].Email).toBe('desk@firm.example')
  })
})
