import { describe, expect, test } from 'vitest'
import type { FaultPatch } from '#lib/sandbox/faults'
import { filterQuery, type Wire } from '../support/sandbox-clients.ts'
import { freshSandboxPair } from '../support/sandbox-pair.ts'

/** The Vantagepoint sandbox against vantagepoint-api.md. D documented, L seen live, C a client's word, I inferred, U unknown. */
const pair = freshSandboxPair()

const rows = pair.rows
const switches = (patch: FaultPatch['crm']) => pair.switches({ crm: patch })
const firstProject = async (): Promise<Wire> => (await rows('/project?wbstype=wbs1&limit=1&order=WBS1'))[0]
const message = async (answer: Promise<{ status: number; body: Wire }>): Promise<string> => {
  const { status, body } = await answer
  return `${status} ${body.Message}`
}
const newProject = (changes: Wire = {}) => ({ WBS1: '24018.00', WBS2: ' ', WBS3: ' ', Name: 'Pier Shed', ...changes })

describe('creating', () => {
  test('POST answers 201, a Location and the record trimmed by fieldFilter (D)', async () => {
    const answer = await pair
      .crm()
      .send('POST', '/project?fieldFilter=WBS1,Name,CustAjeraKey', newProject({ CustAjeraKey: '77' }))
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe(`${pair.sandbox().credentials.vantagepoint.url}/project/24018.00`)
    expect(answer.body).toEqual([{ WBS1: '24018.00', Name: 'Pier Shed', CustAjeraKey: '77' }])
    expect(await rows(`/project?fieldFilter=WBS1&${filterQuery([['CustAjeraKey', '77']])}`)).toEqual([
      { WBS1: '24018.00' },
    ])
  })

  test('the answer is an array, or an object by a switch (L, C)', async () => {
    await switches({ writeAnswer: 'object' })
    expect((await pair.crm().send('POST', '/project?fieldFilter=WBS1', newProject())).body).toEqual({
      WBS1: '24018.00',
    })
  })

  test('a body may be form-encoded (L)', async () => {
    const form = new URLSearchParams({ WBS1: 'F1', WBS2: ' ', WBS3: ' ', Name: 'Form & Function', Fee: '12.50' })
    expect((await pair.crm().send('POST', '/project?fieldFilter=Name,Fee', form)).body).toEqual([
      { Name: 'Form & Function', Fee: 12.5 },
    ])
  })

  test('a long name defaults to the short one, stamps are UTC and the user is noted (D, I)', async () => {
    const before = new Date(Date.now() - 1000).toISOString().slice(0, 19)
    const [made] = (await pair.crm().send('POST', '/project', newProject())).body
    expect(made).toMatchObject({
      LongName: 'Pier Shed',
      CreateUser: 'CROSSWALK',
      ModUser: 'CROSSWALK',
      WBS2: ' ',
      WBS3: ' ',
    })
    expect(made.ModDate >= before && made.ModDate <= new Date().toISOString().slice(0, 19)).toBe(true)
  })

  test('an unknown property refuses the whole request (L)', async () => {
    expect(await message(pair.crm().send('POST', '/contact', { LastName: 'Ho', FirmID: 'x' }))).toBe(
      '400 Field FirmID does not exist',
    )
    await switches({ externalKeyField: null, ajeraSyncColumn: false, totalsColumns: false })
    const body = newProject({ CustAjeraKey: '1', AjeraSync: 'Y', AjeraSpentLabor: 5 })
    expect(await message(pair.crm().send('POST', '/project', body))).toBe(
      '400 Field CustAjeraKey does not exist<BR/>Field AjeraSync does not exist<BR/>Field AjeraSpentLabor does not exist',
    )
  })

  test('missing required fields are named in the words of the product (L)', async () => {
    expect(await message(pair.crm().send('POST', '/contact', { FirstName: 'Ann' }))).toBe(
      '400 Please provide a Last for table Contacts.',
    )
    expect(await message(pair.crm().send('POST', '/project', newProject({ Name: '' })))).toBe(
      '400 Please provide a Project Name for table Project',
    )
    await switches({ requiredFields: { firm: ['Category'], employee: ['Org'] } })
    expect(await message(pair.crm().send('POST', '/firm', { Name: 'New', VendorInd: 'Y' }))).toBe(
      '400 Please provide a Vendor Type for table Firm',
    )
    expect(await message(pair.crm().send('POST', '/employee', { Employee: '9', LastName: 'A', Org: '' }))).toBe(
      '400 Organization is required',
    )
    const skipped = await pair.crm().send('POST', '/firm?requiredFieldValidation=N', { Name: 'New', VendorInd: 'Y' })
    expect(skipped.status).toBe(201)
  })

  test('a firm that is nothing to anybody is refused (L)', async () => {
    expect(await message(pair.crm().send('POST', '/firm', { Name: 'Nobody' }))).toBe(
      '400 Please provide a Relationship for table Firm',
    )
  })

  test('over-long text is a raw database error with status 500 (L; the status is U)', async () => {
    const answer = await pair.crm().send('POST', '/project', newProject({ Name: 'N'.repeat(41) }))
    expect(answer.status).toBe(500)
    expect(answer.body.Message).toBe(
      `String or binary data would be truncated in table 'HarborLane.dbo.PR', column 'Name'. Truncated value: '${'N'.repeat(40)}'. The statement has been terminated.`,
    )
    expect((await pair.crm().send('POST', '/project', newProject({ Name: '𠮷'.repeat(40) }))).status).toBe(201)
    await switches({ lengthUnit: 'utf-16' })
    expect((await pair.crm().send('POST', '/project', newProject({ WBS1: 'U', Name: '𠮷'.repeat(40) }))).status).toBe(
      500,
    )
  })

  test('duplicate keys are refused in the exact texts, duplicate names are not (L)', async () => {
    const { WBS1 } = await firstProject()
    expect(await message(pair.crm().send('POST', '/project', newProject({ WBS1 })))).toBe(
      `400 Record ${WBS1} already exists and cannot be added`,
    )
    const taken = (await rows('/firm')).find((row) => row.Vendor !== '')
    const twin = { Name: taken.Name, ClientInd: 'Y', Client: taken.Client, Vendor: taken.Vendor }
    expect(await message(pair.crm().send('POST', '/firm', twin))).toBe(
      `400 Firm Number already exists: ${taken.Client}.<BR/>Vendor Number already exists: ${taken.Vendor}.`,
    )
    expect((await pair.crm().send('POST', '/firm', { Name: taken.Name, ClientInd: 'Y' })).status).toBe(201)
  })

  test('ClientID and ContactID are the server’s, or the caller’s own 32 hex digits (L)', async () => {
    const own = 'ab'.repeat(16)
    const firm = await pair
      .crm()
      .send('POST', '/firm?fieldFilter=ClientID', { ClientID: own, Name: 'Own', ClientInd: 'Y' })
    expect(firm.body).toEqual([{ ClientID: own }])
    const again = pair.crm().send('POST', '/firm', { ClientID: own, Name: 'Own', ClientInd: 'Y' })
    expect(await message(again)).toBe(`400 Record ${own} already exists and cannot be added`)
    const contact = await pair.crm().send('POST', '/contact?fieldFilter=ContactID', { LastName: 'Ho', ClientID: own })
    expect(contact.body[0].ContactID).toMatch(/^[0-9A-F]{32}$/)
  })

  test('references and codes must exist; USA is no country of the list (L; other texts I)', async () => {
    const body = newProject({ ClientID: 'nowhere', ProjMgr: '00000x', ProjectType: 'ZZZ', Country: 'USA' })
    expect(await message(pair.crm().send('POST', '/project', body))).toBe(
      '400 Primary Client nowhere does not exist.<BR/>Project Manager 00000x does not exist.<BR/>Project Type Code ZZZ does not exist.<BR/>Country Code USA does not exist.',
    )
    const paired = newProject({ Country: 'United States', State: 'QC' })
    expect(await message(pair.crm().send('POST', '/project', paired))).toBe('400 State Code QC does not exist.')
    expect((await pair.crm().send('POST', '/project', newProject({ Country: 'Canada', State: 'QC' }))).status).toBe(201)
  })

  test('problems may come as an errors list, and with another status (U)', async () => {
    await switches({ errorShape: 'errors', validationStatus: 500 })
    const answer = await pair.crm().send('POST', '/contact', { FirstName: 'Ann' })
    expect(answer).toMatchObject({
      status: 500,
      body: { errors: [{ Message: 'Please provide a Last for table Contacts.' }] },
    })
  })

  test('a phase is created with WBS2 below an existing project (L)', async () => {
    expect((await pair.crm().send('POST', '/project', newProject({ WBS2: '01' }))).status).toBe(400)
    await pair.crm().send('POST', '/project', newProject())
    const phase = await pair.crm().send('POST', '/project', newProject({ WBS2: '01', Name: 'Design' }))
    expect(phase.status).toBe(201)
    expect((await pair.crm().get('/project/24018.00%7C01?fieldFilter=Name')).body).toEqual([{ Name: 'Design' }])
  })
})

