import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { errorLine } from './operator-problem.ts'

/**
 * Runs `use` with Prisma's own schema engine, compiled to WebAssembly, on this database. Prisma's command line would
 * download a native engine; this one comes with the packages.
 */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  schema: string,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await loadEngine()
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  try {
    const adapters = bindMigrationAwareSqlAdapterFactory(adaptersFor(pool))
    const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, adapters)
    return await use(engine)
  } finally {
    await pool.end()
  }
}

// Once: its glue code keeps views of the memory it was given first.
let loaded: ReturnType<typeof instantiate> | null = null

function loadEngine(): ReturnType<typeof instantiate> {
  loaded ??= instantiate()
  return loaded
}

async function instantiate() {
  const code = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const module = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const binary = await readFile(code.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(binary, { './schema_engine_bg.js': withIdleTimers(module) })
  let panic = 'no reason given'
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message: (message: string) => {
        panic = message
      },
      get: () => panic,
    },
  })
  module.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === 'function') start()
  return module
}

const CHAR_OID = 18
const CHAR_ARRAY_OID = 1002

/** The engine never clears the timer of its ten seconds of patience for a lock; the process need not stay for it. */
function withIdleTimers(module: object): Record<string, (...args: never[]) => unknown> {
  const timers = Object.keys(module).filter((name) => name.startsWith('__wbg_setTimeout'))
  const idle = (handler: () => void, delayMs: number) => setTimeout(handler, delayMs).unref()
  return { ...module, ...Object.fromEntries(timers.map((name) => [name, idle])) }
}

/** The adapter has no word for "char", PostgreSQL's type for its one-letter kinds: it travels as an array of it. */
function withCharsRenamed(pool: pg.Pool): pg.Pool {
  return new Proxy(pool, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== 'function') return member
      if (key !== 'query') return member.bind(target)
      return async (...args: unknown[]) => renameChars(await Reflect.apply(member, target, args))
    },
  })
}

function renameChars(answer: unknown): unknown {
  if (typeof answer === 'object' && answer !== null && 'fields' in answer && Array.isArray(answer.fields)) {
    for (const field of answer.fields) if (field.dataTypeID === CHAR_OID) field.dataTypeID = CHAR_ARRAY_OID
  }
  return answer
}

function adaptersFor(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const prisma = new PrismaPg(withCharsRenamed(pool))
  return {
    provider: prisma.provider,
    adapterName: prisma.adapterName,
    connect: async () => adjust(await prisma.connect(), pool),
    connectToShadowDb: async () => adjust(await prisma.connectToShadowDb(), pool),
  }
}

/** Sends a migration whole: the adapter's own way cuts it at every semicolon, also in comments and function bodies. */
function adjust(adapter: SqlDriverAdapter, pool: pg.Pool): SqlDriverAdapter {
  const queryRaw = adapter.queryRaw.bind(adapter)
  return Object.assign(adapter, {
    executeScript: async (script: string) => {
      await pool.query(script).catch((error: unknown) => {
        throw new DriverAdapterError(postgresError(error))
      })
    },
    queryRaw: async (query: Parameters<typeof queryRaw>[0]) => {
      const answer = await queryRaw(query)
      const columnTypes = answer.columnTypes.map((type) =>
        type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type,
      )
      return { ...answer, columnTypes }
    },
  })
}

function postgresError(error: unknown): ConstructorParameters<typeof DriverAdapterError>[0] {
  const known = error instanceof pg.DatabaseError ? error : null
  return {
    kind: 'postgres',
    code: known?.code ?? '',
    severity: known?.severity ?? 'ERROR',
    message: errorLine(error),
    detail: known?.detail,
    column: known?.column,
    hint: known?.hint,
  }
}
