import { describe, expect, test } from 'vitest'
import { HUBS } from '#lib/sandbox/faults'
import { filterQuery } from '../support/sandbox-clients.ts'
import { freshSandboxPair } from '../support/sandbox-pair.ts'

/** The switch `lists` of the CRM: list GETs go wrong with status 200, records by key do not. */
const pair = freshSandboxPair()
const KEYS = { project: 'WBS1', firm: 'ClientID', contact: 'ContactID', employee: 'Employee' } as const

describe.each(HUBS)('the list of the %s hub', (hub) => {
  const path = `/${hub}?fieldFilter=${KEYS[hub]}${hub === 'project' ? '&wbstype=wbs1' : ''}`
  const list = () => pair.crm().get(path)
  const others = HUBS.filter((other) => other !== hub)

  test('answers about half of its rows, the same ones in every page size', async () => {
    const whole = await pair.rows(path)
    await pair.switches({ crm: { lists: { [hub]: 'half' } } })
    const half = await pair.rows(path)
    expect(half.length).toBeGreaterThan(whole.length * 0.3)
    expect(half.length).toBeLessThan(whole.length * 0.7)
    const paged = []
    for (let offset = 0; ; offset += 7) {
      const page = await pair.rows(`${path}&limit=7&offset=${offset}`)
      if (page.length === 0) break
      paged.push(...page)
    }
    expect(paged).toEqual(half)
    const missing = whole.find((row) => !half.some((one) => one[KEYS[hub]] === row[KEYS[hub]]))
    expect((await pair.crm().get(`/${hub}/${missing[KEYS[hub]]}`)).status).toBe(200)
    const byKey = filterQuery([[KEYS[hub], missing[KEYS[hub]]]])
    expect(await pair.rows(`${path}&${byKey}`)).toEqual([])
  })

  test('answers nothing, a web page, cut JSON, each with status 200, until it is set back', async () => {
    const [first] = await pair.rows(path)
    await pair.switches({ crm: { lists: { [hub]: 'empty' } } })
    expect(await list()).toMatchObject({ status: 200, body: [] })
    await pair.switches({ crm: { lists: { [hub]: 'html' } } })
    const page = await list()
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.text).toContain('<html>')
    await pair.switches({ crm: { lists: { [hub]: 'truncated' } } })
    const cut = await list()
    expect([cut.status, cut.body]).toEqual([200, null])
    expect(cut.text.startsWith('[{')).toBe(true)
    expect((await pair.crm().get(`/${hub}/${first[KEYS[hub]]}`)).body).toHaveLength(1)
    for (const other of others) expect((await pair.rows(`/${other}?limit=1`)).length).toBe(1)
    await pair.switches({ crm: { lists: { [hub]: 'whole' } } })
    expect((await pair.rows(path))[0]).toEqual(first)
  })
})

test('a way to break a list that does not exist is refused', async () => {
  const { controlUrl } = pair.sandbox()
  const body = JSON.stringify({ crm: { lists: { firm: 'shuffled' } } })
  expect((await fetch(`${controlUrl}/faults`, { method: 'PATCH', body })).status).toBe(400)
})
