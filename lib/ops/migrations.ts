import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { errorCode } from './operator-problem.ts'

export type Migration = { name: string; sql: string }

/** What the database lacks, and what it has that this version does not know. */
export type MigrationState = { pending: string[]; unknown: string[] }

/** The migrations of a folder in the order they apply. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = await migrationNames(folder)
  return Promise.all(
    names.map(async (name) => ({ name, sql: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  )
}

/** Compares the folder with `_prisma_migrations`; cheap enough for a readiness check. */
export async function migrationState(client: pg.ClientBase, folder: string): Promise<MigrationState> {
  const names = await migrationNames(folder)
  const applied = await appliedNames(client)
  return {
    pending: names.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !names.includes(name)),
  }
}

async function migrationNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

async function appliedNames(client: pg.ClientBase): Promise<string[]> {
  try {
    const { rows } = await client.query<{ migration_name: string }>(
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    )
    return rows.map((row) => row.migration_name)
  } catch (error) {
    if (errorCode(error) === '42P01') return []
    throw error
  }
}
