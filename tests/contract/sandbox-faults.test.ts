import { describe, expect, test } from 'vitest'
import type { FaultPatch } from '#lib/sandbox/faults'
import { filterQuery } from '../support/sandbox-clients.ts'
import { freshSandboxPair } from '../support/sandbox-pair.ts'

/** Every fault switch: what the caller sees, and what really happened behind it. */
const pair = freshSandboxPair()
const crmFault = (patch: FaultPatch['crm']) => pair.switches({ crm: patch })
const erpFault = (patch: FaultPatch['erp']) => pair.switches({ erp: patch })
const shed = (number: string) => ({ WBS1: number, WBS2: ' ', WBS3: ' ', Name: 'Shed', CustAjeraKey: number })
const post = (number: string) => pair.crm().send('POST', '/project', shed(number))
const stored = async (number: string): Promise<number> =>
  (await pair.rows(`/project?fieldFilter=WBS1&${filterQuery([['CustAjeraKey', number]])}`)).length

describe('answers that are no answer', () => {
  test('HTML with 502 for the next N calls: nothing was executed', async () => {
    await pair.crm().signIn()
    await crmFault({ htmlErrors: 2 })
    for (const number of ['H1', 'H2']) {
      const answer = await post(number)
      expect(answer.status).toBe(502)
      expect(answer.text).toContain('<html>')
    }
    expect((await post('H3')).status).toBe(201)
    expect([await stored('H1'), await stored('H3')]).toEqual([0, 1])
    expect((await pair.control().faults()).crm.htmlErrors).toBe(0)
  })

  test('503 with Retry-After: nothing was executed', async () => {
    await crmFault({ unavailable: 1 })
    const answer = await post('U1')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await stored('U1')).toBe(0)
  })

  test('HTML with status 200, and JSON cut in the middle', async () => {
    await crmFault({ htmlPages: 1 })
    const page = await pair.crm().get('/project?limit=5')
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    await crmFault({ truncated: 1 })
    const cut = await pair.crm().get('/project?limit=5')
    expect([cut.status, cut.body]).toEqual([200, null])
    expect(cut.text.startsWith('[{')).toBe(true)
    expect((await pair.crm().get('/project?limit=5')).body).toHaveLength(5)
  })

  test('a connection that closes in the middle of the body', async () => {
    await pair.crm().signIn()
    await crmFault({ cutConnections: 1 })
    await expect(pair.crm().get('/project?limit=20')).rejects.toThrow()
  })

  test('an answer lost after the write: the caller sees a broken connection, the record is there', async () => {
    await pair.crm().signIn()
    await crmFault({ lostAnswers: 1 })
    await expect(post('L1')).rejects.toThrow()
    expect(await stored('L1')).toBe(1)
    expect((await pair.control().journal({ name: 'POST /project' })).at(-1)).toMatchObject({ status: -1, wrote: true })
  })

  test('a 502 that lies: the record is there', async () => {
    await pair.crm().signIn()
    await crmFault({ lyingErrors: 1 })
    expect((await post('Y1')).status).toBe(502)
    expect(await stored('Y1')).toBe(1)
  })

  test('lost and lying answers strike writes only, and by chance when asked', async () => {
    await pair.crm().signIn()
    await crmFault({ lyingErrorProbability: 0.5 })
    const statuses = new Set<number>()
    for (let index = 0; index < 20; index++) statuses.add((await post(`C${index}`)).status)
    expect(statuses).toEqual(new Set([201, 502]))
    await crmFault({ lyingErrorProbability: 0, lostAnswers: 1 })
    expect((await pair.crm().get('/project?limit=1')).status).toBe(200)
    expect((await pair.control().faults()).crm.lostAnswers).toBe(1)
  })

  test('a call that is never answered is not executed', async () => {
    await pair.crm().signIn()
    await crmFault({ hanging: 1 })
    const { url } = pair.sandbox().credentials.vantagepoint
    await expect(fetch(`${url}/firm`, { signal: AbortSignal.timeout(80) })).rejects.toThrow()
    expect((await pair.crm().get('/firm?limit=1')).status).toBe(200)
  })

  test('`only` aims a fault at the calls whose name contains it, sign-in included', async () => {
    await pair.crm().signIn()
    await crmFault({ htmlErrors: 1, only: 'POST /firm' })
    expect((await post('O1')).status).toBe(201)
    expect((await pair.crm().send('POST', '/firm', { Name: 'Aimed', ClientInd: 'Y' })).status).toBe(502)
    await crmFault({ htmlErrors: 1, only: '/token' })
    expect((await pair.crm().token(pair.crm().passwordForm())).status).toBe(502)
  })

  test('the ERP has the same faults: an update whose answer is lost was made', async () => {
    const bundle = (await pair.ajera().call(2, 'GetProjects', { RequestedProjects: [5001] })).Content
    await erpFault({ lostAnswers: 1 })
    const args = { UpdatedProjects: [{ ProjectKey: 5001, Location: 'Pier 1' }], UnchangedProjects: bundle }
    await expect(pair.ajera().call(2, 'UpdateProjects', args)).rejects.toThrow()
    const after = (await pair.ajera().call(2, 'GetProjects', { RequestedProjects: [5001] })).Content
    expect(after.Projects[0].Location).toBe('Pier 1')
    await erpFault({ htmlErrors: 1, only: 'ListClients' })
    await expect(pair.ajera().call(1, 'ListClients')).resolves.toBeNull()
  })
})

