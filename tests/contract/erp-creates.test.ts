import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AjeraErp } from '#lib/ajera/erp'
import { defaultFieldMap } from '#lib/default-field-map'
import { RemoteFailure } from '#lib/sync/ports'
import { type ConnectorBench, startBench } from '../support/connector-bench.ts'
import { expectSentence } from '../support/remote-failures.ts'
import type { Wire } from '../support/sandbox-clients.ts'

/** New records in Ajera: projects from a template, clients, contacts and consultants (ajera-api §4 and §7). */
let bench: ConnectorBench
let erp: AjeraErp
let clientKey: string

beforeAll(async () => {
  bench = await startBench()
  erp = bench.erp()
  clientKey = (await erp.readKeys('client'))[0] ?? ''
})
afterAll(() => bench.close())
beforeEach(() => bench.calm())

async function templateNamed(description: string): Promise<string> {
  const found = (await erp.templates()).find((template) => template.description === description)
  if (!found) throw new Error(`The sandbox has no template ${description}.`)
  return found.key
}

async function projectOf(key: string): Promise<Wire> {
  return (await bench.ajera.call(2, 'GetProjects', { RequestedProjects: [Number(key)] })).Content
}

async function templateOf(key: string): Promise<Wire> {
  const answer = await bench.ajera.call(1, 'GetProjectTemplates', { RequestedProjects: [Number(key)] })
  return answer.Content.ProjectTemplates[0]
}

/** The refusal of a create that must not have reached Ajera. */
async function refusalOf(creating: Promise<unknown>): Promise<RemoteFailure> {
  const failure = await creating.catch((error: unknown) => error)
  if (!(failure instanceof RemoteFailure)) throw new Error('The create was not refused.')
  expectSentence(failure.message, bench.secrets)
  expect(await bench.queries('erp', 'CreateProjects')).toEqual([])
  return failure
}

/** Phases with the names of what they hang below, the outermost first. */
function pathsOf({ Phases, InvoiceGroups, Projects }: Wire): string[] {
  const byKey = new Map<number, Wire>(Phases.map((phase: Wire) => [phase.PhaseKey, phase]))
  const groups = new Map<number, string>(InvoiceGroups.map((group: Wire) => [group.InvoiceGroupKey, group.Description]))
  const pathOf = (phase: Wire): string[] => {
    const parent = byKey.get(phase.ParentKey)
    if (!parent) expect(phase.ParentKey).toBe(Projects[0].ProjectKey)
    return [...(parent ? pathOf(parent) : []), phase.Description]
  }
  return Phases.map((phase: Wire) => `${groups.get(phase.InvoiceGroupKey)}: ${pathOf(phase).join(' / ')}`).sort()
}

describe('templates', () => {
  it('are those in use, each with the key and the exact description that Ajera holds', async () => {
    const listed: Wire[] = (await bench.ajera.call(1, 'ListProjectTemplates')).Content.ProjectTemplates
    const closed = 'Standard Architecture 2012'
    expect(listed.map((row) => row.Description)).toContain(closed)
    expect(await erp.templates()).toEqual(
      listed
        .filter((row) => row.Description !== closed)
        .map((row) => ({ key: String(row.ProjectTemplateKey), description: row.Description })),
    )
  })

  it('that the API user may not read are a refusal, and a warning of the check list', async () => {
    await bench.faults({ erp: { deniedMethods: ['ListProjectTemplates'] } })
    await expect(erp.templates()).rejects.toMatchObject({ reason: 'forbidden', failureClass: 'definite' })
    const permissions = (await erp.check()).filter(({ check }) => check === 'permissions')
    expect(permissions.map(({ level }) => level)).toEqual(['warning'])
    expect(permissions[0]?.message).toContain('ListProjectTemplates, so new projects of the CRM cannot be created')
  })
})

