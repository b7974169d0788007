import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { HUBS } from '#lib/vantagepoint/config'
import type { VantagepointCrm } from '#lib/vantagepoint/crm'
import { type ConnectorBench, startBench } from '../support/connector-bench.ts'
import { type RawServer, startRawServer } from '../support/raw-server.ts'
import { remoteFailureOf } from '../support/remote-failures.ts'

/** Key lists from which removals are concluded: complete, or refused (§8 step 4, §13.10, invariant 10). */
let bench: ConnectorBench
let crm: VantagepointCrm

beforeAll(async () => {
  bench = await startBench()
  crm = bench.crm()
})
afterAll(() => bench.close())
beforeEach(() => bench.calm())

const failureOf = (promise: Promise<unknown>) => remoteFailureOf(promise, bench.secrets)
const keysOf = async (type: RecordType) => (await crm.readKeys(type)).map(({ id }) => id)

describe.each(RECORD_TYPES)('the key list of every %s', (type) => {
  const { path, noun } = HUBS[type]

  it('that is HTML or cut JSON is a broken answer, while a record by its key still answers', async () => {
    const [id = ''] = await keysOf(type)
    for (const listing of ['html', 'truncated'] as const) {
      await bench.faults({ crm: { lists: { [path]: listing } } })
      const failure = await failureOf(crm.readKeys(type))
      expect(failure).toMatchObject({ side: 'crm', reason: 'broken-answer', failureClass: 'unknown' })
      await failureOf(Array.fromAsync(crm.readChanged(type, null)))
      expect((await crm.read(type, [id])).map((record) => record.id)).toEqual([id])
    }
  })

  it('that is half or empty cannot be told from a whole one; a key that is missing still answers', async () => {
    const whole = await keysOf(type)
    await bench.faults({ crm: { lists: { [path]: 'half' } } })
    const half = await keysOf(type)
    expect(half.length).toBeGreaterThan(whole.length * 0.3)
    expect(half.length).toBeLessThan(whole.length * 0.7)
    for (const id of half) expect(whole).toContain(id)
    const missing = whole.filter((id) => !half.includes(id)).slice(0, 5)
    expect((await crm.read(type, missing)).map(({ id }) => id)).toEqual(missing)
    await bench.faults({ crm: { lists: { [path]: 'empty' } } })
    expect(await crm.readKeys(type)).toEqual([])
    expect((await crm.read(type, missing)).map(({ id }) => id)).toEqual(missing)
  })

  it('in which a message stands in place of records is a broken answer', async () => {
    const { key } = HUBS[type]
    for (const body of [[{ Message: 'Busy.' }], [{ [key]: '1', WBS2: ' ' }, { Message: 'Busy.' }]]) {
      const raw = await listing(() => body)
      const failure = await failureOf(bench.crm({ url: raw.url.href }).readKeys(type))
      expect(failure.message).toBe(`Vantagepoint answered a request for the ${noun} with rows without ${key}.`)
      await raw.close()
    }
  })
})

/** Whatever list the test says, after a sign-in that always succeeds. `offset` and `count` of the list call. */
async function listing(answer: (offset: number, count: number) => unknown): Promise<RawServer> {
  let lists = 0
  return startRawServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const token = { access_token: 't', token_type: 'bearer', expires_in: 1799 }
    const isToken = url.pathname.endsWith('/token')
    if (!isToken) lists += 1
    const offset = Number(url.searchParams.get('offset'))
    response.end(JSON.stringify(isToken ? token : answer(offset, lists)))
  })
}

const contacts = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ ContactID: String(from + index).padStart(5, '0') }))

describe('a list that does not hold still', () => {
  it('with one short page in the middle is read to its end', async () => {
    const all = contacts(0, 1000)
    const raw = await listing((offset, count) => all.slice(offset, offset + (count === 2 ? 100 : 500)))
    expect(await bench.crm({ url: raw.url.href }).readKeys('contact')).toHaveLength(1000)
    await raw.close()
  })

  it('that loses a row between two pages is begun anew, so that no key slips through', async () => {
    const before = contacts(0, 700)
    const after = before.slice(1)
    const raw = await listing((offset, count) => (count === 1 ? before : after).slice(offset, offset + 500))
    expect(await bench.crm({ url: raw.url.href }).readKeys('contact')).toEqual(
      after.map((row) => ({ id: row.ContactID, ofType: true })),
    )
    await raw.close()
  })

  it('that is another one each time is a broken answer', async () => {
    const raw = await listing((offset, count) => contacts(count * 7, 700).slice(offset, offset + 500))
    const failure = await failureOf(bench.crm({ url: raw.url.href }).readKeys('contact'))
    expect(failure).toMatchObject({ reason: 'broken-answer', failureClass: 'unknown' })
    expect(failure.message).toContain('a list that changed each time while it was read')
    await raw.close()
  })

  it('from a server that knows no offset is a broken answer, not its first page', async () => {
    const raw = await listing(() => contacts(0, 500))
    expect(await failureOf(bench.crm({ url: raw.url.href }).readKeys('contact'))).toMatchObject({
      reason: 'broken-answer',
    })
    await raw.close()
  })
})
