import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { database } from '#lib/store/database'
import { neverMatch } from '#lib/store/pairing'
import type { Fields, RecordType } from '#lib/sync/records'
import { openInStep, type Pair, type WayBack } from '../support/way-back.ts'
import { logOf } from '../support/world.ts'

const TEMPLATE = 'Standard Architecture'
const LONG = 'Renovation of the old harbour warehouse, east wing'

let back: WayBack
let client: Pair
beforeEach(async () => {
  back = await openInStep({ engine: { defaultTemplate: 'General Services' } })
  const [first] = await back.pairs('client')
  if (!first) throw new Error('The firm has no mapped client.')
  client = first
})
afterEach(() => back.world.close())

const HUBS = { project: 'project', client: 'firm', contact: 'contact' } as const

async function add(type: keyof typeof HUBS, fields: Fields): Promise<void> {
  await back.control.act({ action: 'add', side: 'crm', type: HUBS[type], fields: { ...fields } })
}

/** A flagged project of the first client, from the usual template, unless told otherwise. */
async function addProject(number: string, name: string, more: Fields = {}): Promise<void> {
  const named = { Name: [...name].slice(0, 40).join(''), LongName: name }
  await add('project', {
    WBS1: number,
    ...named,
    ClientID: client.crmId,
    AjeraSync: 'Y',
    ProjectTemplate: TEMPLATE,
    ...more,
  })
}

async function addFirm(id: string, name: string, more: Fields = {}): Promise<void> {
  await add('client', { ClientID: id, Name: name, ClientInd: 'Y', ...more })
}

async function addErp(name: string, number: string, syncToCrm = true): Promise<void> {
  const fields = { ID: number, Description: name, SyncToCRM: syncToCrm, CreateInCRM: false }
  await back.control.act({ action: 'add', side: 'erp', type: 'project', fields })
}

async function pairOf(type: RecordType, crmId: string) {
  return database().crmMapping.findFirst({ where: { type, crmId, removedAt: null } })
}

