import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '#lib/access/audit'
import { createFirstAdministrator, issueSetupToken, setupState } from '#lib/access/setup-token'
import { verifyAuditChain } from '#lib/store/audit'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { installationId } from '#lib/store/installation'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let testDatabase: TestDatabase

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  await connectDatabase(testDatabase.url)
})

afterAll(async () => {
  await closeDatabase()
  await testDatabase.drop()
})

const person = (email: string) => ({ email, name: 'Ada', passwordHash: 'not used here' })

async function issue(): Promise<string> {
  const token = await issueSetupToken()
  if (!token) throw new Error('No token was issued.')
  return token
}

describe('set-up', () => {
  test('an installation has one id, also when many ask for it first', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, installationId))
    expect(new Set(ids).size).toBe(1)
  })

  test('only the newest token opens, and the database does not hold it', async () => {
    const first = await issue()
    const second = await issue()
    expect(await setupState(null)).toBe('no-token')
    expect(await setupState('nonsense')).toBe('wrong-token')
    expect(await setupState(first)).toBe('wrong-token')
    expect(await setupState(second)).toBe('open')
    expect(JSON.stringify(await database().installation.findMany())).not.toContain(second)
  })

  test('a wrong token creates nobody', async () => {
    expect(await createFirstAdministrator('nonsense', person('x@firm.example'))).toEqual({
      ok: false,
      reason: 'wrong-token',
    })
    expect(await database().user.count()).toBe(0)
  })

  test('one token makes one administrator, also when two use it at once', async () => {
    const token = await issue()
    const results = await Promise.all([
      createFirstAdministrator(token, person('one@firm.example')),
      createFirstAdministrator(token, person('two@firm.example')),
    ])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await database().user.count()).toBe(1)
    expect(await setupState(token)).toBe('done')
  })

  test('no token is issued once an administrator exists', async () => {
    expect(await issueSetupToken()).toBeNull()
  })
})

describe('the audit trail', () => {
  test('is one unbroken chain, also when many write at once', async () => {
    const details = { b: 1, a: [{ z: null, y: 'ü' }], at: new Date(0) }
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => audit({ actor: 'cli', action: 'test', subject: `${index}`, details })),
    )
    expect(await verifyAuditChain()).toEqual({ ok: true, events: 21 })
  })

  test('refuses to be changed', async () => {
    await expect(database().$executeRaw`UPDATE audit_event SET actor = 'nobody'`).rejects.toThrow(/append-only/)
    await expect(database().$executeRaw`DELETE FROM audit_event`).rejects.toThrow(/append-only/)
  })

  test('names the first event that was changed behind its back', async () => {
    const third = await database().auditEvent.findFirstOrThrow({ orderBy: { seq: 'asc' }, skip: 2 })
    await database().$executeRaw`ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only`
    await database().$executeRaw`UPDATE audit_event SET details = '{"b": 2}' WHERE seq = ${third.seq}`
    await database().$executeRaw`ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only`
    expect(await verifyAuditChain()).toEqual({ ok: false, seq: third.seq })
  })

  test('an event leaves no trace when its deed is rolled back', async () => {
    const before = await database().auditEvent.count()
    const deed = database().$transaction(async (tx) => {
      await audit({ actor: 'cli', action: 'undone' }, tx)
      throw new Error('rolled back')
    })
    await expect(deed).rejects.toThrow('rolled back')
    expect(await database().auditEvent.count()).toBe(before)
  })
})
