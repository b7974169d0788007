import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { sandboxControl } from '#lib/sandbox/control'
import { startSandbox } from '#lib/sandbox/sandbox'
import { vantagepointWire } from '../support/sandbox-clients.ts'
import { freshSandboxPair } from '../support/sandbox-pair.ts'

/** Journal, actions, snapshots and the state file. */
const pair = freshSandboxPair()
const shed = (number: string, key = number) => ({ WBS1: number, WBS2: ' ', WBS3: ' ', Name: 'Shed', CustAjeraKey: key })

describe('journal', () => {
  test('it tells order, name, query, status, size and calls in flight, and no credential', async () => {
    await pair.control().clearJournal()
    await pair.crm().signIn()
    await Promise.all([1, 2, 3].map(() => pair.crm().get('/project?fieldFilter=WBS1&limit=2')))
    await pair.crm().send('POST', '/project', shed('J1'))
    await pair.ajera().call(1, 'ListProjects', { FilterByStatus: ['Active'] })
    const entries = await pair.control().journal({ system: 'crm' })
    expect(entries.map((entry) => entry.sequence)).toEqual([1, 2, 3, 4, 5])
    expect(entries[1]).toMatchObject({
      method: 'GET',
      name: 'GET /project',
      query: 'fieldFilter=WBS1&limit=2',
      status: 200,
    })
    expect(entries[4]).toMatchObject({ wrote: true, bodyFields: ['WBS1', 'WBS2', 'WBS3', 'Name', 'CustAjeraKey'] })
    expect(entries[1]?.bytes).toBeGreaterThan(10)
    const [listed] = await pair.control().journal({ system: 'erp', name: 'ListProjects' })
    expect(listed).toMatchObject({ query: '{"FilterByStatus":["Active"]}', responseCode: 200 })
    const text = JSON.stringify(await pair.control().journal())
    const { ajera, vantagepoint } = pair.sandbox().credentials
    for (const secret of [ajera.password, vantagepoint.password, vantagepoint.clientSecret])
      expect(text).not.toContain(secret)
  })

  test('its counters cover every call: names, statuses, writes, calls in flight, peak per second', async () => {
    await pair.crm().signIn()
    await pair.control().clearJournal()
    await pair.switches({ crm: { latencyMs: 20 } })
    await Promise.all(Array.from({ length: 5 }, () => pair.crm().get('/firm?limit=1')))
    await pair.crm().send('POST', '/project', shed('J2'))
    await pair.crm().get('/project/NOPE')
    const { crm, erp } = await pair.control().counters()
    expect(crm).toMatchObject({
      calls: 7,
      writes: 1,
      maxInFlight: 5,
      byName: { 'GET /firm': 5, 'POST /project': 1, 'GET /project': 1 },
      byStatus: { 200: 5, 201: 1, 404: 1 },
    })
    expect(crm.peakPerSecond).toBeGreaterThanOrEqual(5)
    expect(erp.calls).toBe(0)
  })
})

describe('actions', () => {
  test('edits on either side move the stamp and are nobody’s API call', async () => {
    await pair.control().clearJournal()
    const [project] = await pair.rows('/project?wbstype=wbs1&limit=1')
    const edit = {
      action: 'edit',
      side: 'crm',
      type: 'project',
      key: project.WBS1,
      fields: { Memo: 'by hand' },
    } as const
    await pair.control().act(edit)
    const [after] = (await pair.crm().get(`/project/${project.WBS1}`)).body
    expect(after).toMatchObject({ Memo: 'by hand', ModUser: 'KEYBOARD' })
    expect(after.ModDate > project.ModDate).toBe(true)
    expect((await pair.control().counters()).crm.writes).toBe(0)
  })

  test('records are added and deleted on either side', async () => {
    const control = pair.control()
    const { key } = await control.act({
      action: 'add',
      side: 'erp',
      type: 'client',
      fields: { Description: 'Late Client' },
    })
    const [client] = (await pair.ajera().call(1, 'GetClients', { RequestedClients: [Number(key)] })).Content.Clients
    expect(client.Description).toBe('Late Client')
    await control.act({ action: 'delete', side: 'erp', type: 'client', key: Number(key) })
    expect((await pair.ajera().call(1, 'GetClients', { RequestedClients: [Number(key)] })).Content.Clients).toEqual([])
    const fields = { ContactID: 'ff'.repeat(16), LastName: 'Late' }
    await control.act({ action: 'add', side: 'crm', type: 'contact', fields })
    expect((await pair.crm().get(`/contact/${fields.ContactID}`)).body[0].LastName).toBe('Late')
    await control.act({ action: 'delete', side: 'crm', type: 'contact', key: fields.ContactID })
    expect((await pair.crm().get(`/contact/${fields.ContactID}`)).status).toBe(404)
    await expect(control.act({ action: 'delete', side: 'crm', type: 'contact', key: 'none' })).rejects.toThrow(
      'There is no contact none.',
    )
  })

  test('days of work move totals and notes the same way however they are grouped', async () => {
    const control = pair.control()
    const before = await control.snapshot('erp')
    expect((await control.act({ action: 'advance', days: 10 })).count).toBeGreaterThan(5)
    const once = await control.snapshot('erp')
    expect(once.hash).not.toBe(before.hash)
    await control.act({ action: 'reset' })
    for (const days of [3, 7]) await control.act({ action: 'advance', days })
    expect((await control.snapshot('erp')).hash).toBe(once.hash)
  })

  test('the same seed makes the same firm, another seed another', async () => {
    const control = pair.control()
    const hashes = async () => [(await control.snapshot('erp')).hash, (await control.snapshot('crm')).hash]
    const first = await hashes()
    await control.act({ action: 'reset', seed: 2 })
    expect(await hashes()).not.toEqual(first)
    await control.act({ action: 'reset', seed: 1 })
    expect(await hashes()).toEqual(first)
  })

  test('a request from a web page is refused', async () => {
    const { controlUrl } = pair.sandbox()
    const answer = await fetch(`${controlUrl}/faults`, { headers: { Origin: 'https://elsewhere.example' } })
    expect(answer.status).toBe(403)
  })
})

