import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataPaths } from './data-dir.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { migrate, schemaDifference } from './migrate.ts'
import { errorLine, OperatorProblem } from './operator-problem.ts'
import { installationRoot } from './root.ts'

/**
 * Writes the migration that schema.prisma still lacks, from a database that has all others; answers its path, or null
 * when nothing is missing. What Prisma cannot say is added to it by hand before it is merged.
 */
export async function draftMigration(name: string, now: Date): Promise<string | null> {
  if (!/^[a-z]+(_[a-z0-9]+)+$/.test(name)) {
    throw new OperatorProblem('Name the migration verb_object, as in: npm run db:draft -- add_user_locale', {
      exitStatus: 2,
    })
  }
  const directory = await mkdtemp(join(tmpdir(), 'crosswalk-draft-'))
  const database = await startEmbeddedPostgres({ paths: dataPaths(directory, directory), settings: { fsync: 'off' } })
  try {
    await migrate(database.url)
    const sql = await schemaDifference(database.url)
    if (sql === '') return null
    const stamp = now.toISOString().replace(/\D/g, '').slice(0, 14)
    const folder = join(installationRoot, 'prisma', 'migrations', `${stamp}_${name}`)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'migration.sql'), `${sql}\n`)
    return join(folder, 'migration.sql')
  } finally {
    await database.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  try {
    const path = await draftMigration(process.argv[2] ?? '', new Date())
    console.log(path ?? 'The migrations and prisma/schema.prisma agree: nothing to draft.')
  } catch (error) {
    console.error(errorLine(error))
    process.exitCode = error instanceof OperatorProblem ? error.exitStatus : 1
  }
}
