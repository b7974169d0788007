import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { migrate, schemaDifference } from '../../lib/ops/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const made: TestDatabase[] = []
afterEach(async () => {
  for (const database of made.splice(0)) await database.drop()
})

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  made.push(database)
  await query(database.url, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  return database
}

async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

describe('migrate', () => {
  test('the migrations build what schema.prisma says', async () => {
    const { url } = await emptyDatabase()
    await migrate(url)
    expect(await schemaDifference(url)).toBe('')
  })

  test('a column that only schema.prisma lacks is told', async () => {
    const { url } = await emptyDatabase()
    await migrate(url)
    await query(url, 'ALTER TABLE user_account ADD COLUMN nickname text')
    expect(await schemaDifference(url)).toContain('DROP COLUMN "nickname"')
  })

  test('a second start migrates nothing', async () => {
    const { url } = await emptyDatabase()
    expect((await migrate(url)).length).toBeGreaterThan(0)
    expect(await migrate(url)).toEqual([])
  })

  test('two processes at once apply every migration once', async () => {
    const { url } = await emptyDatabase()
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)])
    const names = applied.flat()
    expect(new Set(names).size).toBe(names.length)
    const { rows } = await query(url, 'SELECT migration_name FROM _prisma_migrations')
    expect(rows).toHaveLength(names.length)
  })

  test('a migration that failed is tried again by the next start', async () => {
    const { url } = await emptyDatabase()
    await query(url, 'CREATE FUNCTION ensure_log_partition(month date) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$')
    await expect(migrate(url)).rejects.toThrow(/could not be migrated \(\d+_create_schema: .*ensure_log_partition.*\)/)
    await query(url, 'DROP FUNCTION ensure_log_partition')
    expect((await migrate(url)).length).toBeGreaterThan(0)
  })

  test("another program's database is refused", async () => {
    const { url } = await emptyDatabase()
    await query(url, 'CREATE TABLE theirs (id int)')
    await expect(migrate(url)).rejects.toThrow(/tables of another program/)
  })

  test('a database of a newer version is refused by name', async () => {
    const { url } = await emptyDatabase()
    await migrate(url)
    await query(
      url,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101000000_from_the_future', now())`,
    )
    await expect(migrate(url)).rejects.toThrow(/newer version of Crosswalk \(29990101000000_from_the_future\)/)
  })

  test('a database that refuses is one sentence without the password', async () => {
    const { url } = await emptyDatabase()
    const wrong = new URL(url)
    wrong.password = 'canary-password'
    const refusal = await migrate(wrong.href).catch((error: unknown) => (error instanceof Error ? error.message : ''))
    expect(refusal).toMatch(/refuses the password of crosswalk/)
    expect(refusal).not.toContain('canary')
    const absent = new URL(url)
    absent.pathname = '/not_there'
    await expect(migrate(absent.href)).rejects.toThrow(/There is no database not_there/)
    await expect(migrate('postgresql://a:b@127.0.0.1:1/c')).rejects.toThrow(/No database answers at 127\.0\.0\.1:1/)
  })
})