describe('limits, time and sessions', () => {
  test('beyond the set rate comes 429 with Retry-After, in seconds or as a date', async () => {
    await pair.crm().signIn()
    await crmFault({ rateLimit: { perSecond: 3, retryAfterSeconds: 2, form: 'seconds', status: 429 } })
    const burst = await Promise.all(Array.from({ length: 6 }, () => pair.crm().get('/codeTable/ProjectType')))
    expect(burst.filter((answer) => answer.status === 429)).toHaveLength(3)
    expect(burst.find((answer) => answer.status === 429)?.headers.get('retry-after')).toBe('2')
    await erpFault({ rateLimit: { perSecond: 1, retryAfterSeconds: 5, form: 'date', status: 503 } })
    const calls = [pair.ajera().raw({ Method: 'ListClients' }), pair.ajera().raw({ Method: 'ListClients' })]
    const refused = (await Promise.all(calls)).find((answer) => answer.status === 503)
    expect(Date.parse(refused?.headers.get('retry-after') ?? '') - Date.now()).toBeGreaterThan(3000)
  })

  test('latency delays the answer', async () => {
    await pair.crm().signIn()
    await crmFault({ latencyMs: 60 })
    const before = performance.now()
    await pair.crm().get('/codeTable/ProjectType')
    expect(performance.now() - before).toBeGreaterThanOrEqual(55)
  })

  test('every Nth call finds its session gone', async () => {
    await pair.crm().signIn()
    await crmFault({ dropSessionEvery: 3 })
    const statuses: number[] = []
    for (let index = 0; index < 6; index++) {
      const { status } = await pair.crm().get('/codeTable/ProjectType')
      statuses.push(status)
      if (status === 401) await pair.crm().signIn()
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(2)
    await pair.ajera().call(1, 'ListCompanies')
    await pair.control().act({ action: 'drop-sessions', side: 'erp' })
    expect((await pair.ajera().call(1, 'ListCompanies')).Message).toBe('Invalid Session')
  })

  test('a skewed clock shows in the Date header and in the stamps of both systems', async () => {
    await pair.switches({ erp: { clockSkewSeconds: 600 }, crm: { clockSkewSeconds: -600 } })
    const made = await post('S1')
    const drift = (text: string): number => Math.round((Date.parse(text) - Date.now()) / 60_000)
    expect(drift(`${made.body[0].ModDate}Z`)).toBe(-10)
    expect(drift(made.headers.get('date') ?? '')).toBe(-10)
    await pair.control().act({ action: 'edit', side: 'erp', type: 'client', key: 201, fields: { Notes: 'new' } })
    const [client] = (await pair.ajera().call(1, 'GetClients', { RequestedClients: [201] })).Content.Clients
    expect(drift(client.LastModifiedDate.replace(/ GMT([+-]\d\d:\d\d) .*$/, '$1').replace(' ', 'T'))).toBe(10)
  })

  test('search lag: a new record answers by key at once and appears in lists later', async () => {
    await crmFault({ searchLagMs: 80 })
    await post('G1')
    expect((await pair.crm().get('/project/G1')).status).toBe(200)
    expect(await stored('G1')).toBe(0)
    await expect.poll(() => stored('G1')).toBe(1)
  })

  test('an unknown switch, or a value of the wrong kind, is refused and changes nothing', async () => {
    const url = `${pair.sandbox().controlUrl}/faults`
    for (const patch of [{ crm: { latency: 5 } }, { crm: { latencyMs: 'slow' } }, { moon: {} }, []]) {
      expect((await fetch(url, { method: 'PATCH', body: JSON.stringify(patch) })).status).toBe(400)
    }
    expect((await pair.control().faults()).crm.latencyMs).toBe(0)
  })
})
