import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AjeraErp } from '#lib/ajera/erp'
import { defaultFieldMap } from '#lib/default-field-map'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { ErpRecord, FieldValue, RecordType } from '#lib/sync/records'
import { type ConnectorBench, startBench } from '../support/connector-bench.ts'

/** Every field of the default field map that the way back, or a person who decides so, may write into Ajera (§9). */
let bench: ConnectorBench
let erp: AjeraErp
const records = new Map<RecordType, ErpRecord>()
let employees: string[]

const TYPES = ['project', 'client', 'vendor', 'contact'] as const

beforeAll(async () => {
  bench = await startBench()
  erp = bench.erp()
  employees = await erp.readKeys('employee')
  for (const type of TYPES) {
    for await (const page of erp.readChanged(type, null)) {
      const [record] = page.records
      if (record && !records.has(type)) records.set(type, record)
    }
  }
})
afterAll(() => bench.close())
beforeEach(() => bench.calm())

/** What Ajera takes no value for: its own numbers, looked-up words, and what is set once at creation. */
const NOT_TAKEN: Readonly<Record<(typeof TYPES)[number], readonly string[]>> = {
  project: ['ID', 'ClientKey', 'ProjectTypeDescription'],
  client: ['ClientTypeDescription'],
  vendor: [],
  contact: ['ContactClientKey'],
}

function entriesOf(type: (typeof TYPES)[number]): FieldMapEntry[] {
  const first = new Map(defaultFieldMap[type].toReversed().map((entry) => [entry.erp, entry]))
  first.delete('')
  return [...first.values()].filter(({ role }) => role !== 'total')
}

const written = TYPES.flatMap((type) =>
  entriesOf(type)
    .filter(({ erp: field }) => !NOT_TAKEN[type].includes(field))
    .map((entry) => [type, entry.erp, entry] as const),
)
const refused = TYPES.flatMap((type) => [
  ...NOT_TAKEN[type].map((field) => [type, field] as const),
  ...defaultFieldMap[type].filter(({ role }) => role === 'total').map((entry) => [type, entry.erp] as const),
])

function currentOf(type: RecordType): ErpRecord {
  const record = records.get(type)
  if (!record) throw new Error(`The sandbox has no ${type}.`)
  return record
}

/** A value of the entry's kind, in the ERP's own form, other than the one that is there. */
function otherValue({ erp: field, transform }: FieldMapEntry, type: RecordType, now: FieldValue): FieldValue {
  if (field === 'Status') return now === 'Active' ? (type === 'project' ? 'BillingHold' : 'Inactive') : 'Active'
  switch (transform.kind) {
    case 'date':
      return now === '2027-02-03' ? '2027-02-04' : '2027-02-03'
    case 'decimal':
      return now === '98765.4' ? '1.05' : '98765.4'
    case 'flag':
      return now === 'Y' ? 'N' : 'Y'
    case 'reference':
      return employees.find((key) => key !== now) ?? null
    case 'memo':
      return 'First line.\nSecond line: “ünï𠮷”.'
    case 'listed-name':
      return now === 'Canada' ? 'México' : 'Canada'
    default:
      return `New ${field}`
  }
}

async function update(type: RecordType, changes: Readonly<Record<string, FieldValue>>): Promise<ErpRecord> {
  const after = await erp.update(type, currentOf(type).key, changes)
  records.set(type, after)
  return after
}

describe.each(['short', 'long'] as const)('where the address is spelled the %s way', (addressStyle) => {
  beforeEach(() => bench.faults({ erp: { addressStyle } }))

  it.each(written)('%s %s is written, and nothing else', async (type, field, entry) => {
    const { fields } = currentOf(type)
    const value = otherValue(entry, type, fields[field] ?? null)
    expect((await update(type, { [field]: value })).fields).toEqual({ ...fields, [field]: value })
  })
})

it.each(TYPES)('every one of a %s’s fields can be written in one call', async (type) => {
  const { fields } = currentOf(type)
  const wanted = written.filter(([of]) => of === type)
  const changes = Object.fromEntries(
    wanted.map(([, field, entry]) => [field, otherValue(entry, type, fields[field] ?? null)]),
  )
  const writes = await bench.writes('erp')
  expect((await update(type, changes)).fields).toEqual({ ...fields, ...changes })
  expect(await bench.writes('erp')).toBe(writes + 1)
})

it.each(
  written.filter(
    ([type, field, { transform }]) =>
      ['text', 'memo', 'date', 'listed-name', 'reference'].includes(transform.kind) &&
      !(type === 'contact' && field === 'LastName') &&
      !(type === 'vendor' && field === 'Name') &&
      !(type === 'client' && field === 'Description'),
  ),
)('%s %s can be emptied', async (type, field) => {
  expect((await update(type, { [field]: null })).fields[field]).toBeNull()
})

it('an emptied start is empty, not the estimated one that stood behind the actual one', async () => {
  const key = Number(currentOf('project').key)
  await bench.editErp('project', key, { ActualStartDate: '2025-03-04', EstimatedStartDate: '2025-03-01' })
  const [before] = await erp.read('project', [String(key)])
  expect(before?.fields.StartDate).toBe('2025-03-04')
  expect((await update('project', { StartDate: null })).fields.StartDate).toBeNull()
})

it.each(refused)('%s %s is none that Ajera takes, and nothing is sent', async (type, field) => {
  const writes = await bench.writes('erp')
  const updating = erp.update(type, currentOf(type).key, { [field]: '12345' })
  await expect(updating).rejects.toMatchObject({ failureClass: 'definite', reason: 'unknown-field', field })
  expect(await bench.writes('erp')).toBe(writes)
})

it('a field outside the field map is none either, nor is a sensitive one that somebody put into it', async () => {
  const { key } = currentOf('client')
  const text = { kind: 'text' } as const
  const client = [
    ...defaultFieldMap.client,
    { erp: 'AccountID', crm: 'Memo', owner: 'shared', transform: text, label: '' } as const,
  ]
  const asked = bench.erp({ fieldMap: { ...defaultFieldMap, client } })
  for (const [port, field] of [
    [erp, 'AnnualPercentageRate'],
    [erp, ''],
    [asked, 'AccountID'],
  ] as const) {
    await expect(port.update('client', key, { [field]: '1' })).rejects.toMatchObject({ reason: 'unknown-field' })
  }
})

it('a project’s description of more than 80 characters is refused before anything is sent', async () => {
  const writes = await bench.writes('erp')
  const updating = erp.update('project', currentOf('project').key, { Description: 'x'.repeat(81) })
  await expect(updating).rejects.toMatchObject({ failureClass: 'definite', reason: 'too-long', field: 'Description' })
  expect(await bench.writes('erp')).toBe(writes)
})
