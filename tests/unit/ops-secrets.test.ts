import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLogger } from '../../lib/ops/logger.ts'
import { scrubText } from '../../lib/ops/scrub.ts'
import { encryptionKeyProblem, open, seal } from '../../lib/ops/secrets.ts'

function keyed(key = randomBytes(32).toString('base64')): NodeJS.ProcessEnv {
  return { NODE_ENV: 'production', CROSSWALK_ENCRYPTION_KEY: key }
}

describe('sealed credentials', () => {
  test('what was sealed opens again, whatever it was', () => {
    const env = keyed()
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, aad) => {
        expect(open(seal(plain, aad, env), aad, env)).toBe(plain.toWellFormed())
      }),
    )
  })

  test('an envelope moved to another field or connection does not open', () => {
    const env = keyed()
    expect(() => open(seal('password', 'one:erpPassword', env), 'two:erpPassword', env)).toThrow(/enter it again/)
  })

  test('one changed character is noticed', () => {
    const env = keyed()
    const envelope = seal('password', 'a', env)
    const last = envelope.at(-2) === 'A' ? 'B' : 'A'
    expect(() => open(`${envelope.slice(0, -2)}${last}${envelope.at(-1)}`, 'a', env)).toThrow(/enter it again/)
  })

  test('another key is told from a damaged envelope', () => {
    expect(() => open(seal('password', 'a', keyed()), 'a', keyed())).toThrow(/another CROSSWALK_ENCRYPTION_KEY/)
    expect(() => open('nonsense', 'a', keyed())).toThrow(/damaged/)
  })

  test('the same value sealed twice looks different and tells nothing of itself', () => {
    const env = keyed()
    const [first, second] = [seal('password', 'a', env), seal('password', 'a', env)]
    expect(first).not.toBe(second)
    expect(first).not.toContain(Buffer.from('password').toString('base64url'))
  })

  test('without a key nothing is sealed', () => {
    expect(() => seal('password', 'a', { NODE_ENV: 'production' })).toThrow(/CROSSWALK_ENCRYPTION_KEY is missing/)
    expect(encryptionKeyProblem(keyed(randomBytes(16).toString('base64')))).toMatch(/must be 32 bytes/)
    expect(encryptionKeyProblem(keyed())).toBeNull()
  })
})

describe('log', () => {
  const CANARY = 'canary-5f1d'

  function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
    let text = ''
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        text += String(chunk)
        done()
      },
    })
    write(createLogger(stream))
    return text
  }

  test.each([
    ['a member named like a secret', { password: CANARY, apiKey: CANARY, nested: [{ client_secret: CANARY }] }],
    ['a header', { headers: { Authorization: `Bearer ${CANARY}`, cookie: CANARY } }],
    ['the query of an address', { url: `https://ajera.example.com/AjeraAPI.ashx?${CANARY}` }],
    ['the password of an address', { url: `postgresql://crosswalk:${CANARY}@localhost/crosswalk` }],
    ['an address object', { url: new URL(`https://host/?${CANARY}`) }],
    ['a form body', { body: `grant_type=password&username=u&password=${CANARY}&database=d` }],
    ['a JSON body', { body: JSON.stringify({ Method: 'CreateAPISession', Password: CANARY, SessionToken: CANARY }) }],
    ['bytes', { answer: Buffer.from(CANARY) }],
    ['an error', { err: new Error(`GET https://host/x?${CANARY} failed`) }],
    ['the cause of an error', { err: new Error('failed', { cause: new Error(`Bearer ${CANARY}`) }) }],
    ['a member of an error', { err: Object.assign(new Error('failed'), { config: { token: CANARY } }) }],
  ])('%s does not appear', (_name, entry) => {
    const text = logged((logger) => logger.error(entry, 'told'))
    expect(text).toContain('told')
    expect(text).not.toContain(CANARY)
    expect(text).not.toContain(Buffer.from(CANARY).toString('base64'))
  })

  test('an error alone, a bound value and a text are treated alike', () => {
    const text = logged((logger) => {
      logger.error(new Error(`https://h/?${CANARY}`))
      logger.child({ runId: 'r1' }).child({ token: CANARY }).info(`see https://h/?${CANARY}`)
      logger.info('at %s', `https://h/?${CANARY}`)
    })
    expect(text.match(/"time"/g)).toHaveLength(3)
    expect(text).toContain('"runId":"r1"')
    expect(text).not.toContain(CANARY)
  })

  test('what is worth knowing stays', () => {
    const cause = Object.assign(new Error('socket closed'), { code: 'ECONNRESET' })
    const text = logged((logger) =>
      logger.warn({ err: new Error('not sent', { cause }), runId: 'r1', took: 12 }, 'retry'),
    )
    for (const word of ['not sent', 'ECONNRESET', '"runId":"r1"', '"took":12', 'retry', 'stack'])
      expect(text).toContain(word)
  })

  test('a text without secrets is left as it is', () => {
    const text = 'Project 1234 "Harbour? Yes!" was updated: see https://host/path (3 fields)'
    expect(scrubText(text)).toBe(text)
  })
})
