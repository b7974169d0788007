import { describe, expect, test } from 'vitest'
import type { Wire } from '../support/sandbox-clients.ts'
import { freshSandboxPair } from '../support/sandbox-pair.ts'

/** Templates, CreateProjects and vendors of the Ajera sandbox. D: documented or seen live; I: inferred. */
const pair = freshSandboxPair()

const ARGS = {
  CreateType: 'Project',
  Project: { ProjectKey: -1, Description: 'Ferry Landing Canopy', BillingType: 'FixedFee', RateTableKey: 1, ID: 'X1' },
  InvoiceGroups: [{ InvoiceGroupKey: -2, Description: 'Main', ClientKey: 201, InvoiceFormatKey: 1 }],
  Phases: [{ PhaseKey: -3, ParentKey: -1, InvoiceGroupKey: -2, Description: 'Design' }],
}
const create = (changes: Wire) => pair.ajera().call(2, 'CreateProjects', { ...ARGS, ...changes })
const project = (changes: Wire) => create({ Project: { ...ARGS.Project, ...changes } })

describe('templates', () => {
  test('are listed like projects: by status, by description, in pages (D)', async () => {
    const list = (args: Wire, more: Wire = {}) => pair.ajera().call(1, 'ListProjectTemplates', args, more)
    const names = async (args: Wire) =>
      (await list(args)).Content.ProjectTemplates.map((row: Wire) => row.Description).sort()
    expect(await names({ FilterByStatus: ['Closed'] })).toEqual(['Standard Architecture 2012'])
    expect(await names({ FilterByDescriptionEquals: 'master planning' })).toEqual(['Master Planning'])
    expect(await list({}, { PageResults: true, PageSize: 3, PageNumber: 3 })).toMatchObject({
      PageCount: 3,
      Content: { ProjectTemplates: [{ ID: 'T7' }] },
    })
  })

  test('come nested as projects do in version 1, five levels deep, without flags; an unknown key is missing (I)', async () => {
    const args = { RequestedProjects: [3, 4711] }
    const templates: Wire[] = (await pair.ajera().call(1, 'GetProjectTemplates', args)).Content.ProjectTemplates
    expect(templates.map((row) => row.ProjectTemplateKey)).toEqual([3])
    const depth = (phases: Wire[]): number =>
      phases.length === 0 ? 0 : 1 + Math.max(...phases.map((phase) => depth(phase.Phases)))
    expect(depth(templates[0].InvoiceGroups[0].Phases)).toBe(5)
    expect(templates[0]).not.toHaveProperty('SyncToCRM')
    expect(templates[0].InvoiceGroups[0].ClientKey).toBeNull()
  })
})

describe('a new project', () => {
  test('is refused without a group, a phase, a client on every group, or a description of 1 to 80 characters (D, I)', async () => {
    for (const changes of [
      { InvoiceGroups: [] },
      { Phases: [] },
      { InvoiceGroups: [{ InvoiceGroupKey: -2, Description: 'Main', ClientKey: null }] },
      { InvoiceGroups: [{ InvoiceGroupKey: -2, Description: 'Main', ClientKey: 999_999 }] },
      { Phases: [{ PhaseKey: -3, Description: 'x'.repeat(81) }] },
      { Project: { ...ARGS.Project, Description: 'x'.repeat(81) } },
      { Project: { ...ARGS.Project, Description: ' ' } },
    ]) {
      expect((await create(changes)).ResponseCode).not.toBe(200)
    }
    expect((await pair.ajera().call(2, 'ListProjects', { FilterByIDLike: 'X1' })).Content.Projects).toEqual([])
  })

  test('takes only new keys that differ, and references within the call, five levels deep (D)', async () => {
    const phase = (key: number, parent: number, more: Wire = {}) => ({
      ...{ PhaseKey: key, ParentKey: parent, InvoiceGroupKey: -2, Description: `Phase ${key}` },
      ...more,
    })
    const chain = (length: number) =>
      Array.from({ length }, (_, index) => phase(-3 - index, index === 0 ? -1 : -2 - index))
    for (const Phases of [
      [phase(-2, -1)],
      [phase(3, -1)],
      [phase(-3, -9)],
      [phase(-3, -1, { InvoiceGroupKey: -9 })],
      [phase(-3, -4), phase(-4, -3)],
      chain(6),
    ]) {
      expect((await create({ Phases })).ResponseCode).not.toBe(200)
    }
    const made = (await create({ Phases: chain(5) })).Content
    const parents = made.Phases.map((row: Wire) => row.ParentKey)
    expect(parents).toEqual([made.Projects[0].ProjectKey, ...made.Phases.slice(0, 4).map((row: Wire) => row.PhaseKey)])
  })

  test('is refused under an ID that another has, in any letter case; without one it goes in (I)', async () => {
    expect((await project({})).ResponseCode).toBe(200)
    expect((await project({ ID: 'x1' })).Errors).toEqual([
      { ErrorID: -100, ErrorMessage: 'Project ID x1 already exists.' },
    ])
    for (let round = 0; round < 2; round++) expect((await project({ ID: '' })).ResponseCode).toBe(200)
  })
})

describe('vendors', () => {
  const vendor = async (key: number) =>
    (await pair.ajera().call(1, 'GetVendors', { RequestedVendors: [key] })).Content.Vendors[0]

  test('are listed by key and name only, and filtered by type; the type says who is a consultant (D)', async () => {
    const types = (await pair.ajera().call(1, 'ListVendorTypes', { FilterByIsConsultant: [true] })).Content.VendorTypes
    expect(types.map((row: Wire) => row.Description)).toEqual(['Consultant'])
    const { VendorTypeKey } = types[0]
    const args = { FilterByStatus: ['Active', 'Inactive'], FilterByVendorType: [VendorTypeKey] }
    const listed = (await pair.ajera().call(1, 'ListVendors', args)).Content.Vendors
    expect(listed).toHaveLength(20)
    expect(Object.keys(listed[0])).toEqual(['VendorKey', 'Name'])
    expect(await vendor(listed[0].VendorKey)).toMatchObject({
      VendorTypeIsConsultant: true,
      VendorTypeDescription: 'Consultant',
    })
    expect(await vendor(802)).toMatchObject({ VendorTypeIsConsultant: false })
  })

  test('are changed against a baseline and created under a negative key; the mark follows the type (D, I)', async () => {
    const before = await vendor(801)
    const update = (changes: Wire, baselines: Wire[]) =>
      pair.ajera().call(1, 'UpdateVendors', { UpdatedVendors: [changes], UnchangedVendors: baselines })
    expect((await update({ ...before, Notes: 'New', FaxNumber: '1' }, [before])).Content.NumberOfVendorsUpdated).toBe(1)
    expect(await vendor(801)).toMatchObject({ Notes: 'New', FaxNumber: '1' })
    const retyped = await vendor(801)
    await update({ ...retyped, VendorTypeKey: 2 }, [retyped])
    expect(await vendor(801)).toMatchObject({ VendorTypeIsConsultant: false })
    const made = (await update({ VendorKey: -1, Name: 'Brand New', VendorTypeKey: 1 }, [])).Content.Vendors[0]
    expect(made).toMatchObject({ OriginalVendorKey: -1, VendorTypeIsConsultant: true, Name: 'Brand New' })
    expect((await update({ VendorKey: -1, Name: '' }, [])).ResponseCode).not.toBe(200)
    expect((await update({ VendorKey: -1, Name: 'Typed', VendorTypeKey: 99 }, [])).ResponseCode).not.toBe(200)
  })
})
