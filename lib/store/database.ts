import { AsyncLocalStorage } from 'node:async_hooks'
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
  return rehearsing.getStore() ?? client()
}

function client(): PrismaClient {
  holder.crosswalkDatabase ??= connect(process.env.DATABASE_URL)
  return holder.crosswalkDatabase
}

const rehearsing = new AsyncLocalStorage<PrismaClient>()

/** Thrown to undo a rehearsal; never leaves this module. */
const UNDO = new Error('The rehearsal is over.')

/**
 * Does `work` for its answer alone: whatever it stores, through whichever function of the store, is seen by itself and
 * undone at the end. All of it is one transaction, so it must be quick and call no other system.
 */
export async function rehearse<T>(work: () => Promise<T>, timeoutMilliseconds: number): Promise<T> {
  const answers: T[] = []
  try {
    await client().$transaction(
      async (tx) => {
        answers.push(await rehearsing.run(asClient(tx), work))
        throw UNDO
      },
      { timeout: timeoutMilliseconds, maxWait: 30_000 },
    )
  } catch (error) {
    if (error !== UNDO) throw error
  }
  const [answer] = answers
  if (answer === undefined) throw new Error('A rehearsal ended without an answer.')
  return answer
}

/** Within a rehearsal: does `work` in earnest, on connections of its own (to tell watchers how far it is). */
export function outsideRehearsal<T>(work: () => Promise<T>): Promise<T> {
  return rehearsing.exit(work)
}

/** The open transaction, with a `$transaction` that joins it. */
function asClient(tx: Transaction): PrismaClient {
  return new Proxy(client(), {
    get(_, name) {
      if (name === '$transaction') return (work: (tx: Transaction) => Promise<unknown>) => work(tx)
      const member: unknown = Reflect.get(tx, name)
      return typeof member === 'function' ? member.bind(tx) : member
    },
  })
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

// Codes of the network, of PostgreSQL (connection, resources, operator) and of Prisma for a server that is not there.
const OUTAGE_CODE = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|08|53300|57P0|P1001|P1002|P1008|P1011|P1017)/
// The driver gives these no code.
const OUTAGE_MESSAGE = /^(Connection terminated|Client has encountered a connection error)/

/** Whether the database could not be reached, or ended the connection; tried again later, the same may work. */
export function isDatabaseOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  if ('code' in error && typeof error.code === 'string' && OUTAGE_CODE.test(error.code)) return true
  if (error instanceof Error && OUTAGE_MESSAGE.test(error.message)) return true
  return innerErrors(error).some(isDatabaseOutage)
}

/** Prisma wraps the driver's error twice, an AggregateError holds one for each address tried. */
function innerErrors(error: object): unknown[] {
  const inner: unknown[] = []
  if ('cause' in error) inner.push(error.cause)
  if ('errors' in error && Array.isArray(error.errors)) inner.push(...error.errors)
  if ('meta' in error && typeof error.meta === 'object' && error.meta !== null && 'driverAdapterError' in error.meta)
    inner.push(error.meta.driverAdapterError)
  return inner
}

function connect(url: string | undefined): PrismaClient {
  if (!url)
    throw new Error('DATABASE_URL is not set: start Crosswalk with "npm start", or set it to a PostgreSQL address.')
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 10 }) })
}
