import { randomUUIDv7 } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeSessionToken, sessionCookie } from '#lib/access/session-token'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { endSession, insertSession } from '#lib/store/sessions'
import { insertUser } from '#lib/store/users'
import { GET as exportLog } from '../../app/(console)/log/export/route.ts'
import { GET as newerLines } from '../../app/(console)/log/newer/route.ts'
import { GET as exportMapping } from '../../app/(console)/mapping/export/route.ts'
import { insertConnection, insertFindings, insertLines, insertPairs } from '../support/console-rows.ts'
import { createTestDatabase } from '../support/database.ts'

const HOST = 'http://localhost:3000'

let drop: () => Promise<void>
let viewer: { cookie: string; sessionId: string }

beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = 'a secret that only this test knows'
  const created = await createTestDatabase()
  drop = created.drop
  await connectDatabase(created.url)
  viewer = await signIn()
  const connectionId = await insertConnection()
  await database().connection.update({ where: { id: connectionId }, data: { isCurrent: true } })
  await insertLines(connectionId, [
    { at: '2026-05-04T10:00:00.000001Z', severity: 'error', code: 'CW-1201', message: '=HYPERLINK("http://x")' },
    { at: '2026-05-04T10:00:00.000002Z', message: 'Zürich, done' },
  ])
  await insertPairs(connectionId, [{ erpKey: '1', erpName: '@SUM(A1)' }])
  await insertPairs(connectionId, [{ type: 'client', erpKey: '7', erpName: 'Acme' }])
  await insertFindings(connectionId, [{ erpKey: '2', erpName: '-2+3', kind: 'no_match' }])
})

afterAll(async () => {
  await closeDatabase()
  await drop()
})

async function signIn(): Promise<{ cookie: string; sessionId: string }> {
  const email = `${randomUUIDv7()}@firm.example`
  const id = await insertUser(database(), { email, name: 'Vera', role: 'viewer', passwordHash: 'x' })
  if (id === null) throw new Error('no user')
  const sessionId = await insertSession(database(), id)
  return { cookie: `${sessionCookie().name}=${await encodeSessionToken(sessionId)}`, sessionId }
}

const ask = (path: string, cookie = viewer.cookie) => new Request(`${HOST}${path}`, { headers: { cookie } })

describe('a download', () => {
  it('is an attachment that no browser guesses about or keeps', async () => {
    for (const [format, type] of [
      ['csv', 'text/csv; charset=utf-8'],
      ['json', 'application/json; charset=utf-8'],
    ] as const) {
      const response = await exportLog(ask(`/log/export?format=${format}`))
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe(type)
      expect(response.headers.get('content-disposition')).toMatch(
        new RegExp(`^attachment; filename="integration-log-\\d{4}-\\d\\d-\\d\\d\\.${format}"$`),
      )
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('cache-control')).toBe('no-store')
      await response.text()
    }
  })

  it('of the log as CSV holds exactly what the filter shows, safe for a spreadsheet', async () => {
    const response = await exportLog(ask('/log/export?format=csv&severity=error'))
    const [header, line, end] = (await response.text()).split('\n')
    expect(header).toBe('at,severity,code,method,type,erpKey,erpName,crmId,message,runId')
    expect(line).toBe(`2026-05-04T10:00:00.000001Z,error,CW-1201,Synchronize,,,,,"'=HYPERLINK(""http://x"")",`)
    expect(end).toBe('')
  })

  it('as CSV begins with the mark by which Excel reads UTF-8', async () => {
    const bytes = new Uint8Array(await (await exportLog(ask('/log/export?format=csv&q=Z%C3%BCrich'))).arrayBuffer())
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(new TextDecoder().decode(bytes)).toContain('"Zürich, done"')
  })

  it('of the log as JSON has the documented shape', async () => {
    const response = await exportLog(ask('/log/export?format=json'))
    expect(await response.json()).toEqual([
      expect.objectContaining({ at: '2026-05-04T10:00:00.000002Z', message: 'Zürich, done' }),
      {
        at: '2026-05-04T10:00:00.000001Z',
        severity: 'error',
        code: 'CW-1201',
        method: 'Synchronize',
        type: null,
        erpKey: null,
        erpName: null,
        crmId: null,
        message: '=HYPERLINK("http://x")',
        runId: null,
      },
    ])
  })

  it('of the mapping table holds one type, or all types when none is named', async () => {
    const projects = await exportMapping(ask('/mapping/export?format=csv&type=project'))
    expect((await projects.text()).trimEnd().split('\n')).toEqual([
      'type,erpKey,erpName,crmId,crmName,matchedBy,status,lastSyncedAt',
      `project,1,'@SUM(A1),P-1,'@SUM(A1),name,active,`,
      `project,2,'-2+3,,,,no_match,`,
    ])
    const review = await exportMapping(ask('/mapping/export?format=json&type=project&status=review'))
    expect(await review.json()).toEqual([
      expect.objectContaining({ erpKey: '2', status: 'no_match', crmId: null, matchedBy: null }),
    ])
    const all = await exportMapping(ask('/mapping/export?format=json'))
    expect(await all.json()).toHaveLength(3)
  })

  it('leaves an event in the audit trail that says what was taken', async () => {
    await (await exportLog(ask('/log/export?format=csv&severity=warning'))).text()
    const [event] = await database().auditEvent.findMany({ orderBy: { seq: 'desc' }, take: 1 })
    expect(event).toMatchObject({
      action: 'log.export',
      details: { format: 'csv', filter: { severities: ['warning'] } },
    })
  })

  it('with a filter that cannot be used is refused, rather than holding more than was asked for', async () => {
    const refused = await exportLog(ask('/log/export?format=csv&severity=fatal'))
    expect(refused.status).toBe(400)
    expect(await refused.json()).toEqual({ error: 'This filter cannot be used: severity “fatal”.' })
    expect((await exportMapping(ask('/mapping/export?format=csv&type=invoice'))).status).toBe(400)
    expect((await exportMapping(ask('/mapping/export?format=xml'))).status).toBe(400)
    expect((await exportLog(ask('/log/export'))).status).toBe(400)
  })

  it('is given to nobody without a session, nor after the session was ended', async () => {
    const gone = await signIn()
    await endSession(database(), gone.sessionId)
    for (const cookie of ['', 'crosswalk-session=forged', gone.cookie]) {
      for (const route of [exportLog, exportMapping, newerLines]) {
        const response = await route(ask('/x?format=csv', cookie))
        expect(response.status).toBe(401)
      }
    }
  })
})

describe('the question for newer lines', () => {
  it('is answered with their number, and whether a run is going', async () => {
    const none = await newerLines(ask('/log/newer'))
    expect(await none.json()).toEqual({ newer: '0', isRunOpen: false })
    const since = Buffer.from(JSON.stringify(['2026-05-04T10:00:00.000001Z', randomUUIDv7(), 0])).toString('base64url')
    const some = await newerLines(ask(`/log/newer?since=${since}&severity=info`))
    expect(await some.json()).toEqual({ newer: '1', isRunOpen: false })
    expect(some.headers.get('cache-control')).toBe('no-store')
  })
})
