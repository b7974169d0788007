import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addUser, changeRole, resetUser, setDisabled } from '#lib/access/accounts'
import { routeUser } from '#lib/access/session'
import { encodeSessionToken, SESSION_LIMITS } from '#lib/access/session-token'
import { signIn, signOut } from '#lib/access/sign-in'
import { admitAttempt } from '#lib/access/throttle'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { findLiveSession } from '#lib/store/sessions'
import { listUsers } from '#lib/store/users'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let testDatabase: TestDatabase
let admin: { id: string; password: string }
const EMAIL = 'ada@firm.example'

beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = 'secret of this test, 32 characters or more'
  process.env.NEXTAUTH_URL = 'http://127.0.0.1:3000'
  testDatabase = await createTestDatabase()
  await connectDatabase(testDatabase.url)
  const added = await addUser({ email: 'Ada@Firm.example', role: 'admin' })
  if (!added.ok) throw new Error(added.error)
  admin = { id: added.userId, password: added.password }
})

beforeEach(async () => {
  await database().throttleCounter.deleteMany()
})

afterAll(async () => {
  await closeDatabase()
  await testDatabase.drop()
})

async function openSession(email = EMAIL, password = admin.password, address = '10.0.0.1'): Promise<string> {
  const result = await signIn(email, password, address)
  if (!result.ok) throw new Error(result.reason)
  return result.sessionId
}

const live = (sessionId: string) => findLiveSession(sessionId, SESSION_LIMITS)

describe('signing in', () => {
  test('the address is taken in any case and with space around it', async () => {
    expect((await live(await openSession('  ADA@firm.EXAMPLE ')))?.email).toBe(EMAIL)
  })

  test('a wrong password, an unknown address and a disabled account get the same answer', async () => {
    const gone = await addUser({ email: 'gone@firm.example', role: 'viewer' })
    if (!gone.ok) throw new Error(gone.error)
    await setDisabled(gone.userId, true, EMAIL)
    const refused = { ok: false, reason: 'refused' }
    expect(await signIn(EMAIL, 'not the password', '10.0.0.2')).toEqual(refused)
    expect(await signIn('nobody@firm.example', 'not the password', '10.0.0.2')).toEqual(refused)
    expect(await signIn('gone@firm.example', gone.password, '10.0.0.2')).toEqual(refused)
  })

  test('an unknown address takes as long as a wrong password', async () => {
    const time = async (email: string) => {
      const samples: number[] = []
      for (let round = 0; round < 3; round += 1) {
        const start = performance.now()
        await signIn(email, 'not the password', `10.9.0.${round}`)
        samples.push(performance.now() - start)
      }
      return Math.min(...samples)
    }
    const known = await time(EMAIL)
    const unknown = await time('nobody@firm.example')
    expect(unknown).toBeGreaterThan(known * 0.5)
    expect(unknown).toBeLessThan(known * 2)
  })

  test('eight failures close the door for this account at this address, even for the right password', async () => {
    for (let count = 0; count < 8; count += 1) await signIn(EMAIL, 'not the password', '10.0.0.3')
    expect(await signIn(EMAIL, admin.password, '10.0.0.3')).toEqual({ ok: false, reason: 'throttled' })
    expect((await signIn(EMAIL, admin.password, '10.0.0.4')).ok).toBe(true)
  })

  test('parallel attempts do not slip past the count', async () => {
    const results = await Promise.all(
      Array.from({ length: 24 }, () => signIn('nobody@firm.example', 'not the password', '10.0.0.5')),
    )
    expect(results.filter((result) => !result.ok && result.reason === 'refused')).toHaveLength(8)
  })

  test('one address cannot try many accounts, nor many addresses one account', async () => {
    const purpose = 'sign-in'
    for (let count = 0; count < 60; count += 1) {
      await admitAttempt({ purpose, account: `guess${count}@firm.example`, address: '10.0.0.6' })
      await admitAttempt({ purpose, account: EMAIL, address: `10.1.0.${count}` })
    }
    const throttled = { ok: false, reason: 'throttled' }
    expect(await signIn('another@firm.example', 'not the password', '10.0.0.6')).toEqual(throttled)
    expect(await signIn(EMAIL, admin.password, '10.1.1.1')).toEqual(throttled)
  })

  test('signing in often counts nowhere', async () => {
    for (let count = 0; count < 12; count += 1) await openSession(EMAIL, admin.password, '10.0.0.7')
    expect((await signIn(EMAIL, 'not the password', '10.0.0.7')).ok).toBe(false)
    expect((await signIn(EMAIL, admin.password, '10.0.0.7')).ok).toBe(true)
  })

  test('what was typed is stored nowhere', async () => {
    await signIn('canary-address@firm.example', 'canary-password-1', '10.0.0.8')
    await signIn(EMAIL, 'canary-password-2', '10.0.0.8')
    const counters = JSON.stringify(await database().throttleCounter.findMany())
    const trail = JSON.stringify((await database().auditEvent.findMany()).map(({ seq: _, ...event }) => event))
    expect(counters + trail).not.toContain('canary')
    expect(counters).not.toContain('10.0.0.8')
  })
})

