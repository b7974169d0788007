import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '#generated/client'

/**
 * The one Prisma client of this process, over one connection pool. It hangs on `globalThis` because Next loads a
 * module once per bundle, and two pools would double the connections. Reads `DATABASE_URL` when first used.
 */
const holder = globalThis as { crosswalkDatabase?: PrismaClient }

/** What a store function needs: the client itself or an open transaction of it. */
export type Database = PrismaClient | Transaction
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]

export function database(): PrismaClient {
  holder.crosswalkDatabase ??= connect(process.env.DATABASE_URL)
  return holder.crosswalkDatabase
}

/** For tests and tools that choose their database at run time: replaces this process's client. */
export async function connectDatabase(url: string): Promise<PrismaClient> {
  await closeDatabase()
  holder.crosswalkDatabase = connect(url)
  return holder.crosswalkDatabase
}

export async function closeDatabase(): Promise<void> {
  await holder.crosswalkDatabase?.$disconnect()
  delete holder.crosswalkDatabase
}

function connect(url: string | undefined): PrismaClient {
  if (!url)
    throw new Error('DATABASE_URL is not set: start Crosswalk with "npm start", or set it to a PostgreSQL address.')
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 10 }) })
}
