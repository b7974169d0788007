import { errorCode, errorLine, OperatorProblem } from './operator-problem.ts'

/** What a PostgreSQL error means to the person who runs the installation, in one sentence. Never shows the password. */
export function databaseProblem(error: unknown, databaseUrl: string): OperatorProblem {
  if (error instanceof OperatorProblem) return error
  const { server, database, user } = describeUrl(databaseUrl)
  const sentences: Record<string, string> = {
    ECONNREFUSED: `No database answers at ${server}: start PostgreSQL there, or correct DATABASE_URL.`,
    ENOTFOUND: `The database host of ${server} is not known: correct DATABASE_URL.`,
    EAI_AGAIN: `The database host of ${server} cannot be looked up: correct DATABASE_URL, or mend the name service.`,
    ETIMEDOUT: `The database at ${server} does not answer: check the address in DATABASE_URL and the firewall.`,
    EHOSTUNREACH: `The database at ${server} cannot be reached: check the address in DATABASE_URL and the network.`,
    '28P01': `The database at ${server} refuses the password of ${user}: correct DATABASE_URL.`,
    '28000': `The database at ${server} does not let ${user} in: correct DATABASE_URL, or allow it in pg_hba.conf.`,
    '3D000': `There is no database ${database} at ${server}: create it (CREATE DATABASE ${database}), or correct DATABASE_URL.`,
    '42501': `The database user ${user} may not create tables in ${database}: make it the owner of the database.`,
    '53100': `The disk of the database at ${server} is full: free some space and start again.`,
    '53300': `The database at ${server} has no connection left: raise max_connections, or stop other programs that use it.`,
    '57P03': `The database at ${server} is starting or stopping: wait a moment and start again.`,
    '58P01': `The database at ${server} lacks the extension pg_trgm: install PostgreSQL's contrib package there.`,
    '0A000': `The database at ${server} lacks the extension pg_trgm: install PostgreSQL's contrib package there.`,
  }
  const code = errorCode(error)
  const known = code === null ? undefined : sentences[code]
  return new OperatorProblem(known ?? `The database at ${server} cannot be used: ${errorLine(error)}.`, {
    cause: error,
  })
}

/** Server, database and user of a database address, without its password. */
export function describeUrl(databaseUrl: string): { server: string; database: string; user: string } {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : null
  return {
    server: url ? `${url.hostname || 'localhost'}:${url.port || '5432'}` : 'the address in DATABASE_URL',
    database: url ? decodeURIComponent(url.pathname.slice(1)) || url.username : '',
    user: url ? decodeURIComponent(url.username) : '',
  }
}