describe('a project from a template (§13.17)', () => {
  it.each([
    ['Standard Architecture', ['Basic services: Construction', 'Basic services: Design', 'Basic services: Documents']],
    [
      'Standard Engineering',
      [
        'Additional services: Site Visits',
        'Additional services: Site Visits / Travel',
        'Basic services: Engineering',
        'Basic services: Engineering / Electrical',
        'Basic services: Engineering / Mechanical',
        'Basic services: Engineering / Structural',
      ],
    ],
    [
      'Master Planning',
      [
        'Planning: Plan',
        'Planning: Plan / Survey',
        'Planning: Plan / Survey / Field',
        'Planning: Plan / Survey / Field / Team A',
        'Planning: Plan / Survey / Field / Team A / Day 1',
        'Planning: Public Meetings',
      ],
    ],
  ])('has the invoice groups and phases of %s, each below what it lies below there', async (description, paths) => {
    const template = await templateNamed(description)
    const fields = { ID: `T-${description}`, Description: `Pier ${description}`, ClientKey: clientKey }
    const record = await erp.create('project', fields, { template })
    expect(record).toMatchObject({ type: 'project', name: fields.Description, fields })
    const made = await projectOf(record.key)
    expect(pathsOf(made)).toEqual(paths)
    const { BillingType, InvoiceGroups } = await templateOf(template)
    expect(made.Projects[0].BillingType).toBe(BillingType)
    expect(made.InvoiceGroups.map((group: Wire) => group.InvoiceFormatKey)).toEqual(
      InvoiceGroups.map((group: Wire) => group.InvoiceFormatKey),
    )
  })

  it('carries its client on every invoice group, and every other field it was given', async () => {
    const [employee = ''] = await erp.readKeys('employee')
    const fields = {
      ID: 'T-ALL',
      Description: 'Quay wall',
      ClientKey: clientKey,
      Notes: 'Won in March.\nStarts in May.',
      SyncToCRM: 'Y',
      ProjectManager: employee,
      StartDate: '2026-05-04',
      TotalContractAmount: '125000.5',
    }
    const record = await erp.create('project', fields, { template: await templateNamed('Standard Engineering') })
    expect(record).toMatchObject({ fields, syncToCrm: true, closed: false, createInCrm: false })
    const { InvoiceGroups } = await projectOf(record.key)
    expect(InvoiceGroups.map((group: Wire) => String(group.ClientKey))).toEqual([clientKey, clientKey])
  })

  it('leaves the template as it is', async () => {
    const template = await templateNamed('Standard Architecture')
    const before = await templateOf(template)
    await erp.create('project', { Description: 'Another pier', ClientKey: clientKey }, { template })
    expect(await templateOf(template)).toEqual(before)
  })

  it('goes out once; where the answer is lost nobody knows', async () => {
    await bench.clearJournal()
    const template = await templateNamed('Standard Architecture')
    await bench.faults({ erp: { lostAnswers: 1 } })
    const creating = erp.create(
      'project',
      { ID: 'T-LOST', Description: 'Lost pier', ClientKey: clientKey },
      { template },
    )
    await expect(creating).rejects.toMatchObject({ failureClass: 'unknown', side: 'erp' })
    expect(await bench.queries('erp', 'CreateProjects')).toHaveLength(1)
  })

  it('whose number is taken is refused as a duplicate', async () => {
    const template = await templateNamed('Standard Architecture')
    const create = () =>
      erp.create('project', { ID: 'T-TWICE', Description: 'Pier', ClientKey: clientKey }, { template })
    await create()
    await expect(create()).rejects.toMatchObject({ failureClass: 'definite', reason: 'duplicate-key' })
  })
})

