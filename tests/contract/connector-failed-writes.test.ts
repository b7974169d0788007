import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AjeraErp } from '#lib/ajera/erp'
import type { VantagepointCrm } from '#lib/vantagepoint/crm'
import { type ConnectorBench, startBench } from '../support/connector-bench.ts'
import { startRawServer } from '../support/raw-server.ts'
import { remoteFailureOf } from '../support/remote-failures.ts'

/** Writes that are refused, lost or half done: the class says whether the other side acted. */
let bench: ConnectorBench
let erp: AjeraErp
let crm: VantagepointCrm

beforeAll(async () => {
  bench = await startBench()
  erp = bench.erp()
  crm = bench.crm()
  await crm.describe()
})
afterAll(() => bench.close())
beforeEach(() => bench.calm())

const failureOf = (promise: Promise<unknown>) => remoteFailureOf(promise, bench.secrets)

describe('writes', () => {
  it.each([
    ['whose answer is lost', 'lostAnswers'],
    ['answered by a lying 502', 'lyingErrors'],
    ['answered by a web page', 'htmlPages'],
    ['whose answer is truncated', 'truncated'],
  ] as const)('a create %s may have happened, and is sent once', async (_name, fault) => {
    const externalKey = `77-${fault}`
    await bench.faults({ crm: { [fault]: 1, only: 'POST /' } })
    const create = { id: null, externalKey, fields: { LastName: 'Maybe' } }
    expect(await failureOf(crm.create('contact', create))).toMatchObject({ failureClass: 'unknown', side: 'crm' })
    expect(await crm.findByExternalKey('contact', externalKey)).toHaveLength(1)
  })

  it('a create turned away with 429 is carried out once, after the time that was asked for', async () => {
    const limit = { perSecond: 1, retryAfterSeconds: 1, form: 'seconds', status: 429 } as const
    const paced = bench.crm()
    await paced.describe()
    await bench.clearJournal()
    await bench.faults({ crm: { rateLimit: limit } })
    await paced.readKeys('employee')
    const record = await paced.create('contact', { id: null, externalKey: '79001', fields: { LastName: 'Patient' } })
    await bench.calm()
    expect(await crm.findByExternalKey('contact', '79001')).toEqual([record])
    await paced.close()
  }, 60_000)

  it('an update whose answer is lost is repeated (§10.2)', async () => {
    const { id } = await crm.create('contact', { id: null, externalKey: '79002', fields: { LastName: 'Twice' } })
    await bench.faults({ crm: { lostAnswers: 2 } })
    expect((await crm.update('contact', id, { Title: 'Kept' }, null)).fields.Title).toBe('Kept')
  })

  it('over-long values are refused as too long, naming the field', async () => {
    const fields = { LastName: 'x'.repeat(3000) }
    const failure = await failureOf(crm.create('contact', { id: null, externalKey: '79003', fields }))
    expect(failure).toMatchObject({ reason: 'too-long', field: 'LastName', failureClass: 'definite' })
    expect(failure.message).toBe('Vantagepoint cannot store a value that long in LastName.')
    const email = { LastName: 'Long', Email: `${'m'.repeat(50)}@example.com` }
    expect(await failureOf(crm.create('contact', { id: null, externalKey: '79004', fields: email }))).toMatchObject({
      reason: 'too-long',
      field: 'Email',
    })
  })

  it.each([400, 422, 500] as const)(
    'an unknown project type is a bad reference, also with status %i',
    async (validationStatus) => {
      await bench.faults({ crm: { validationStatus } })
      const fields = { Name: 'Odd', Status: 'A', ProjectType: 'NOPE' }
      const failure = await failureOf(
        crm.create('project', { id: `ODD-${validationStatus}`, externalKey: '79005', fields }),
      )
      expect(failure).toMatchObject({ reason: 'bad-reference', failureClass: 'definite' })
      expect(failure.message).toBe('Vantagepoint refused the project: Project Type Code NOPE does not exist.')
    },
  )

  it('an alias of a country and a client that does not exist are bad references', async () => {
    const country = { LastName: 'A', Country: 'USA' }
    expect(await failureOf(crm.create('contact', { id: null, externalKey: '79006', fields: country }))).toMatchObject({
      reason: 'bad-reference',
      field: 'Country',
    })
    const client = { Name: 'B', Status: 'A', ClientID: 'FFFF' }
    expect(await failureOf(crm.create('project', { id: 'B-1', externalKey: '79007', fields: client }))).toMatchObject({
      reason: 'bad-reference',
    })
  })

  it('a missing required field is named, in either shape of the refusal', async () => {
    for (const errorShape of ['Message', 'errors'] as const) {
      await bench.faults({ crm: { errorShape } })
      const failure = await failureOf(
        crm.create('contact', { id: null, externalKey: '79008', fields: { FirstName: 'A' } }),
      )
      expect(failure).toMatchObject({ reason: 'required-field', field: 'Last', failureClass: 'definite' })
    }
  })

  it('a hub without the right to write is forbidden', async () => {
    await bench.faults({ crm: { rights: { contact: { write: false } } } })
    expect(
      await failureOf(crm.create('contact', { id: null, externalKey: '79009', fields: { LastName: 'A' } })),
    ).toMatchObject({
      reason: 'forbidden',
      failureClass: 'definite',
    })
  })

  it('a method that is not ticked is forbidden, and named', async () => {
    await bench.faults({ erp: { deniedMethods: ['UpdateClients'] } })
    const [key = ''] = await erp.readKeys('client')
    const failure = await failureOf(erp.update('client', key, { Email: 'other@example.com' }))
    expect(failure).toMatchObject({ reason: 'forbidden', failureClass: 'definite' })
    expect(failure.message).toContain('UpdateClients')
  })

  it('a value Ajera does not take is a definite refusal', async () => {
    const [key = ''] = await erp.readKeys('project')
    expect(await failureOf(erp.update('project', key, { Status: 'Asleep' }))).toMatchObject({
      failureClass: 'definite',
    })
    expect(await failureOf(erp.update('project', key, { ProjectTypeDescription: 'X' }))).toMatchObject({
      reason: 'unknown-field',
    })
  })
})

