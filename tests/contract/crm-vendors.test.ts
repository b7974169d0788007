import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import type { CrmRecord } from '#lib/sync/records'
import type { VantagepointCrm } from '#lib/vantagepoint/crm'
import { type ConnectorBench, startBench } from '../support/connector-bench.ts'

/** Consultants are vendor-type firms, apart from every client firm, whatever the two have in common. */
let bench: ConnectorBench
let crm: VantagepointCrm

beforeAll(async () => {
  bench = await startBench()
  crm = bench.crm()
})
afterAll(() => bench.close())
beforeEach(() => bench.calm())

const TYPES = ['client', 'vendor'] as const
let serial = 0

/** A client firm and a vendor firm that agree in name, city and ERP key. */
async function namesakes(): Promise<Record<(typeof TYPES)[number], CrmRecord>> {
  serial += 1
  const fields = { Name: `Twin & Sons ${serial}`, Status: 'A', City: 'Bergen' }
  const create = (type: (typeof TYPES)[number]) =>
    crm.create(type, { id: null, externalKey: String(61_000 + serial), fields })
  return { client: await create('client'), vendor: await create('vendor') }
}

async function marksOf(id: string): Promise<unknown> {
  const [row] = await bench.crmRows(`firm/${id}`, 'ClientInd,VendorInd')
  return row
}

async function idsOf(type: (typeof TYPES)[number]): Promise<string[]> {
  return (await Array.fromAsync(crm.readChanged(type, null))).flatMap(({ records }) => records.map(({ id }) => id))
}

it('a new vendor is marked as vendor and not as client, a new client as client', async () => {
  const { client, vendor } = await namesakes()
  expect(await marksOf(vendor.id)).toEqual({ ClientInd: 'N', VendorInd: 'Y' })
  expect(await marksOf(client.id)).toEqual({ ClientInd: 'Y', VendorInd: 'N' })
})

it('firms of one name and one ERP key are found each under its own type only', async () => {
  const twins = await namesakes()
  for (const type of TYPES) {
    const { name, externalKey } = twins[type]
    expect(await crm.findByName(type, name.toUpperCase())).toEqual([twins[type]])
    expect(await crm.findByExternalKey(type, externalKey ?? '')).toEqual([twins[type]])
    expect(await idsOf(type)).toContain(twins[type].id)
  }
  expect(await idsOf('vendor')).not.toContain(twins.client.id)
  expect(await idsOf('client')).not.toContain(twins.vendor.id)
})

it('a firm that is client and vendor is a client only', async () => {
  const { client } = await namesakes()
  await bench.editCrm('firm', client.id, { VendorInd: 'Y' })
  expect(await idsOf('client')).toContain(client.id)
  expect(await idsOf('vendor')).not.toContain(client.id)
  expect((await crm.findByExternalKey('vendor', client.externalKey ?? '')).map(({ id }) => id)).not.toContain(client.id)
})

it('a vendor firm that loses its mark is read no more, but it is not gone', async () => {
  const { vendor } = await namesakes()
  await bench.editCrm('firm', vendor.id, { VendorInd: 'N' })
  expect(await idsOf('vendor')).not.toContain(vendor.id)
  expect(await crm.readKeys('vendor')).toContainEqual({ id: vendor.id, ofType: false })
  expect((await crm.read('vendor', [vendor.id])).map(({ id }) => id)).toEqual([vendor.id])
  await bench.editCrm('firm', vendor.id, { VendorInd: 'Y' })
})

it('the key list is the same for both: every firm', async () => {
  const all = (await bench.crmRows('firm', 'ClientID')).map((row) => String(row.ClientID))
  for (const type of TYPES) expect((await crm.readKeys(type)).map(({ id }) => id).sort()).toEqual(all.sort())
})

describe('the address of a vendor firm', () => {
  it('is a row of its own, changed in place, and moves no field of a client firm', async () => {
    const { client, vendor } = await namesakes()
    const moved = await crm.update(
      'vendor',
      vendor.id,
      { City: 'Oslo', FAX: '1234', WebSite: 'https://t.example' },
      null,
    )
    expect(moved.fields).toEqual({ ...vendor.fields, City: 'Oslo', FAX: '1234', WebSite: 'https://t.example' })
    expect(await bench.crmRows(`firm/${vendor.id}/address`, 'City')).toMatchObject([{ City: 'Oslo' }])
    expect((await crm.read('client', [client.id]))[0]?.fields).toEqual(client.fields)
  })

  it('is not asked for where the field map of vendors has none', async () => {
    const vendor = defaultFieldMap.vendor.filter(({ crm: field }) => field === 'Name' || field === 'Status')
    const bare = bench.crm({ fieldMap: { ...defaultFieldMap, vendor } })
    await bench.clearJournal()
    await Array.fromAsync(bare.readChanged('vendor', null))
    expect(await bench.queries('crm', '/address')).toEqual([])
  })
})

it('the description has the same limits, columns and choice of key for both', async () => {
  const { types } = await crm.describe()
  expect(types.vendor.lengths).toMatchObject({ Name: 100, City: 30, FAX: 24, PrimaryEmail: 50 })
  expect(types.vendor).toMatchObject({ acceptsKey: 'yes', assignsKey: 'yes', externalKeyField: 'CustAjeraKey' })
  expect(types.vendor.writableFields).toEqual(expect.arrayContaining(['Name', 'City', 'FAX', 'Memo']))
})