describe('a project that lacks what Ajera demands is refused before anything is sent', () => {
  beforeEach(() => bench.clearJournal())
  const create = async (fields: Record<string, string | null>, template?: string) =>
    refusalOf(erp.create('project', { Description: 'Pier', ClientKey: clientKey, ...fields }, { template }))

  it('no template', async () => {
    const failure = await create({})
    expect(failure).toMatchObject({ failureClass: 'definite', reason: 'required-field', field: 'template' })
    expect(failure.message).toBe('Ajera makes a project from a template, and none is named for “Pier”.')
  })

  it('a template that does not exist', async () => {
    expect(await create({}, '4711')).toMatchObject({
      failureClass: 'definite',
      reason: 'bad-reference',
      field: 'template',
    })
  })

  it.each([
    ['phase', 'Marketing Shell'],
    ['invoice group', 'Billing Shell'],
  ])('a template without a %s', async (field, description) => {
    const failure = await create({}, await templateNamed(description))
    expect(failure).toMatchObject({ failureClass: 'definite', reason: 'required-field', field })
    expect(failure.message).toContain(`“${description}” has no ${field}`)
  })

  it('no client, no description, a description over 80 characters', async () => {
    const template = await templateNamed('Standard Architecture')
    expect(await create({ ClientKey: null }, template)).toMatchObject({ reason: 'required-field', field: 'ClientKey' })
    expect(await create({ Description: ' ' }, template)).toMatchObject({
      reason: 'required-field',
      field: 'Description',
    })
    const long = '𠮷'.repeat(81)
    expect(await create({ Description: long }, template)).toMatchObject({ reason: 'too-long', field: 'Description' })
    const longest = await erp.create('project', { Description: '𠮷'.repeat(80), ClientKey: clientKey }, { template })
    expect(longest.name).toBe('𠮷'.repeat(80))
  })

  it('a template that cannot be read: the create was not sent', async () => {
    const template = await templateNamed('Standard Architecture')
    await bench.faults({ erp: { only: 'GetProjectTemplates', htmlPages: 50 } })
    expect(await create({}, template)).toMatchObject({ failureClass: 'not-executed', reason: 'broken-answer' })
  })
})

describe('clients, contacts and consultants', () => {
  const wanted = {
    client: { Description: 'Tide & Timber LLC', Status: 'Active', Email: 'hello@example.com', City: 'Astoria' },
    vendor: { Name: 'Gneiss Geotechnical', Status: 'Active', Email: 'dig@example.com', City: 'Bergen', FaxNumber: '1' },
    contact: { FirstName: 'Ines', LastName: 'Roca', Status: 'Active', Email: 'ines@example.com', Country: 'USA' },
  }

  it.each(['client', 'vendor', 'contact'] as const)(
    'a new %s comes back as created, and is read from then on',
    async (type) => {
      const record = await erp.create(type, wanted[type])
      expect(record).toMatchObject({ type, fields: wanted[type] })
      const all = (await Array.fromAsync(erp.readChanged(type, null))).flatMap(({ records }) => records)
      expect(all.filter(({ key }) => key === record.key)).toEqual([record])
      expect(Object.keys(record.fields).length).toBe(
        new Set(defaultFieldMap[type].map((entry) => entry.erp).filter((name) => name !== '')).size,
      )
    },
  )

  it('a contact belongs to its client from the start', async () => {
    const client = await erp.create('client', { Description: 'Employer Ltd' })
    const contact = await erp.create('contact', { LastName: 'Vale', ContactClientKey: client.key })
    expect(contact.fields.ContactClientKey).toBe(client.key)
  })

  it('a new vendor is of the type that makes it a consultant; without one it is refused', async () => {
    const { key } = await erp.create('vendor', { Name: 'Basalt Borings' })
    const [row] = (await bench.ajera.call(1, 'GetVendors', { RequestedVendors: [Number(key)] })).Content.Vendors
    expect(row).toMatchObject({ VendorTypeIsConsultant: true, VendorTypeDescription: 'Consultant' })
    await bench.editErp('vendorType', 1, { Status: 'Inactive' })
    await expect(erp.create('vendor', { Name: 'Chalk Borings' })).rejects.toMatchObject({ reason: 'required-field' })
    await bench.editErp('vendorType', 1, { Status: 'Active' })
  })

  it('employees are not made', async () => {
    await expect(erp.create('employee', { LastName: 'Nobody' })).rejects.toMatchObject({ failureClass: 'definite' })
  })
})
