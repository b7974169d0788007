import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import type { RecordPage } from '#lib/sync/ports'
import { type CrmRecord, RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { HUBS } from '#lib/vantagepoint/config'
import type { VantagepointCrm } from '#lib/vantagepoint/crm'
import { columnsFor } from '#lib/vantagepoint/wire'
import { type ConnectorBench, startBench } from '../support/connector-bench.ts'

let bench: ConnectorBench
let crm: VantagepointCrm

beforeAll(async () => {
  bench = await startBench()
  crm = bench.crm()
})
afterAll(() => bench.close())
beforeEach(() => bench.calm())

async function pagesOf(type: RecordType, since: string | null): Promise<RecordPage<CrmRecord>[]> {
  return Array.fromAsync(crm.readChanged(type, since))
}

async function allOf(type: RecordType, since: string | null = null): Promise<CrmRecord[]> {
  return (await pagesOf(type, since)).flatMap(({ records }) => records)
}

async function one(type: RecordType): Promise<CrmRecord> {
  const [record] = await allOf(type)
  if (!record) throw new Error(`the sandbox has no ${type}`)
  return record
}

describe.each(RECORD_TYPES)('reading every %s', (type) => {
  it('delivers each once, with the newest stamp as watermark (§3.4)', async () => {
    const pages = await pagesOf(type, null)
    const records = pages.flatMap((page) => page.records)
    const keys = await crm.readKeys(type)
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length)
    expect(records.length).toBeGreaterThan(0)
    expect(keys.filter(({ ofType }) => ofType).map(({ id }) => id)).toEqual(records.map(({ id }) => id))
    const newest = records
      .flatMap(({ modifiedAt }) => modifiedAt ?? [])
      .sort()
      .at(-1)
    expect(pages.at(-1)?.watermark).toBe(newest)
  })

  it('a server that cuts pages short, or sends rows in any order, hides none', async () => {
    const keys = await crm.readKeys(type)
    await bench.faults({ crm: { maxPageSize: 37, unorderedRows: 'shuffled' } })
    expect(await crm.readKeys(type)).toEqual(keys)
  })

  it('delivers exactly the fields of the field map (§3.5)', async () => {
    const wanted = [...new Set(defaultFieldMap[type].map((entry) => entry.crm))]
    expect(Object.keys((await one(type)).fields).sort()).toEqual(wanted.sort())
  })

  it('every list and every look-up asks only for the columns it needs', async () => {
    const allowed = columnsFor(type, { fieldMap: defaultFieldMap, externalKeyField: 'CustAjeraKey' }, null)
    const { id } = await one(type)
    await bench.clearJournal()
    await allOf(type)
    await crm.readKeys(type)
    await crm.read(type, [id])
    await crm.findByExternalKey(type, '1')
    const queries = await bench.queries('crm', `GET /${HUBS[type].path}`)
    expect(queries.length).toBeGreaterThan(3)
    for (const query of queries.filter((text) => !text.includes('CLAddressID'))) {
      const asked = /fieldFilter=([^&]*)/.exec(query)?.[1]?.split(',') ?? []
      expect(asked.length).toBeGreaterThan(0)
      for (const column of asked) expect(allowed).toContain(column)
    }
  })

  it('since the watermark delivers that very record again, and nothing older (§3.2)', async () => {
    const watermark = (await pagesOf(type, null)).at(-1)?.watermark ?? ''
    const changed = await allOf(type, watermark)
    expect(changed.length).toBeGreaterThan(0)
    expect(changed.every(({ modifiedAt }) => (modifiedAt ?? '') >= watermark.slice(0, 19))).toBe(true)
  })

  it('a key that does not exist is absent from the answer', async () => {
    const { id } = await one(type)
    expect((await crm.read(type, ['no-such-key', id])).map((record) => record.id)).toEqual([id])
  })
})

describe('what is read', () => {
  it('phases and tasks are no projects; client firms and vendor firms are read apart (§8.7)', async () => {
    const projects = await bench.crmRows('project', 'WBS1,WBS2')
    expect(projects.some((row) => String(row.WBS2).trim() !== '')).toBe(true)
    expect((await allOf('project')).length).toBe(projects.filter((row) => String(row.WBS2).trim() === '').length)
    const firms = await bench.crmRows('firm', 'ClientID,ClientInd,VendorInd')
    expect(firms.some((row) => row.ClientInd === 'N')).toBe(true)
    const idsOf = (flag: string) => firms.filter((row) => row[flag] === 'Y').map((row) => row.ClientID)
    expect((await allOf('client')).map(({ id }) => id).sort()).toEqual(idsOf('ClientInd').sort())
    expect((await allOf('vendor')).map(({ id }) => id).sort()).toEqual(idsOf('VendorInd').sort())
  })

  it('a firm that is no client keeps its key in the list: it is not gone', async () => {
    const firms = await bench.crmRows('firm', 'ClientID,ClientInd')
    const vendor = String(firms.find((row) => row.ClientInd === 'N')?.ClientID)
    expect(await crm.readKeys('client')).toContainEqual({ id: vendor, ofType: false })
    expect(await crm.read('client', [vendor])).toHaveLength(1)
  })

  it('SSN, pay and bank columns are never asked for (§3.5)', async () => {
    await bench.clearJournal()
    await allOf('employee')
    for (const query of await bench.queries('crm', 'GET /employee'))
      expect(query).not.toMatch(/SSN|PayRate|Bank|BirthDate/)
  })
})