describe('a session', () => {
  test('ends at once when its user signs out', async () => {
    const sessionId = await openSession()
    await signOut({ sessionId, email: EMAIL })
    expect(await live(sessionId)).toBeNull()
  })

  test('ends after half an hour without a sign of life', async () => {
    const sessionId = await openSession()
    await database()
      .$executeRaw`UPDATE user_session SET last_seen_at = now() - interval '29 minutes' WHERE id = ${sessionId}::uuid`
    expect(await live(sessionId)).not.toBeNull()
    await database()
      .$executeRaw`UPDATE user_session SET last_seen_at = now() - interval '31 minutes' WHERE id = ${sessionId}::uuid`
    expect(await live(sessionId)).toBeNull()
  })

  test('a request is a sign of life', async () => {
    const sessionId = await openSession()
    await database()
      .$executeRaw`UPDATE user_session SET last_seen_at = now() - interval '20 minutes' WHERE id = ${sessionId}::uuid`
    await live(sessionId)
    const row = await database().userSession.findUniqueOrThrow({ where: { id: sessionId } })
    expect(Date.now() - row.lastSeenAt.getTime()).toBeLessThan(60_000)
  })

  test('ends after twelve hours, however busy', async () => {
    const sessionId = await openSession()
    await database()
      .$executeRaw`UPDATE user_session SET created_at = now() - interval '12 hours 1 minute' WHERE id = ${sessionId}::uuid`
    expect(await live(sessionId)).toBeNull()
  })

  test('ends at once when its user is disabled or gets a new password', async () => {
    const added = await addUser({ email: 'eve@firm.example', role: 'operator' })
    if (!added.ok) throw new Error(added.error)
    const first = await openSession('eve@firm.example', added.password)
    const reset = await resetUser('eve@firm.example')
    if (!reset.ok) throw new Error(reset.error)
    expect(await live(first)).toBeNull()
    const second = await openSession('eve@firm.example', reset.password)
    await setDisabled(added.userId, true, EMAIL)
    expect(await live(second)).toBeNull()
  })
})

describe('a route', () => {
  async function ask(sessionId: string | null, headers: Record<string, string> = {}, method = 'GET') {
    const cookie = sessionId ? `theme=dark; crosswalk-session=${await encodeSessionToken(sessionId)}` : ''
    const request = new Request('http://127.0.0.1:3000/x', { method, headers: { cookie, ...headers } })
    const result = await routeUser(request, 'run')
    return result.ok ? 200 : result.response.status
  }
  const own = { 'sec-fetch-site': 'same-origin' }

  test('answers 401 to nobody, 403 to too little, and lets the rest in', async () => {
    const person = await addUser({ email: 'vic@firm.example', role: 'viewer' })
    if (!person.ok) throw new Error(person.error)
    const sessionId = await openSession('vic@firm.example', person.password)
    expect(await ask(null)).toBe(401)
    expect(await ask('019a8f2e-1c2d-7e8f-9a0b-1c2d3e4f5a6b')).toBe(401)
    expect(await ask(sessionId)).toBe(403)
    await changeRole(person.userId, 'operator', EMAIL)
    expect(await ask(sessionId)).toBe(200)
    await signOut({ sessionId, email: 'vic@firm.example' })
    expect(await ask(sessionId)).toBe(401)
  })

  test('takes a change only from our own pages', async () => {
    const sessionId = await openSession()
    expect(await ask(sessionId, own, 'POST')).toBe(200)
    expect(await ask(sessionId, { 'sec-fetch-site': 'cross-site' }, 'POST')).toBe(403)
    expect(await ask(sessionId, { origin: 'https://evil.example' }, 'POST')).toBe(403)
    expect(await ask(sessionId, {}, 'DELETE')).toBe(403)
  })
})

describe('accounts', () => {
  test('an address has one account, whatever its case', async () => {
    expect(await addUser({ email: 'ADA@FIRM.EXAMPLE', role: 'viewer' })).toEqual({
      ok: false,
      error: 'ada@firm.example has an account already.',
    })
    expect((await addUser({ email: 'no address', role: 'viewer' })).ok).toBe(false)
  })

  test('the only administrator stays one', async () => {
    expect((await changeRole(admin.id, 'viewer', EMAIL)).ok).toBe(false)
    expect((await setDisabled(admin.id, true, EMAIL)).ok).toBe(false)
  })

  test('two administrators cannot remove each other at once', async () => {
    const other = await addUser({ email: 'second@firm.example', role: 'admin' })
    if (!other.ok) throw new Error(other.error)
    const results = await Promise.all([
      changeRole(admin.id, 'operator', 'second@firm.example'),
      changeRole(other.userId, 'operator', EMAIL),
    ])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    const admins = (await listUsers()).filter(({ role }) => role === 'admin')
    expect(admins).toHaveLength(1)
  })

  test('a reset for an address without an account says so', async () => {
    expect(await resetUser('nobody@firm.example')).toEqual({ ok: false, error: 'nobody@firm.example has no account.' })
  })
})