describe('a flagged project of the CRM (§8.9)', () => {
  test('is created from its template with its number, its long name, its client and the switch on; then both lie still (§13.17)', async () => {
    await addProject('H-100', LONG, { Memo: 'By boat only.', Status: 'A', StartDate: '2026-03-01' })
    await addProject('H-101', 'Ferry terminal')
    const run = await back.run()
    expect(run.counters.project).toMatchObject({ created: 2, failed: 0 })
    expect((await back.writes()).erp).toEqual(['CreateProjects', 'CreateProjects'])
    const [long] = await back.erpNamed('project', LONG)
    const [short] = await back.erpNamed('project', 'Ferry terminal')
    expect(long).toMatchObject({ syncToCrm: true, closed: false })
    expect(long?.fields).toMatchObject({
      ID: 'H-100',
      ClientKey: client.erpKey,
      Notes: 'By boat only.',
      StartDate: '2026-03-01',
    })
    expect(short?.fields).toMatchObject({ ID: 'H-101', Status: 'Active' })
    expect(await pairOf('project', 'H-100')).toMatchObject({
      erpKey: long?.key,
      matchedBy: 'created',
      createdInRun: run.id,
    })
    const added = (await logOf(run.id)).filter((line) => line.method === 'Ajera Add Project')
    expect(added.map((line) => [line.severity, line.erpKey]).sort()).toEqual(
      [
        ['info', long?.key],
        ['info', short?.key],
      ].sort(),
    )

    await back.run()
    await back.writes()
    await back.run()
    expect(await back.writes()).toEqual({ erp: [], crm: [] })
  })

  test('that names no template gets the default; one that the ERP does not have is an error, not a guess (§13.17)', async () => {
    await addProject('H-1', 'Named by nobody', { ProjectTemplate: '' })
    await addProject('H-2', 'Named wrongly', { ProjectTemplate: 'Standard architecture' })
    const run = await back.run()
    expect(run.state).toBe('completed_with_errors')
    expect(run.counters.project).toMatchObject({ created: 1, failed: 1 })
    expect(await back.erpNamed('project', 'Named by nobody')).toHaveLength(1)
    expect(await back.erpNamed('project', 'Named wrongly')).toHaveLength(0)
    const [line] = (await logOf(run.id)).filter((one) => one.severity === 'error')
    expect(line).toMatchObject({ code: 'CW-1406', method: 'Ajera Add Project' })
    expect(line?.message).toContain('“Standard architecture”')

    await back.inCrm('project', 'H-2', { ProjectTemplate: TEMPLATE })
    expect((await back.run()).counters.project).toMatchObject({ created: 1, failed: 0 })
  })

  test('of a mapped namesake is an error and a suggestion, not a second one; linking or renaming ends both (§13.1)', async () => {
    const [mapped] = await back.pairs('project')
    if (!mapped) throw new Error('No project is mapped.')
    const name = (await back.erp('project', mapped.erpKey)).name
    await addProject('H-1', ` ${name.toUpperCase()} `)
    const run = await back.run()
    expect(run.counters.project).toMatchObject({ failed: 1 })
    expect(await back.erpNamed('project', name)).toHaveLength(1)
    const [line] = (await logOf(run.id)).filter((one) => one.severity === 'error')
    expect(line).toMatchObject({ code: 'CW-1204', method: 'Ajera Add Project' })
    expect(line?.message).toContain(`(${mapped.erpKey})`)
    const finding = await database().matchFinding.findFirst({ where: { type: 'project', erpKey: mapped.erpKey } })
    expect(finding).toMatchObject({ kind: 'suggested', crmIds: ['H-1'] })
    expect((await back.run()).counters.project).toMatchObject({ failed: 1 })

    await back.inCrm('project', 'H-1', { Name: 'Another name', LongName: 'Another name' })
    expect((await back.run()).counters.project).toMatchObject({ failed: 0, created: 1 })
    expect(await database().matchFinding.count({ where: { kind: 'suggested' } })).toBe(0)
  })

  test('with one unmapped namesake is mapped to it, also where that one is not set to sync (§13.1)', async () => {
    await addErp('Lighthouse', 'E-1', false)
    await addProject('H-1', 'Lighthouse')
    const run = await back.run()
    expect(run.counters.project).toMatchObject({ created: 0, failed: 0 })
    expect(await pairOf('project', 'H-1')).toMatchObject({ matchedBy: 'name' })
    expect(await back.erpNamed('project', 'Lighthouse')).toHaveLength(1)
  })

  test('that a person ruled out for its namesake is an error without a suggestion; an ambiguous one is skipped (§4.7, §4.10)', async () => {
    await addErp('Pier', '')
    await addErp('Quay', '')
    await addErp('Quay', '')
    await addProject('H-1', 'Not yet', { AjeraSync: 'N' })
    await back.run()
    const [pier] = await back.erpNamed('project', 'Pier')
    const ruledOut = { connectionId: back.world.connectionId, erpKey: pier?.key ?? '', crmId: 'H-1', by: 'ann' }
    expect(await neverMatch({ ...ruledOut, type: 'project' })).toMatchObject({ ok: true })
    await back.inCrm('project', 'H-1', { Name: 'Pier', LongName: 'Pier', AjeraSync: 'Y' })
    await addProject('H-2', 'Quay')
    const run = await back.run()
    expect(run.counters.project).toMatchObject({ created: 0, failed: 1 })
    const errors = (await logOf(run.id)).filter((line) => line.severity === 'error')
    expect(errors.map((line) => line.code)).toEqual(['CW-1204'])
    expect(await database().matchFinding.count({ where: { kind: 'suggested' } })).toBe(0)
  })

  test('whose number the ERP has already, or that has a twin of its name in the CRM, is not created', async () => {
    await addErp('Breakwater', 'E-77')
    await addProject('E-77', 'Breakwater, second phase')
    await addProject('H-1', 'Twins')
    await addProject('H-2', 'twins')
    const run = await back.run()
    expect(run.counters.project).toMatchObject({ created: 1, failed: 2 })
    const errors = (await logOf(run.id)).filter((line) => line.severity === 'error')
    expect(errors.map((line) => line.code)).toEqual(['CW-1204', 'CW-1204'])
    expect(await back.erpNamed('project', 'Breakwater, second phase')).toHaveLength(0)
    expect(await back.erpNamed('project', 'Twins')).toHaveLength(1)
    expect(await back.erpNamed('project', 'twins')).toHaveLength(0)
  })

  test('that comes back after the CRM had lost it is not new: it waits for a person (§8.4)', async () => {
    const [lost] = await back.pairs('project')
    if (!lost) throw new Error('No project is mapped.')
    await back.control.act({ action: 'delete', side: 'crm', type: 'project', key: lost.crmId })
    await back.run()
    expect(await pairOf('project', lost.crmId)).toBeNull()
    await addProject(lost.crmId, 'Under another name')
    const run = await back.run()
    expect(run.counters.project).toMatchObject({ created: 0, failed: 0 })
    expect(await back.erpNamed('project', 'Under another name')).toHaveLength(0)
  })

  test('without a client is not created, and is when it has one', async () => {
    await addProject('H-1', 'Nobody pays', { ClientID: '' })
    const run = await back.run()
    expect(run.counters.project).toMatchObject({ failed: 1, created: 0 })
    expect((await logOf(run.id)).filter((line) => line.severity === 'error').map((line) => line.code)).toEqual([
      'CW-1407',
    ])
    await back.inCrm('project', 'H-1', { ClientID: client.crmId })
    expect((await back.run()).counters.project).toMatchObject({ failed: 0, created: 1 })
  })
})

