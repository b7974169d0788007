import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CrmCreate, CrmWrite } from '#lib/sync/ports'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import type { VantagepointCrm } from '#lib/vantagepoint/crm'
import { type ConnectorBench, startBench } from '../support/connector-bench.ts'

let bench: ConnectorBench
let crm: VantagepointCrm

beforeAll(async () => {
  bench = await startBench()
  crm = bench.crm()
})
afterAll(() => bench.close())
beforeEach(() => bench.calm())

let serial = 0
function hexKey(): string {
  serial += 1
  return serial.toString(16).toUpperCase().padStart(32, '0')
}

const CONTENT: Readonly<Record<RecordType, CrmWrite>> = {
  project: {
    Name: 'Ferry terminal',
    LongName: 'Ferry terminal, phase one',
    Status: 'A',
    Fee: '12500.5',
    StartDate: '2025-02-03',
  },
  client: {
    Name: 'Tide & Timber LLC',
    Status: 'A',
    WebSite: 'https://tide.example',
    City: 'Astoria',
    Country: 'United States',
    State: 'OR',
  },
  vendor: { Name: 'Gneiss Geotechnical', Status: 'A', City: 'Bergen', Country: 'United States', State: 'OR' },
  contact: { FirstName: 'Ines', LastName: 'Roca', ContactStatus: 'A', City: 'Porto' },
  employee: { FirstName: 'Olu', LastName: 'Bello', Status: 'A', HireDate: '2020-03-02' },
}

function creation(type: RecordType, id: string | null, more: Partial<CrmCreate> = {}): CrmCreate {
  serial += 1
  return { id, externalKey: String(700_000 + serial), fields: CONTENT[type], ...more }
}

const chosen: Readonly<Record<RecordType, () => string>> = {
  project: () => `T-${hexKey().slice(-4)}`,
  client: hexKey,
  vendor: hexKey,
  contact: hexKey,
  employee: () => `9${hexKey().slice(-5)}`,
}

describe.each(RECORD_TYPES)('creating a %s', (type) => {
  it('under a key of our choice comes back as created, findable by key, ERP key and name', async () => {
    const create = creation(type, chosen[type]())
    const record = await crm.create(type, create)
    expect(record).toMatchObject({ type, id: create.id, externalKey: create.externalKey, fields: create.fields })
    expect(await crm.read(type, [record.id])).toEqual([record])
    expect(await crm.findByExternalKey(type, create.externalKey)).toEqual([record])
    expect((await crm.findByName(type, record.name.toUpperCase())).map(({ id }) => id)).toContain(record.id)
  })

  it('a second time under the same key is refused as a duplicate', async () => {
    const create = creation(type, chosen[type]())
    await crm.create(type, create)
    await expect(crm.create(type, create)).rejects.toMatchObject({ failureClass: 'definite', reason: 'duplicate-key' })
  })

  it('an answer as a single object is understood like a list of one', async () => {
    await bench.faults({ crm: { writeAnswer: 'object' } })
    const create = creation(type, chosen[type]())
    expect((await crm.create(type, create)).id).toBe(create.id)
  })
})

describe('numbers', () => {
  it.each(['project', 'employee'] as const)(
    'a %s without a number needs a CRM that numbers (§8.8, §13.18)',
    async (type) => {
      await expect(crm.create(type, creation(type, null))).rejects.toMatchObject({
        failureClass: 'definite',
        reason: 'number-required',
      })
      expect((await crm.describe()).types[type]).toMatchObject({ acceptsKey: 'yes', assignsKey: 'no' })
      await bench.faults({ crm: { autoNumber: { [type]: 'on' } } })
      expect((await crm.describe()).types[type].assignsKey).toBe('yes')
      expect((await crm.create(type, creation(type, null))).id).not.toBe('')
    },
  )

  it.each(['project', 'employee'] as const)(
    'a CRM that takes no number of ours for a %s says so (§13.18)',
    async (type) => {
      await bench.faults({ crm: { autoNumber: { [type]: 'on-no-override' } } })
      const create = creation(type, chosen[type]())
      await expect(crm.create(type, create)).rejects.toMatchObject({
        failureClass: 'definite',
        reason: 'number-not-allowed',
      })
      expect((await crm.create(type, { ...create, id: null })).externalKey).toBe(create.externalKey)
    },
  )

  it.each(['project', 'employee'] as const)('the number of a %s that is filled in late is waited for', async (type) => {
    await bench.faults({ crm: { autoNumber: { [type]: 'late' }, lateNumberMs: 200 } })
    const create = creation(type, null)
    const record = await crm.create(type, create)
    expect(record.externalKey).toBe(create.externalKey)
    expect(await crm.read(type, [record.id])).toHaveLength(1)
  })

  it('a number that the CRM rewrites comes back rewritten (§8.8)', async () => {
    await bench.faults({ crm: { autoNumber: { project: 'padded' } } })
    expect((await crm.create('project', creation('project', '77'))).id).toBe('000077')
  })

  it('firms and contacts without a key get one', async () => {
    for (const type of ['client', 'contact'] as const) {
      expect((await crm.create(type, creation(type, null))).id).toMatch(/^[0-9A-F]{32}$/i)
    }
  })
})

