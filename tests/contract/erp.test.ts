import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AjeraErp } from '#lib/ajera/erp'
import { defaultFieldMap } from '#lib/default-field-map'
import { type RecordPage, RemoteFailure } from '#lib/sync/ports'
import { type ErpRecord, RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { type ConnectorBench, startBench } from '../support/connector-bench.ts'
import type { Wire } from '../support/sandbox-clients.ts'

let bench: ConnectorBench
let erp: AjeraErp

beforeAll(async () => {
  bench = await startBench()
  erp = bench.erp()
})
afterAll(() => bench.close())
beforeEach(() => bench.calm())

async function pagesOf(type: RecordType, since: string | null): Promise<RecordPage<ErpRecord>[]> {
  return Array.fromAsync(erp.readChanged(type, since))
}

async function allOf(type: RecordType, since: string | null = null): Promise<ErpRecord[]> {
  return (await pagesOf(type, since)).flatMap(({ records }) => records)
}

/** Keys of the vendors that are no consultants, as Ajera itself tells them. */
async function otherVendors(): Promise<string[]> {
  const ask = async (method: string, args: unknown) => (await bench.ajera.call(1, method, args)).Content.Vendors
  const listed: Wire[] = await ask('ListVendors', { FilterByStatus: ['Active', 'Inactive'] })
  const rows: Wire[] = await ask('GetVendors', { RequestedVendors: listed.map(({ VendorKey }) => VendorKey) })
  return rows.filter((row) => !row.VendorTypeIsConsultant).map(({ VendorKey }) => String(VendorKey))
}

async function one(type: RecordType): Promise<ErpRecord> {
  const [record] = await allOf(type)
  if (!record) throw new Error(`the sandbox has no ${type}`)
  return record
}

describe.each(RECORD_TYPES)('reading every %s', (type) => {
  it('delivers each key of the list exactly once, with the total and the newest stamp as watermark (§3.4)', async () => {
    const keys = await erp.readKeys(type)
    const pages = await pagesOf(type, null)
    const records = pages.flatMap((page) => page.records)
    const others = type === 'vendor' ? new Set(await otherVendors()) : new Set()
    expect(records.map(({ key }) => key)).toEqual(keys.filter((key) => !others.has(key)))
    expect(new Set(keys).size).toBe(keys.length)
    expect(records.length).toBeGreaterThan(0)
    expect(pages.every(({ total }) => total === (type === 'vendor' ? null : keys.length))).toBe(true)
    const newest = records
      .flatMap(({ modifiedAt }) => modifiedAt ?? [])
      .sort()
      .at(-1)
    expect(pages.at(-1)?.watermark).toBe(newest)
    expect(newest).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  it('delivers exactly the fields of the field map (§3.5)', async () => {
    const wanted = defaultFieldMap[type]
      .filter(({ erp: name, role }) => name !== '' && role !== 'total')
      .map((each) => each.erp)
    const record = await one(type)
    expect(Object.keys(record.fields).sort()).toEqual([...new Set(wanted)].sort())
    expect(record.type).toBe(type)
  })

  it('since the watermark delivers the record with that very stamp again, and nothing older (§3.2)', async () => {
    const watermark = (await pagesOf(type, null)).at(-1)?.watermark ?? ''
    const changed = await allOf(type, watermark)
    expect(changed.length).toBeGreaterThan(0)
    expect(changed.every(({ modifiedAt }) => (modifiedAt ?? '') >= watermark)).toBe(true)
  })

  it('also where the bound of the filter is not part of the range', async () => {
    await bench.faults({ erp: { dateFilterInclusive: false } })
    const watermark = (await pagesOf(type, null)).at(-1)?.watermark ?? ''
    expect((await allOf(type, watermark)).length).toBeGreaterThan(0)
  })

  it('a key that does not exist is absent from the answer', async () => {
    const { key } = await one(type)
    expect((await erp.read(type, ['999999999', key])).map((record) => record.key)).toEqual([key])
  })
})

describe('what is read', () => {
  it('inactive and closed records are read like the others', async () => {
    const statuses = (await allOf('client')).map(({ fields }) => fields.Status)
    expect(new Set(statuses)).toEqual(new Set(['Active', 'Inactive']))
    const projects = await allOf('project')
    expect(projects.some(({ closed }) => closed)).toBe(true)
    expect(projects.some(({ syncToCrm }) => syncToCrm)).toBe(true)
    expect(projects.some(({ syncToCrm }) => !syncToCrm)).toBe(true)
  })

  it('of the vendors only consultants are read; the others keep their keys and answer by them', async () => {
    const others = await otherVendors()
    expect(others.length).toBeGreaterThan(0)
    const read = (await allOf('vendor')).map(({ key }) => key)
    for (const key of others) expect(read).not.toContain(key)
    expect(await erp.readKeys('vendor')).toEqual(expect.arrayContaining(others))
    expect((await erp.read('vendor', others)).map(({ key }) => key)).toEqual(others)
  })

  it('projects name their client, people and amounts in canonical form', async () => {
    const projects = await allOf('project')
    const clients = new Set(await erp.readKeys('client'))
    const employees = new Set(await erp.readKeys('employee'))
    for (const { fields } of projects) {
      if (fields.ClientKey) expect(clients.has(fields.ClientKey)).toBe(true)
      if (fields.ProjectManager) expect(employees.has(fields.ProjectManager)).toBe(true)
      if (fields.StartDate) expect(fields.StartDate).toMatch(/^\d{4}-\d\d-\d\d$/)
      if (fields.TotalContractAmount) expect(fields.TotalContractAmount).toMatch(/^-?\d+(\.\d+)?$/)
    }
    expect(projects.filter(({ fields }) => fields.ClientKey).length).toBeGreaterThan(0)
    expect(projects.filter(({ fields }) => fields.ProjectManager).length).toBeGreaterThan(0)
  })

  it('both spellings of an address give the same record', async () => {
    const { key } = await one('client')
    const [short] = await erp.read('client', [key])
    await bench.faults({ erp: { addressStyle: 'long' } })
    const [long] = await erp.read('client', [key])
    expect(long?.fields).toEqual(short?.fields)
    expect(short?.fields.City).not.toBeNull()
  })

  it('social security numbers, pay, cards and the key in the login answer never leave the adapter (§3.5)', async () => {
    const secrets = await bench.erpSecrets()
    expect(secrets.length).toBeGreaterThan(0)
    const everything = JSON.stringify([await allOf('employee'), await allOf('client'), await allOf('contact')])
    for (const secret of secrets) expect(everything).not.toContain(secret)
    expect(everything).not.toMatch(/SocialSecurity|BirthDate|PayRate|CreditCard/i)
  })

  it('tax and bank numbers of vendors never leave the adapter', async () => {
    const [first] = await allOf('vendor')
    const asked = { RequestedVendors: [Number(first?.key)] }
    const [row] = (await bench.ajera.call(1, 'GetVendors', asked)).Content.Vendors
    const everything = JSON.stringify(await allOf('vendor'))
    for (const name of ['TaxIdentificationNumber', 'BankAccountNumber']) {
      expect(row[name]).toMatch(/^\d/)
      expect(everything).not.toContain(row[name])
    }
  })
})

describe('project totals', () => {
  it('are fifteen amounts, whatever their labels and wherever they stand', async () => {
    const projects = await allOf('project')
    const billable = projects.find(({ fields }) => Number(fields.TotalContractAmount) > 0)?.key ?? ''
    const plain = await erp.totals(billable)
    expect(Object.keys(plain ?? {})).toHaveLength(15)
    for (const amount of Object.values(plain ?? {})) expect(amount).toMatch(/^-?\d+(\.\d+)?$/)
    await bench.faults({ erp: { totalsKey: 'Projects', totalsWord: 'Expense' } })
    expect(await erp.totals(billable)).toEqual(plain)
  })

  it('are null where Ajera keeps none', async () => {
    expect(await erp.totals('999999999')).toBeNull()
  })
})

describe('writing', () => {
  it.each([
    ['project', { Description: 'Harbour wall, renewed', Notes: 'Agreed by telephone.' }],
    ['project', { SyncToCRM: 'N', StartDate: '2024-05-06', TotalContractAmount: '12345.67' }],
    ['client', { Email: 'office@example.com', City: 'Astoria', Notes: null }],
    ['contact', { FirstName: 'Ada', Title: 'Engineer', SecondaryPhoneNumber: '503-555-0100' }],
  ] as const)('an update of a %s writes what was asked, and only that', async (type, changes) => {
    const before = await one(type)
    const after = await erp.update(type, before.key, changes)
    expect(after.fields).toEqual({ ...before.fields, ...changes })
    expect((await erp.read(type, [before.key]))[0]).toEqual(after)
    expect((after.modifiedAt ?? '') > (before.modifiedAt ?? '')).toBe(true)
  })

  it('an update works where the address is spelled the long way', async () => {
    await bench.faults({ erp: { addressStyle: 'long' } })
    const { key } = await one('client')
    expect((await erp.update('client', key, { City: 'Tillamook' })).fields.City).toBe('Tillamook')
  })

  it('an update that changes nothing is not sent (§7.3)', async () => {
    const { key, fields } = await one('client')
    const writes = await bench.writes('erp')
    await erp.update('client', key, { Email: fields.Email ?? null, City: fields.City ?? null })
    expect(await bench.writes('erp')).toBe(writes)
  })

  it('an update whose answer is lost is repeated and ends well (§10.2)', async () => {
    const { key } = await one('contact')
    await bench.faults({ erp: { lostAnswers: 1 } })
    expect((await erp.update('contact', key, { Title: 'Surveyor' })).fields.Title).toBe('Surveyor')
  })

  it('a create whose answer is lost is sent once and says that nobody knows', async () => {
    await bench.faults({ erp: { lostAnswers: 1 } })
    const failure = await erp.create('client', { Description: 'Lost and Sons' }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(RemoteFailure)
    expect(failure).toMatchObject({ failureClass: 'unknown', side: 'erp' })
    const named = (await allOf('client')).filter(({ name }) => name === 'Lost and Sons')
    expect(named).toHaveLength(1)
  })

  it('employees are not written', async () => {
    const { key } = await one('employee')
    await expect(erp.update('employee', key, { Title: 'Boss' })).rejects.toMatchObject({ failureClass: 'definite' })
  })
})

describe('limits', () => {
  it('at most 9 requests in any second reach Ajera at the default rate, sign-in included', async () => {
    await bench.clearJournal()
    const paced = bench.erp({ rate: 9 })
    const [first = ''] = await paced.readKeys('employee')
    await Promise.all(Array.from({ length: 24 }, () => paced.read('employee', [first])))
    const arrivals = await bench.arrivals('erp')
    expect(arrivals.length).toBeGreaterThanOrEqual(26)
    for (const at of arrivals)
      expect(arrivals.filter((other) => other >= at && other < at + 1000).length).toBeLessThanOrEqual(9)
    await paced.close()
  })

  it('a Get never asks for more than 25 projects or 50 other records', async () => {
    await bench.clearJournal()
    for (const type of RECORD_TYPES) await allOf(type)
    for (const [method, limit] of [
      ['GetProjects', 25],
      ['GetClients', 50],
      ['GetContacts', 50],
      ['GetEmployees', 50],
    ] as const) {
      const sizes = (await bench.queries('erp', method)).map((query) => query.split(',').length)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(limit)
    }
  })

  it('every list names all statuses and asks for pages', async () => {
    await bench.clearJournal()
    await erp.readKeys('contact')
    await erp.readKeys('project')
    const contacts = await bench.queries('erp', 'ListContacts')
    expect(contacts).toHaveLength(2)
    for (const query of contacts) expect(query).toBe('{"FilterByStatus":["Active","Inactive"]}')
    for (const query of await bench.queries('erp', 'ListProjects')) {
      expect(query).toBe(
        '{"FilterByStatus":["Preliminary","Active","Hold","WorkHold","BillingHold","Closed","Marketing"]}',
      )
    }
  })
})

describe('the check list', () => {
  it('is all right on a calm system', async () => {
    const findings = await erp.check()
    expect(findings.map(({ check, level }) => [check, level])).toEqual([
      ['reachable', 'ok'],
      ['signed-in', 'ok'],
      ['permissions', 'ok'],
      ['clock', 'ok'],
    ])
  })

  it('names each method that is missing; totals are only a warning (§2.4)', async () => {
    const deniedMethods = ['GetClients', 'ListContacts', 'GetProjectTotals', 'GetVendors']
    await bench.faults({ erp: { deniedMethods } })
    const findings = (await erp.check()).filter(({ check }) => check === 'permissions')
    expect(findings.map(({ level }) => level)).toEqual(['error', 'warning', 'warning'])
    expect(findings[0]?.message).toContain('GetClients, ListContacts.')
    expect(findings[1]?.message).toContain('GetProjectTotals, so project totals cannot be sent')
    expect(findings[2]?.message).toContain('GetVendors, so consultants cannot be synced')
  })

  it('warns of a clock that is minutes off, in either direction (§2.4)', async () => {
    for (const [skew, word] of [
      [600, 'ahead of'],
      [-600, 'behind'],
    ] as const) {
      await bench.faults({ erp: { clockSkewSeconds: skew } })
      const clock = (await erp.check()).find(({ check }) => check === 'clock')
      expect(clock?.level).toBe('warning')
      expect(clock?.message).toContain(word)
    }
  })
})

describe('cancelling', () => {
  it('rejects with the caller’s own reason', async () => {
    const reason = new Error('run cancelled')
    await bench.faults({ erp: { latencyMs: 200 } })
    const signal = AbortSignal.abort(reason)
    await expect(erp.readKeys('project', { signal })).rejects.toBe(reason)
    const controller = new AbortController()
    const reading = erp.read('project', await bench.someKeys(erp), { signal: controller.signal })
    controller.abort(reason)
    await expect(reading).rejects.toBe(reason)
  })
})
