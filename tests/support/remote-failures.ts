import { expect } from 'vitest'
import { RemoteFailure } from '#lib/sync/ports'

/** A complete sentence for a person: no markup, query, stack or credential in it. */
export function expectSentence(message: string, secrets: readonly string[]): void {
  expect(message).toMatch(/^[A-Z][^\n]*\.$/)
  expect(message).not.toMatch(/<[a-z!/]|\?|\bat .+:\d+:\d+|undefined|\[object/i)
  for (const secret of secrets) expect(message).not.toContain(secret)
}

/** The remote failure with which the promise ends, its message checked by {@link expectSentence}. */
export async function remoteFailureOf(promise: Promise<unknown>, secrets: readonly string[]): Promise<RemoteFailure> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof RemoteFailure)) throw new Error(`expected a RemoteFailure, got ${String(error)}`)
  expectSentence(error.message, secrets)
  return error
}
