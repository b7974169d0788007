import { describe, expect, test } from 'vitest'
import type { FaultPatch } from '#lib/sandbox/faults'
import { filterQuery, type Wire } from '../support/sandbox-clients.ts'
import { freshSandboxPair } from '../support/sandbox-pair.ts'

/** The Vantagepoint sandbox against vantagepoint-api.md. D documented, L seen live, C a client's word, I inferred, U unknown. */
const pair = freshSandboxPair()

const rows = pair.rows
const switches = (patch: FaultPatch['crm']) => pair.switches({ crm: patch })

describe('filterHash', () => {
  const find = (clauses: Parameters<typeof filterQuery>[0]): Promise<Wire[]> =>
    rows(`/project?fieldFilter=WBS1,Name,Fee,Status,ModDate&wbstype=wbs1&order=WBS1&${filterQuery(clauses)}`)

  test('both operator families work, in any letter case (L)', async () => {
    const all = await find([])
    const { Name } = all[3]
    const word = Name.trim().split(/\s+/)[1]
    expect((await find([['Name', Name.toUpperCase()]])).map((row) => row.Name)).toContain(Name)
    expect(await find([['Name', Name, 'EQ']])).toEqual(await find([['Name', Name, '=']]))
    expect(await find([['Name', Name, 'ne']])).toEqual(await find([['Name', Name, '!=']]))
    expect((await find([['Name', word, 'like']])).map((row) => row.Name)).toContain(Name)
    expect((await find([['Name', Name.slice(0, 6), 'STARTSWITH']])).map((row) => row.Name)).toContain(Name)
    expect(await find([['Fee', '50000', '>=']])).toEqual(all.filter((row) => row.Fee >= 50000))
    expect(await find([['Fee', '50000', 'lt']])).toEqual(all.filter((row) => row.Fee < 50000))
    expect(await find([['WBS1', `${all[0].WBS1},${all[2].WBS1}`, 'in']])).toEqual([all[0], all[2]])
  })

  test('clauses on one field without a condition mean "any of these", on different fields "all" (L)', async () => {
    const all = await find([])
    const [one, two] = [all[1], all[5]]
    expect(
      await find([
        ['WBS1', one.WBS1],
        ['WBS1', two.WBS1],
      ]),
    ).toEqual([one, two])
    const both = [
      ['WBS1', one.WBS1],
      ['WBS1', two.WBS1],
      ['Name', two.Name],
    ] as const
    expect(await find([...both])).toEqual([two])
  })

  test('a named condition joins a clause to the next, in the order of seq (L)', async () => {
    const all = await find([])
    const fees = all.filter((row) => row.Fee >= 10_000 && row.Fee < 90_000)
    expect(
      await find([
        ['Fee', '10000', '>=', { condition: 'AND' }],
        ['Fee', '90000', '<'],
      ]),
    ).toEqual(fees)
    const either = [
      ['Name', all[7].Name, '=', { seq: '2' }],
      ['WBS1', all[2].WBS1, '=', { seq: '1', condition: 'OR' }],
    ] as const
    expect(await find([...either])).toEqual([all[2], all[7]])
  })

  test('changed records are found by ModDate with type datetime (L)', async () => {
    const all = await find([])
    const stamps = all.map((row) => row.ModDate).sort()
    const from = stamps[Math.floor(stamps.length / 2)]
    const since = await find([['ModDate', `${from}.000Z`, '>=', { type: 'datetime', tablename: 'PR' }]])
    expect(since).toEqual(all.filter((row) => row.ModDate >= from))
  })

  test('a column that the tenant lacks is a raw database error (I)', async () => {
    await switches({ externalKeyField: null })
    const answer = await pair.crm().get(`/project?${filterQuery([['CustAjeraKey', '5001']])}`)
    expect(answer).toMatchObject({ status: 500, body: { Message: "Invalid column name 'CustAjeraKey'." } })
  })
})

describe('metadata and codes', () => {
  test('metadata is keyed by table name, with default tokens and without lengths (L; lengths U)', async () => {
    const { body } = await pair.crm().get('/metadata/firm')
    expect(Object.keys(body)).toEqual(['CL', 'CLAddress'])
    const name = body.CL.Fields.find((field: Wire) => field.FieldName === 'Name')
    expect(name).toEqual({ FieldName: 'Name', FieldType: 'string', DefaultValue: '', Required: true, Updateable: true })
    const employee = (await pair.crm().get('/metadata/employee')).body.EM.Fields
    expect(employee.find((field: Wire) => field.FieldName === 'EmployeeCompany').DefaultValue).toBe('[CURRENTCOMPANY]')
    await switches({ metadataLengths: true })
    const longer = (await pair.crm().get('/metadata/firm')).body.CL.Fields
    expect(longer.find((field: Wire) => field.FieldName === 'Name').MaxLength).toBe(100)
  })

  test('custom and Ajera columns come and go with the tenant (D)', async () => {
    const names = async () =>
      (await pair.crm().get('/metadata/project')).body.PR.Fields.map((field: Wire) => field.FieldName)
    expect(await names()).toEqual(expect.arrayContaining(['CustAjeraKey', 'AjeraSync', 'AjeraReceivedConsultant']))
    await switches({ externalKeyField: 'CustSourceID', ajeraSyncColumn: false, totalsColumns: false })
    const after = await names()
    expect(after).toContain('CustSourceID')
    expect(after.filter((name: string) => name.includes('Ajera'))).toEqual([])
  })

  test('code tables list code, description and sequence; countries are names (L)', async () => {
    expect((await rows('/codeTable/projecttype'))[0]).toEqual({ Code: 'K12', Description: 'K-12 Education', Seq: 1 })
    expect((await rows('/codeTable/Country')).map((row) => row.Code)).toContain('United States')
    expect((await pair.crm().get('/codeTable/Nope')).status).toBe(404)
  })
})
