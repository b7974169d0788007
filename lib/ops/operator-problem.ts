/**
 * Something the person who runs the installation can mend: a disk that is full, a port in use, a database that refuses.
 * Its message is one sentence that names the thing and says what to do; whoever catches it prints that and nothing else.
 */
export class OperatorProblem extends Error {
  override name = 'OperatorProblem'
  /** 2: the command or the environment was wrong; 1: everything else (product §3). */
  readonly exitStatus: 1 | 2

  constructor(message: string, options: { exitStatus?: 1 | 2; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.exitStatus = options.exitStatus ?? 1
  }
}

/** The code of a system or PostgreSQL error (`ENOSPC`, `28P01`), also where it sits on a cause or inside an aggregate. */
export function errorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  if ('errors' in error && Array.isArray(error.errors)) return errorCode(error.errors[0])
  return 'cause' in error ? errorCode(error.cause) : null
}

/** The first line of whatever was thrown, for a sentence a person reads. */
export function errorLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.trim().split('\n')[0]?.trim() || 'no reason given'
}