describe('updating', () => {
  it.each([
    ['project', { Name: 'Renamed', Fee: '99.95', Memo: 'Two\nlines', EstCompletionDate: '2026-01-31' }],
    ['client', { Name: 'Renamed Inc.', WebSite: null }],
    ['contact', { Title: 'Director', CellPhone: '503-555-0111', MiddleName: null }],
    ['employee', { Title: 'Senior', TerminationDate: '2026-01-31' }],
  ] as const)('a %s: sends only the given fields, null clears', async (type, write) => {
    const { id, fields } = await crm.create(type, creation(type, chosen[type]()))
    await bench.clearJournal()
    const after = await crm.update(type, id, write, null)
    expect(after.fields).toEqual({ ...fields, ...write })
    expect(await bench.bodies('crm', 'PUT')).toEqual([Object.keys(write)])
    expect(await crm.read(type, [id])).toEqual([after])
  })

  it('the ERP key travels with the write that is given it (§13.6)', async () => {
    const type = 'contact'
    const { id } = await crm.create(type, creation(type, null))
    expect((await crm.update(type, id, { Title: 'X' }, '4711')).externalKey).toBe('4711')
  })

  it('keys with characters of a URL are encoded', async () => {
    const { id } = await crm.create('project', creation('project', 'A/B 1?#%'))
    expect((await crm.update('project', id, { Memo: 'found' }, null)).fields.Memo).toBe('found')
  })

  it('a record that does not exist is a definite answer', async () => {
    await expect(crm.update('contact', 'no-such-key', { Title: 'X' }, null)).rejects.toMatchObject({
      failureClass: 'definite',
      reason: 'not-found',
    })
  })

  it('a field outside the field map is a defect of the caller, and nothing is sent', async () => {
    await bench.clearJournal()
    await expect(crm.update('project', 'P1', { SSN: '1' }, null)).rejects.toThrow('SSN')
    await expect(crm.update('project', 'P1', { Stage: 'LEAD' }, null)).rejects.toThrow('Stage')
    await expect(crm.update('project', 'P1', { ProjectTemplate: 'X' }, null)).rejects.toThrow('ProjectTemplate')
    expect(await bench.bodies('crm', 'PUT')).toEqual([])
  })
})

describe('the address of a firm', () => {
  it('is written to its primary row, one that is there already is not sent again (§13.11)', async () => {
    const { id, fields } = await crm.create('client', creation('client', hexKey()))
    expect(fields).toMatchObject({ City: 'Astoria', Country: 'United States' })
    const moved = await crm.update('client', id, { City: 'Bend', Address1: '1 Main St' }, null)
    expect(moved.fields).toEqual({ ...fields, City: 'Bend', Address1: '1 Main St' })
    await bench.clearJournal()
    await crm.update('client', id, { City: 'Bend' }, null)
    expect(await bench.bodies('crm', 'PUT')).toEqual([])
    expect(await bench.bodies('crm', 'POST')).toEqual([])
    expect((await bench.crmRows(`firm/${id}/address`, 'City')).map((row) => row.City)).toEqual(['Bend'])
  })

  it('is added to a firm that has none', async () => {
    const { id } = await crm.create(
      'client',
      creation('client', hexKey(), { fields: { Name: 'Bare Ltd', Status: 'A' } }),
    )
    expect((await crm.update('client', id, { City: 'Bend' }, null)).fields.City).toBe('Bend')
  })

  it('that could not be added leaves a firm whose next comparison finds it due', async () => {
    const fields = { Name: 'Half Ltd', Status: 'A', City: 'Bend', Country: 'Atlantis' }
    const record = await crm.create('client', creation('client', hexKey(), { fields }))
    expect(record.fields).toMatchObject({ Name: 'Half Ltd', City: null, Country: null })
  })
})
