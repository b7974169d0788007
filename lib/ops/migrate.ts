import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { databaseProblem, describeUrl } from './database-problem.ts'
import { type Migration, migrationState, readMigrations } from './migrations.ts'
import { errorLine, OperatorProblem } from './operator-problem.ts'
import { installationRoot } from './root.ts'
import { withSchemaEngine } from './schema-engine.ts'

const OLDEST_SERVER = 140_000
/** Any number that no other program takes on the same database. */
const MIGRATION_LOCK = 4_701_223_958
const NO_FILTER = { externalTables: [], externalEnums: [] }

/**
 * Brings a database to this version of the schema; answers the names of the migrations it applied. Two processes at once
 * are safe: the second waits and finds nothing to do. Throws OperatorProblem with the sentence to print.
 */
export async function migrate(databaseUrl: string, root = installationRoot): Promise<string[]> {
  const folder = join(root, 'prisma', 'migrations')
  const client = await connect(databaseUrl)
  try {
    await refuseUnfit(client, folder, databaseUrl)
    if ((await migrationState(client, folder)).pending.length === 0) return []
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    if ((await migrationState(client, folder)).pending.length === 0) return []
    const schema = await readFile(join(root, 'prisma', 'schema.prisma'), 'utf8')
    const list = migrationList(folder, await readMigrations(folder))
    return await withSchemaEngine(databaseUrl, schema, (engine) => apply(engine, list))
  } catch (error) {
    throw databaseProblem(error, databaseUrl)
  } finally {
    await client.end()
  }
}

/**
 * Compares a migrated database with schema.prisma; answers the SQL that would make them agree, empty when they do. What
 * Prisma cannot say (checks, partial and expression indexes, partitions, triggers, pg-boss's own schema) is no difference.
 */
export async function schemaDifference(databaseUrl: string, root = installationRoot): Promise<string> {
  const folder = join(root, 'prisma')
  const schema = await readFile(join(folder, 'schema.prisma'), 'utf8')
  const files = [{ path: 'schema.prisma', content: schema }]
  const answer = await withSchemaEngine(databaseUrl, schema, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: folder },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: NO_FILTER,
    }),
  )
  return answer.exitCode === 0 ? '' : (answer.stdout ?? '').trim()
}

async function connect(databaseUrl: string): Promise<pg.Client> {
  try {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 15_000 })
    await client.connect()
    return client
  } catch (error) {
    throw databaseProblem(error, databaseUrl)
  }
}

async function refuseUnfit(client: pg.Client, folder: string, databaseUrl: string): Promise<void> {
  const { server, database } = describeUrl(databaseUrl)
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  )
  if ((rows[0]?.version ?? 0) < OLDEST_SERVER) {
    throw new OperatorProblem(`The database at ${server} is too old: Crosswalk needs PostgreSQL 14 or newer.`)
  }
  const [newer] = (await migrationState(client, folder)).unknown
  if (newer) {
    throw new OperatorProblem(
      `The database ${database} belongs to a newer version of Crosswalk (${newer}): start that version, or restore a backup from before it.`,
    )
  }
}

async function apply(engine: SchemaEngine, migrationsList: MigrationList): Promise<string[]> {
  const history = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: NO_FILTER,
  })
  // A migration is one transaction: one that failed (a full disk) left nothing behind and may simply be tried again.
  for (const migrationName of history.failedMigrationNames) await engine.markMigrationRolledBack({ migrationName })
  try {
    const done = await engine.applyMigrations({ migrationsList, filters: NO_FILTER })
    return done.appliedMigrationNames
  } catch (error) {
    throw migrationProblem(error)
  }
}

function migrationProblem(error: unknown): OperatorProblem {
  const text = error instanceof Error ? error.message : String(error)
  if (/No space left on device/.test(text)) {
    return new OperatorProblem('The disk of the database is full: free some space and start again.')
  }
  if (/schema is not empty/.test(text)) {
    return new OperatorProblem(
      'The database holds the tables of another program: give Crosswalk an empty database of its own in DATABASE_URL.',
    )
  }
  const reason = /ERROR: (.+)/.exec(text)?.[1] ?? errorLine(error)
  const migration = /migration_name="([^"]+)"/.exec(text)?.[1] ?? 'a migration'
  return new OperatorProblem(
    `The database could not be migrated (${migration}: ${reason}): nothing was changed by it.`,
    {
      cause: error,
    },
  )
}

function migrationList(baseDir: string, migrations: Migration[]): MigrationList {
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  }
}