describe('finding by name', () => {
  it('finds short and long names of a project, whatever their length', async () => {
    const LongName = `${'Über die Brücke — '.repeat(13)}Ende`
    const fields = { Name: 'Brücke', LongName, Status: 'A' }
    const { id } = await crm.create('project', { id: 'LONG-1', externalKey: '1', fields })
    expect((await crm.findByName('project', LongName)).map((record) => record.id)).toEqual([id])
    expect((await crm.findByName('project', 'BRÜCKE')).map((record) => record.id)).toEqual([id])
    expect(await crm.findByName('project', 'Brück')).toEqual([])
  })

  it('finds people by their whole name only', async () => {
    const fields = { FirstName: 'Jan', MiddleName: 'Peter', LastName: 'van der Berg' }
    const { id } = await crm.create('contact', { id: null, externalKey: '2', fields })
    expect((await crm.findByName('contact', 'jan peter van der berg')).map((record) => record.id)).toEqual([id])
    expect(await crm.findByName('contact', 'Jan Berg')).toEqual([])
  })
})

describe('the description', () => {
  it('tells lengths, writable fields, the key field and code tables', async () => {
    const { types, codeTables, shortName, longName } = await crm.describe()
    expect(shortName).toEqual({ field: 'Name', limit: 40 })
    expect(longName).toEqual({ field: 'LongName', limit: 255 })
    expect(types.contact.lengths).toMatchObject({ FirstName: 25, LastName: 30, Phone: 24 })
    expect(types.project.externalKeyField).toBe('CustAjeraKey')
    expect(types.project.writableFields).toEqual(expect.arrayContaining(['AjeraSync', 'AjeraSpentLabor', 'Fee']))
    expect(types.client.writableFields).toEqual(expect.arrayContaining(['Name', 'City', 'FAX']))
    expect(types.client).toMatchObject({ acceptsKey: 'yes', assignsKey: 'yes' })
    expect(codeTables.ProjectType?.length).toBeGreaterThan(0)
    expect(codeTables.FirmType?.[0]).toEqual({ code: expect.any(String), description: expect.any(String) })
    expect(codeTables.Country?.map(({ code }) => code)).toContain('United States')
  })

  it('shows what a tenant lacks', async () => {
    await bench.faults({ crm: { externalKeyField: null, ajeraSyncColumn: false, totalsColumns: false } })
    const { types } = await crm.describe()
    expect(types.project.externalKeyField).toBeNull()
    expect(types.project.writableFields).not.toContain('AjeraSync')
    expect(types.project.writableFields).not.toContain('AjeraSpentLabor')
    expect(types.project.writableFields).toContain('Fee')
  })

  it('takes published lengths', async () => {
    await bench.faults({ crm: { metadataLengths: true } })
    expect((await crm.describe()).types.employee.lengths).toMatchObject({ LastName: 30, Title: 50 })
  })

  it.each([
    ['detect', 'off', { acceptsKey: 'yes', assignsKey: 'no' }],
    ['detect', 'on', { acceptsKey: 'unknown', assignsKey: 'yes' }],
    ['on', 'off', { acceptsKey: 'unknown', assignsKey: 'yes' }],
    ['off', 'on', { acceptsKey: 'yes', assignsKey: 'no' }],
  ] as const)(
    'set to %s, in a CRM that has numbering %s, projects are numbered as %j (§13.18)',
    async (setting, mode, numbering) => {
      await bench.faults({ crm: { autoNumber: { project: mode } } })
      const set = bench.crm({ autoNumbering: setting })
      expect((await set.describe()).types.project).toMatchObject(numbering)
      await set.close()
    },
  )
})

describe('limits', () => {
  it('no more than the set number of requests are in flight', async () => {
    const narrow = bench.crm({ concurrency: 3 })
    await narrow.describe()
    await bench.clearJournal()
    await bench.faults({ crm: { latencyMs: 15 } })
    await Promise.all(RECORD_TYPES.map((type) => Array.fromAsync(narrow.readChanged(type, null))))
    expect(await bench.mostInFlight('crm')).toBe(3)
    await narrow.close()
  })

  it('a rate is kept where one is set', async () => {
    await bench.clearJournal()
    const paced = bench.crm({ rate: 12 })
    await paced.read(
      'contact',
      Array.from({ length: 30 }, (_, index) => `none-${index}`),
    )
    const arrivals = await bench.arrivals('crm')
    for (const at of arrivals)
      expect(arrivals.filter((other) => other >= at && other < at + 1000).length).toBeLessThanOrEqual(12)
    await paced.close()
  })
})

describe('the check list', () => {
  it('is all right on a calm system', async () => {
    const findings = await crm.check()
    expect(findings.map(({ check, level }) => [check, level])).toEqual([
      ['reachable', 'ok'],
      ['signed-in', 'ok'],
      ['permissions', 'ok'],
      ['external-key', 'ok'],
      ['custom-fields', 'ok'],
      ['clock', 'ok'],
    ])
  })

  it('names the hubs the user may not read (§2.4)', async () => {
    await bench.faults({ crm: { rights: { contact: { read: false }, firm: { read: false } } } })
    const permissions = (await crm.check()).find(({ check }) => check === 'permissions')
    expect(permissions?.level).toBe('error')
    expect(permissions?.message).toContain('firms, contacts')
  })

  it('warns of a clock that is minutes off (§2.4)', async () => {
    await bench.faults({ crm: { clockSkewSeconds: -400 } })
    expect((await crm.check()).find(({ check }) => check === 'clock')?.level).toBe('warning')
  })
})