type TinyAnswer = { readonly status?: number; readonly json: unknown }
const token: TinyAnswer = { json: { access_token: 't', token_type: 'bearer', expires_in: 1799 } }
const missing: TinyAnswer = { status: 404, json: { Message: 'no' } }

/** A Vantagepoint of a few lines, for what the sandbox would never do. */
async function tinyCrm(answers: Readonly<Record<string, TinyAnswer>>) {
  const server = await startRawServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    const known = answers[`${request.method} ${path}`]
    const { status = 200, json } = known ?? (path === '/token' ? token : missing)
    response.writeHead(status).end(JSON.stringify(json))
  })
  return { server, crm: bench.crm({ url: server.url.href }) }
}

describe('what a larger call knows', () => {
  const create = { id: null, externalKey: '1', fields: { LastName: 'A' } }

  it('a create that cannot be read back is never "nothing was done"', async () => {
    const made = { status: 201, json: [{ ContactID: 'ABC' }] }
    const { server, crm: tiny } = await tinyCrm({
      'POST /contact': made,
      'GET /contact/ABC': { status: 403, json: { Message: 'no' } },
    })
    expect(await failureOf(tiny.create('contact', create))).toMatchObject({
      failureClass: 'unknown',
      reason: 'forbidden',
    })
    await server.close()
  })

  it('a new record that stays invisible may exist', async () => {
    const { server, crm: tiny } = await tinyCrm({ 'POST /contact': { status: 201, json: [{ ContactID: 'ABC' }] } })
    expect(await failureOf(tiny.create('contact', create))).toMatchObject({ failureClass: 'unknown' })
    await server.close()
  })

  it('a create whose sign-in failed was not sent', async () => {
    const { server, crm: tiny } = await tinyCrm({ 'POST /token': { status: 500, json: {} } })
    expect(await failureOf(tiny.create('contact', create))).toMatchObject({ failureClass: 'not-executed' })
    await server.close()
  })

  it('rows that a server sends in spite of the filter are sorted out', async () => {
    const list = [
      { WBS1: 'P1', WBS2: ' ', WBS3: ' ', Name: 'One', CustAjeraKey: '1' },
      { WBS1: 'P1', WBS2: '01', WBS3: ' ', Name: 'Phase', CustAjeraKey: '1' },
      { WBS1: 'P2', WBS2: '', WBS3: '', Name: 'Two', CustAjeraKey: '2' },
    ]
    const server = await startRawServer((request, response) => {
      const isToken = request.url === '/token'
      const offset = Number(/offset=(\d+)/.exec(request.url ?? '')?.[1] ?? list.length)
      const isList = request.url?.startsWith('/project?') ?? false
      const json = isToken ? { access_token: 't', expires_in: 1799 } : list.slice(offset)
      response.writeHead(isToken || isList ? 200 : 404).end(JSON.stringify(json))
    })
    const tiny = bench.crm({ url: server.url.href })
    expect((await tiny.readKeys('project')).map(({ id }) => id)).toEqual(['P1', 'P2'])
    expect((await tiny.findByExternalKey('project', '2')).map(({ id }) => id)).toEqual(['P2'])
    await server.close()
  })

  it('a server that sends the same page again and again ends in a failure, not in a loop', async () => {
    const page = { json: [{ ContactID: 'A' }, { ContactID: 'B' }] }
    const { server, crm: tiny } = await tinyCrm({ 'GET /contact': page })
    expect(await failureOf(tiny.readKeys('contact'))).toMatchObject({ reason: 'broken-answer' })
    await server.close()
  })

  it('closing ends the sessions of both API versions', async () => {
    const short = bench.erp()
    await short.check()
    await bench.clearJournal()
    await short.close()
    expect(await bench.queries('erp', 'EndAPISession')).toHaveLength(2)
  })
})
