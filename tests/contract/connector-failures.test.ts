import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AjeraErp } from '#lib/ajera/erp'
import type { VantagepointCrm } from '#lib/vantagepoint/crm'
import { type ConnectorBench, startBench } from '../support/connector-bench.ts'
import { freePort, startRawServer } from '../support/raw-server.ts'
import { expectSentence, remoteFailureOf } from '../support/remote-failures.ts'

/**
 * The list of bad input: what comes out is a sentence a person understands, the class that says whether the other
 * side acted, and never a credential, a query of a URL, HTML or a stack.
 */
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

async function errorsOf(check: ReturnType<AjeraErp['check']>): Promise<string[]> {
  const findings = (await check).filter(({ level }) => level === 'error')
  for (const { message } of findings) expectSentence(message, bench.secrets)
  return findings.map(({ check: name, message }) => `${name}: ${message}`)
}

async function serving(answer: string, status = 200) {
  return startRawServer((_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(answer))
}

describe('wrong URL', () => {
  it.each(['not a url', ''])('"%s" is named as no URL', async (url) => {
    expect(await errorsOf(bench.erp({ url }).check())).toEqual([
      expect.stringMatching(/^reachable: The address of Ajera is not a valid URL\. Copy it from Ajera/),
    ])
    expect(await errorsOf(bench.crm({ url }).check())).toEqual([
      expect.stringMatching(/^reachable: The address of Vantagepoint is not a valid URL\. It ends with \/api/),
    ])
  })

  it('a path that leads nowhere answers with a web page, and that is said', async () => {
    const url = new URL('/elsewhere', bench.erpUrl).href
    expect(await errorsOf(bench.erp({ url }).check())).toEqual([
      'reachable: Ajera did not answer with readable data: it sent a web page instead of data (status 404). Check its address and whether a proxy or sign-in page stands before it.',
    ])
    const [crmError] = await errorsOf(bench.crm({ url: new URL('/elsewhere', bench.crmUrl).href }).check())
    expect(crmError).toContain('Vantagepoint did not answer with readable data')
  })

  it('a wrong id in Ajera’s address is a refused sign-in', async () => {
    const [error] = await errorsOf(bench.erp({ url: bench.erpUrl.split('?')[0] }).check())
    expect(error).toMatch(
      /^signed-in: Ajera refused the sign-in: user name, password or the id in the address is wrong/,
    )
  })

  it('an address that is not public is refused unless the operator vouches for it', async () => {
    const failure = await failureOf(bench.crm({ trusted: false }).readKeys('contact'))
    expect(failure).toMatchObject({ reason: 'address-refused', failureClass: 'not-executed' })
    const host = new URL(bench.crmUrl).host
    await expect(bench.crm({ trusted: false, allowedHosts: [host] }).readKeys('contact')).resolves.not.toHaveLength(0)
  })
})

describe('host down', () => {
  it('is told as unreachable, and nothing was done', async () => {
    const url = `http://127.0.0.1:${await freePort()}/api`
    expect(await errorsOf(bench.erp({ url }).check())).toEqual([
      'reachable: Ajera could not be reached: the connection was refused. Check its address and that the system is running.',
    ])
    const failure = await failureOf(bench.crm({ url }).create('contact', { id: null, externalKey: '1', fields: {} }))
    expect(failure).toMatchObject({ reason: 'unreachable', failureClass: 'not-executed', side: 'crm' })
  })

  it('a host that does not exist is told as such', async () => {
    const [error] = await errorsOf(bench.crm({ url: 'http://nowhere.invalid/api' }).check())
    expect(error).toMatch(/^reachable: Vantagepoint could not be reached: the host name/)
  })
})

describe('sign-in', () => {
  it('a wrong password is refused by both, without a word of it', async () => {
    expect(await errorsOf(bench.erp({ password: 'canary-wrong' }).check())).toEqual([
      "signed-in: Ajera refused the sign-in: user name, password or the id in the address is wrong. Use the API user, not an employee's login.",
    ])
    expect(await errorsOf(bench.crm({ password: 'canary-wrong' }).check())).toEqual([
      'signed-in: Vantagepoint refused the sign-in: user name, password or database is wrong, or the login is disabled.',
    ])
  })

  it('a password grant that is switched off is explained', async () => {
    await bench.faults({ crm: { passwordGrant: false } })
    const [error] = await errorsOf(bench.crm().check())
    expect(error).toContain('tick "Allow Password Grant Type"')
  })

  it('a lost session means one new sign-in, shared by all calls under way', async () => {
    const contacts = await erp.readKeys('contact')
    await crm.readKeys('contact')
    await bench.dropSessions()
    await bench.clearJournal()
    await Promise.all([erp.read('contact', contacts), erp.readKeys('employee'), erp.readKeys('client')])
    await Promise.all([crm.readKeys('contact'), crm.readKeys('employee'), crm.readKeys('client')])
    expect(await bench.queries('erp', 'CreateAPISession')).toHaveLength(1)
    expect(await bench.queries('crm', 'token')).toHaveLength(1)
  })

  it('a create that met a lost session is carried out once', async () => {
    await bench.dropSessions()
    const record = await crm.create('contact', { id: null, externalKey: '88001', fields: { LastName: 'Once' } })
    expect(await crm.findByExternalKey('contact', '88001')).toEqual([record])
  })

  it('a session that is lost again at once is told as such', async () => {
    await bench.faults({ erp: { dropSessionEvery: 1 }, crm: { dropSessionEvery: 1 } })
    const lost = { reason: 'session-lost', failureClass: 'definite' }
    expect(await failureOf(erp.readKeys('client'))).toMatchObject(lost)
    expect(await failureOf(crm.readKeys('client'))).toMatchObject(lost)
  })

  it('a token is refreshed before its end, and by password where refreshing is refused', async () => {
    await bench.faults({ crm: { tokenSeconds: 1 } })
    for (const refreshGrant of [true, false]) {
      await bench.faults({ crm: { refreshGrant } })
      const short = bench.crm()
      await short.readKeys('contact')
      await new Promise((resolve) => setTimeout(resolve, 950))
      await bench.clearJournal()
      await short.readKeys('contact')
      expect(await bench.queries('crm', 'token')).toHaveLength(refreshGrant ? 1 : 2)
      await short.close()
    }
  })
})

describe('answers that are none', () => {
  it.each([
    ['HTML with status 200', 'htmlPages'],
    ['a truncated answer', 'truncated'],
    ['a connection cut in the middle', 'cutConnections'],
    ['HTML with status 502', 'htmlErrors'],
    ['503', 'unavailable'],
  ] as const)('%s is survived by a read', async (_name, fault) => {
    const [erpKeys, crmKeys] = [await erp.readKeys('contact'), await crm.readKeys('contact')]
    await bench.faults({ erp: { [fault]: 2 }, crm: { [fault]: 2 } })
    expect(await erp.readKeys('contact')).toEqual(erpKeys)
    expect(await crm.readKeys('contact')).toEqual(crmKeys)
  })

  it.each([
    ['HTML with status 200', 'htmlPages', 'broken-answer'],
    ['a truncated answer', 'truncated', 'broken-answer'],
    ['HTML with status 502', 'htmlErrors', 'server-error'],
  ] as const)('%s that does not end fails the read with a sentence', async (_name, fault, reason) => {
    await bench.faults({ erp: { [fault]: 50 }, crm: { [fault]: 50 } })
    expect(await failureOf(erp.readKeys('contact'))).toMatchObject({ reason, side: 'erp' })
    expect(await failureOf(crm.readKeys('contact'))).toMatchObject({ reason, side: 'crm' })
  })

  it('JSON of another kind is not taken for an empty list', async () => {
    for (const body of ['{}', '"ok"', '42', '{"Message":"hello"}', '[1,2]']) {
      const server = await serving(body)
      await failureOf(bench.erp({ url: server.url.href }).readKeys('client'))
      await failureOf(bench.crm({ url: server.url.href }).readKeys('client'))
      await server.close()
    }
  })

  it('an unknown method that answers 200 with nothing in it is a clear failure', async () => {
    await bench.faults({ erp: { unknownMethod: 'empty' } })
    const server = await startRawServer((_, response) => {
      const content = { SessionToken: 't' }
      response.end(JSON.stringify({ ResponseCode: 200, Message: 'Success', Errors: [], Content: content }))
    })
    const failure = await failureOf(bench.erp({ url: server.url.href }).readKeys('client'))
    expect(failure.message).toBe(
      'Ajera answered ListClients with no Clients; the method may be unknown to this version of Ajera or not permitted.',
    )
    await server.close()
  })
})

describe('a CRM without the external-key field', () => {
  it('is a warning that says what is done instead, and everything else goes on (§2.4)', async () => {
    await bench.faults({ crm: { externalKeyField: null } })
    const bare = bench.crm()
    const finding = (await bare.check()).find(({ check }) => check === 'external-key')
    expect(finding?.level).toBe('warning')
    expect(finding?.message).toBe(
      'Vantagepoint has no field CustAjeraKey for employees, firms, contacts, projects. Records are looked up by number and name instead; add it as a character field to make sure that nothing is ever created twice.',
    )
    const record = await bare.create('contact', { id: null, externalKey: '80001', fields: { LastName: 'Keyless' } })
    expect(record.externalKey).toBeNull()
    expect(await bare.findByExternalKey('contact', '80001')).toEqual([])
    await bare.close()
  })

  it('lacks no column that a list asks for, even where unknown ones are refused', async () => {
    await bench.faults({
      crm: { externalKeyField: null, ajeraSyncColumn: false, totalsColumns: false, unknownFieldFilter: 'refuse' },
    })
    const bare = bench.crm()
    const [page] = await Array.fromAsync(bare.readChanged('project', null))
    expect(page?.records[0]).toMatchObject({ externalKey: null, syncFlag: false })
    expect((await bare.check()).filter(({ level }) => level === 'warning').map(({ check }) => check)).toEqual([
      'external-key',
      'custom-fields',
      'custom-fields',
    ])
    await bare.close()
  })
})

describe('what is told about calls', () => {
  it('has operation, path, status and time, and no query or secret', async () => {
    const calls = bench.calls
    expect(calls.length).toBeGreaterThan(100)
    const text = JSON.stringify(calls)
    for (const secret of bench.secrets) expect(text).not.toContain(secret)
    expect(text).not.toContain('?')
    expect(calls.every(({ milliseconds }) => milliseconds >= 0)).toBe(true)
    expect(new Set(calls.map(({ side }) => side))).toEqual(new Set(['erp', 'crm']))
  })
})
