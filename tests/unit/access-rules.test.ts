import { describe, expect, test } from 'vitest'
import { clientAddress, isSameOrigin } from '#lib/access/origin'
import { generatePassword, hashPassword, verifyPassword } from '#lib/access/password'
import { passwordProblem } from '#lib/access/password-rule'
import { may, PERMISSIONS, ROLES, refusal } from '#lib/access/roles'
import { decodeSessionToken, encodeSessionToken, sessionCookie } from '#lib/access/session-token'
import { safeNext } from '../../app/sign-in/schema.ts'

describe('passwords', () => {
  test.each([
    ['short', 'eleven chars'.slice(0, 11)],
    ['a famous one with a number', 'Password1234'],
    ['a famous one in disguise', 'P@ssw0rd!P@ssw0rd!'],
    ['a disguise with a number after it', 'P@$$w0rd123456'],
    ['keys in a row', 'qwertyuiop123'],
    ['one character', 'aaaaaaaaaaaaaaaa'],
    ['digits alone', '202611232026'],
    ['the product', 'Crosswalk2026!'],
    ['endless', 'x9'.repeat(200)],
  ])('%s is refused with a sentence', (_, password) => {
    expect(passwordProblem(password)).toMatch(/\.$/)
  })

  test("a person's own name and address make no password", () => {
    expect(passwordProblem('lindqvist-firm-77', ['ada@firm.example', 'Ada Lindqvist'])).not.toBeNull()
  })

  test.each(['quartz lantern oboe', 'jH7#kPq2vLx9', 'ein Ölgötze im Regen', '鹿の音が響く秋の山道を歩く人'])(
    '%s is taken',
    (password) => expect(passwordProblem(password, ['ada@firm.example'])).toBeNull(),
  )

  test('a hash carries argon2id at 64 MiB and three passes, and no two are alike', async () => {
    const [first, second] = await Promise.all([
      hashPassword('quartz lantern oboe'),
      hashPassword('quartz lantern oboe'),
    ])
    expect(first).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
    expect(first).not.toBe(second)
    expect(await verifyPassword('quartz lantern oboe', first)).toEqual({ matches: true, needsRehash: false })
    expect(await verifyPassword('quartz lantern Oboe', first)).toEqual({ matches: false, needsRehash: false })
  })

  test('a hash of an older cost still fits and asks to be renewed', async () => {
    // Made with m=8192, t=1: argon2id of "quartz lantern oboe" with sixteen zero bytes of salt.
    const { argon2Sync } = await import('node:crypto')
    const cost = { nonce: Buffer.alloc(16), memory: 8192, passes: 1, parallelism: 1, tagLength: 32 }
    const tag = argon2Sync('argon2id', { ...cost, message: 'quartz lantern oboe' })
    const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
    const old = `$argon2id$v=19$m=8192,t=1,p=1$${plain(cost.nonce)}$${plain(tag)}`
    expect(await verifyPassword('quartz lantern oboe', old)).toEqual({ matches: true, needsRehash: true })
  })

  test('nothing fits where no password is stored', async () => {
    expect(await verifyPassword('quartz lantern oboe', null)).toEqual({ matches: false, needsRehash: false })
  })

  test('a generated password passes the rule and is never the same', () => {
    const made = Array.from({ length: 50 }, generatePassword)
    expect(new Set(made).size).toBe(50)
    for (const password of made) expect(passwordProblem(password)).toBeNull()
  })
})

describe('roles', () => {
  test('each role may do all that the one before it may', () => {
    expect(ROLES.map((role) => PERMISSIONS.filter((permission) => may(role, permission)))).toEqual([
      ['read', 'export'],
      ['read', 'export', 'run', 'pair'],
      ['read', 'export', 'run', 'pair', 'settings', 'users'],
    ])
  })

  test('a refusal names the role that is needed', () => {
    expect(refusal('run')).toContain('operator')
    expect(refusal('users')).toContain('administrator')
  })
})

describe('origin', () => {
  const host = { host: 'sync.firm.example' }
  test.each([
    [{ ...host, 'sec-fetch-site': 'same-origin', origin: 'https://sync.firm.example' }, true],
    [{ ...host, 'sec-fetch-site': 'same-origin' }, true],
    [{ ...host, origin: 'https://sync.firm.example' }, true],
    [{ host: 'app:3000', origin: 'https://own.example' }, true],
    [{ ...host, 'sec-fetch-site': 'cross-site', origin: 'https://sync.firm.example' }, false],
    [{ ...host, 'sec-fetch-site': 'same-site' }, false],
    [{ ...host, 'sec-fetch-site': 'none' }, false],
    [{ ...host, origin: 'https://evil.example' }, false],
    [{ ...host, 'sec-fetch-site': 'same-origin', origin: 'null' }, false],
    [{ ...host }, false],
  ])('%o is ours: %s', (headers, expected) => {
    expect(isSameOrigin(new Headers(headers), 'https://own.example')).toBe(expected)
  })

  test('the address is the one nearest to us, not one the caller made up', () => {
    expect(clientAddress(new Headers({ 'x-forwarded-for': '1.2.3.4, 10.0.0.7' }))).toBe('10.0.0.7')
    expect(clientAddress(new Headers({ 'x-forwarded-for': '::ffff:127.0.0.1' }))).toBe('127.0.0.1')
    expect(clientAddress(new Headers())).toBe('unknown')
  })
})

describe('session cookie', () => {
  const sessionId = '019a8f2e-1c2d-7e8f-9a0b-1c2d3e4f5a6b'

  test('a token opens only with the secret it was made with', async () => {
    process.env.NEXTAUTH_SECRET = 'first secret of at least 32 characters'
    const token = await encodeSessionToken(sessionId)
    expect(token).not.toContain(sessionId)
    expect(await decodeSessionToken(token)).toBe(sessionId)
    process.env.NEXTAUTH_SECRET = 'other secret of at least 32 characters'
    expect(await decodeSessionToken(token)).toBeNull()
    expect(await decodeSessionToken('nonsense')).toBeNull()
    expect(await decodeSessionToken(undefined)).toBeNull()
  })

  test('over https the cookie is bound to the host by its name', () => {
    process.env.NEXTAUTH_URL = 'https://sync.firm.example'
    expect(sessionCookie()).toEqual({ name: '__Host-crosswalk-session', secure: true })
    process.env.NEXTAUTH_URL = 'http://127.0.0.1:3000'
    expect(sessionCookie()).toEqual({ name: 'crosswalk-session', secure: false })
  })
})

test.each([
  ['/sync?x=1', '/sync?x=1'],
  ['/', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/a\\b', '/'],
  ['/\t/evil.example', '/'],
  ['https://evil.example', '/'],
  ['/sign-in?next=/x', '/'],
  ['/api/auth/signout', '/'],
  [undefined, '/'],
])('signing in with next=%s leads to %s', (next, expected) => expect(safeNext(next)).toBe(expected))
