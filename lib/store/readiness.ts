import { database } from './database.ts'

/** Names of the migrations this database has. Throws when it cannot be reached; empty when it was never migrated. */
export async function appliedMigrations(): Promise<string[]> {
  const [table] = await database().$queryRaw<
    { name: string | null }[]
  >`SELECT to_regclass('_prisma_migrations')::text AS name`
  if (!table?.name) return []
  const rows = await database().$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`
  return rows.map(({ name }) => name)
}