describe('firms and people (§8.9)', () => {
  const FIRM = 'A'.repeat(32)
  const OTHER = 'B'.repeat(32)

  test('a flagged firm, a firm that a flagged project names, and people of the flagged one become records, in one run', async () => {
    await addFirm(FIRM, 'Harbour Trust', { AjeraSync: 'Y', PrimaryEmail: 'hello@trust.example' })
    await addFirm(OTHER, 'Tide Partners')
    await addFirm('C'.repeat(32), 'Nobody asked for us')
    await add('contact', {
      ContactID: 'd'.repeat(32),
      FirstName: 'Ada',
      LastName: 'Quay',
      ClientID: FIRM,
      Title: 'Owner',
    })
    await add('contact', { ContactID: 'e'.repeat(32), FirstName: 'Bo', LastName: 'Quay', ClientID: OTHER })
    await addProject('H-1', 'Tide gate', { ClientID: OTHER })
    const run = await back.run()
    expect(run.counters.client).toMatchObject({ created: 2, failed: 0 })
    expect(run.counters.contact).toMatchObject({ created: 1, failed: 0 })
    expect(run.counters.project).toMatchObject({ created: 1, failed: 0 })
    const [trust] = await back.erpNamed('client', 'Harbour Trust')
    const [tide] = await back.erpNamed('client', 'Tide Partners')
    const [ada] = await back.erpNamed('contact', 'Ada Quay')
    const [gate] = await back.erpNamed('project', 'Tide gate')
    expect(trust?.fields).toMatchObject({ Email: 'hello@trust.example', Status: 'Active' })
    expect(ada?.fields).toMatchObject({ Title: 'Owner', ContactClientKey: trust?.key })
    expect(gate?.fields.ClientKey).toBe(tide?.key)
    expect(await back.erpNamed('contact', 'Bo Quay')).toHaveLength(0)
    expect(await back.erpNamed('client', 'Nobody asked for us')).toHaveLength(0)
    await back.run()
    await back.writes()
    await back.run()
    expect(await back.writes()).toEqual({ erp: [], crm: [] })
  })

  test('what refers to a firm that could not be created waits for it, and heals', async () => {
    await back.control.setFaults({ erp: { deniedMethods: ['UpdateClients'] } })
    await addFirm(FIRM, 'Harbour Trust', { AjeraSync: 'Y' })
    await add('contact', { ContactID: 'd'.repeat(32), FirstName: 'Ada', LastName: 'Quay', ClientID: FIRM })
    await addProject('H-1', 'Tide gate', { ClientID: FIRM })
    const run = await back.run()
    for (const type of ['client', 'contact', 'project'] as const) {
      expect(run.counters[type]).toMatchObject({ created: 0, failed: 1 })
    }
    const codes = (await logOf(run.id)).filter((line) => line.severity === 'error').map((line) => line.code)
    expect(codes).toEqual(['CW-1108', 'CW-1407', 'CW-1407'])
    await back.control.setFaults({ erp: { deniedMethods: [] } })
    const healed = await back.run()
    for (const type of ['client', 'contact', 'project'] as const) {
      expect(healed.counters[type]).toMatchObject({ created: 1, failed: 0 })
    }
  })
})

test('new records wait until the backlog is empty (§6.2)', async () => {
  await back.world.close()
  back = await openInStep({ settings: { batchSize: 5 } })
  const [first] = await back.pairs('client')
  client = first ?? client
  for (const { erpKey } of (await back.pairs('project')).slice(0, 7)) {
    await back.inErp('project', erpKey, { ConstructionCost: 815 })
  }
  await addProject('H-1', 'Waits')
  await back.run({ allBatches: false })
  expect(await back.erpNamed('project', 'Waits')).toHaveLength(0)
  expect((await back.run({ allBatches: false })).counters.project).toMatchObject({ created: 1 })
  expect(await back.erpNamed('project', 'Waits')).toHaveLength(1)
})