describe('numbering', () => {
  const { WBS1: _number, ...unnumbered } = newProject()

  test('off: a project without a number is refused, and metadata says so (I)', async () => {
    expect(await message(pair.crm().send('POST', '/project', unnumbered))).toBe(
      '400 Please provide a Project Number for table Project',
    )
    const fields = (await pair.crm().get('/metadata/project')).body.PR.Fields
    expect(fields.find((field: Wire) => field.FieldName === 'WBS1').Required).toBe(true)
  })

  test('on: the server chooses where none is given, and metadata does not require it (D)', async () => {
    await switches({ autoNumber: { project: 'on' } })
    const numbers = [unnumbered, unnumbered, newProject()].map(
      async (body) => (await pair.crm().send('POST', '/project', body)).body[0].WBS1,
    )
    const [one, two, own] = await Promise.all(numbers)
    expect(new Set([one, two, '24018.00']).size).toBe(3)
    expect(own).toBe('24018.00')
    const fields = (await pair.crm().get('/metadata/project')).body.PR.Fields
    expect(fields.find((field: Wire) => field.FieldName === 'WBS1').Required).toBe(false)
  })

  test('on without override: a given number is refused (L)', async () => {
    await switches({ autoNumber: { project: 'on-no-override', firm: 'on-no-override' } })
    const firm = { Name: 'New', ClientInd: 'Y', Client: 'C9' }
    expect(await message(pair.crm().send('POST', '/firm', firm))).toBe(
      '400 Firm Number value ignored, autonumber enabled and override is not allowed',
    )
    expect((await pair.crm().send('POST', '/project', newProject())).status).toBe(400)
    expect((await pair.crm().send('POST', '/project', unnumbered)).status).toBe(201)
  })

  test('late: the answer lacks the number, a later read has it (L)', async () => {
    await switches({ autoNumber: { project: 'late' }, lateNumberMs: 60 })
    const answer = await pair.crm().send('POST', '/project?fieldFilter=WBS1', { ...unnumbered, CustAjeraKey: '88' })
    expect(answer).toMatchObject({ status: 201, body: [{ WBS1: '' }] })
    const number = async () =>
      (await rows(`/project?fieldFilter=WBS1&${filterQuery([['CustAjeraKey', '88']])}`))[0].WBS1
    await expect.poll(number).toMatch(/^A\d{6}$/)
  })

  test('padded: a number comes back rewritten (L)', async () => {
    await switches({ autoNumber: { project: 'padded', firm: 'padded' } })
    expect((await pair.crm().send('POST', '/project?fieldFilter=WBS1', newProject())).body).toEqual([
      { WBS1: '024018.00' },
    ])
    const firm = await pair
      .crm()
      .send('POST', '/firm?fieldFilter=Client', { Name: 'New', ClientInd: 'Y', Client: '56' })
    expect(firm.body).toEqual([{ Client: '000056' }])
  })

  test('off for employees: the caller’s number is the key (D)', async () => {
    expect(
      (await pair.crm().send('POST', '/employee?fieldFilter=Employee', { Employee: '777', LastName: 'Ho' })).status,
    ).toBe(201)
    expect(await message(pair.crm().send('POST', '/employee', { Employee: '777', LastName: 'Ho' }))).toBe(
      '400 Record 777 already exists and cannot be added',
    )
  })
})