describe('snapshots', () => {
  test('stamps, server-made ids and the order of creates do not count; content does', async () => {
    const control = pair.control()
    const firms = [
      { Name: 'First', ClientInd: 'Y', CustAjeraKey: '1' },
      { Name: 'Second', ClientInd: 'Y', CustAjeraKey: '2' },
    ]
    const create = async (list: typeof firms): Promise<string> => {
      for (const body of list) {
        const firm = await pair.crm().send('POST', '/firm?fieldFilter=ClientID', body)
        const contact = {
          LastName: `Of ${body.Name}`,
          ClientID: firm.body[0].ClientID,
          CustAjeraKey: body.CustAjeraKey,
        }
        await pair.crm().send('POST', '/contact', contact)
      }
      return (await control.snapshot('crm')).hash
    }
    const one = await create(firms)
    await control.act({ action: 'reset' })
    expect(await create([...firms].reverse())).toBe(one)
    await pair.crm().send('POST', '/firm', firms[0])
    const twice = await control.snapshot('crm')
    expect(twice.hash).not.toBe(one)
    expect(twice.duplicates).toEqual(['firm:1'])
    expect(twice.counts.firm).toMatchObject({ api: 3 })
  })
})

/** A sandbox process of its own, so that it can be killed without warning. */
async function startProcess(stateFile: string) {
  const module = new URL('../../lib/sandbox/sandbox.ts', import.meta.url).href
  const script = `const { startSandbox } = await import(${JSON.stringify(module)})
    const pair = await startSandbox({ projects: 20, clients: 5, contacts: 5, employees: 5, stateFile: process.argv[1] })
    console.log(pair.controlUrl)`
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    script,
    stateFile,
  ])
  const controlUrl = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
    child.once('exit', (code) => reject(new Error(`The sandbox ended with ${code}.`)))
  })
  const killed = new Promise((resolve) => child.once('exit', resolve))
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await killed
  }
  return { control: sandboxControl(controlUrl), kill }
}

describe('state file', () => {
  test('kill -9 after an answer loses nothing, and the access stays the same', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'crosswalk sandbox '))
    const file = path.join(folder, 'state.sqlite')
    const first = await startProcess(file)
    const { credentials } = await first.control.status()
    const crm = vantagepointWire(credentials.vantagepoint)
    for (let index = 0; index < 20; index++) await crm.send('POST', '/project', shed(`K${index}`))
    const before = await first.control.snapshot('crm')
    await first.kill()
    const second = await startProcess(file)
    expect((await second.control.snapshot('crm')).hash).toBe(before.hash)
    expect((await second.control.status()).credentials.ajera.password).toBe(credentials.ajera.password)
    await second.kill()
    await rm(folder, { recursive: true })
  })

  test('a port that is taken is told, and nothing stays open', async () => {
    const taken = Number(new URL(pair.sandbox().crmUrl).port)
    const small = { projects: 2, clients: 2, contacts: 2, employees: 2 }
    await expect(startSandbox({ ...small, ports: { crm: taken } })).rejects.toThrow('EADDRINUSE')
    await expect(startSandbox({ ...small, faults: { crm: { latencyMs: -1 } } })).rejects.toThrow('switches are wrong')
  })
})
