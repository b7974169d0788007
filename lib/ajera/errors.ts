import { z } from 'zod'
import { describeFailure, type HttpFailure } from '#lib/http/failure'
import { quotable } from '#lib/http/json-values'
import { type FailureReason, RemoteFailure } from '#lib/sync/ports'
import { SYSTEM } from './config.ts'

/** ajera-api §1. Failures arrive with HTTP status 200: only the envelope tells. */
export const envelope = z.object({
  ResponseCode: z.number(),
  Message: z.string().nullish(),
  Errors: z.array(z.object({ ErrorID: z.number().nullish(), ErrorMessage: z.string().nullish() })).nullish(),
  Content: z.unknown().optional(),
  PageCount: z.number().nullish(),
})
export type Envelope = z.infer<typeof envelope>

/** Success is ResponseCode 200 without a negative ErrorID; entries with ErrorID 0 are remarks. */
export function isRefusal(answer: Envelope): boolean {
  return answer.ResponseCode !== 200 || (answer.Errors ?? []).some(({ ErrorID }) => (ErrorID ?? 0) < 0)
}

function textsOf(answer: Envelope): string[] {
  const texts = (answer.Errors ?? [])
    .map(({ ErrorMessage }) => quotable(ErrorMessage ?? ''))
    .filter((text) => text !== '')
  return texts.length > 0 ? [...new Set(texts)] : [quotable(answer.Message ?? '')].filter((text) => text !== '')
}

/** The session is gone or was never good; one new sign-in is worth a try. */
export function isSessionRefusal(answer: Envelope): boolean {
  return textsOf(answer).some((text) =>
    /unable to authenticate|invalid session|session.*(expired|timed out)/i.test(text),
  )
}

const patterns: readonly (readonly [RegExp, FailureReason])[] = [
  [/no valid changes/i, 'no-change'],
  [/unauthorized method/i, 'forbidden'],
  [/already exists|duplicate/i, 'duplicate-key'],
  [/is required|must (have|be given)/i, 'required-field'],
  [/too long|maximum length/i, 'too-long'],
  [/not found|does not exist/i, 'not-found'],
]

/** One envelope that says no, as a failure whose message a person can read. It always means: nothing was done. */
export function failureFromEnvelope(method: string, answer: Envelope): RemoteFailure {
  const texts = textsOf(answer)
  const said = texts.join(' ') || `it answered with code ${answer.ResponseCode}`
  const reason = patterns.find(([pattern]) => pattern.test(said))?.[1] ?? 'invalid'
  const message =
    reason === 'forbidden'
      ? `The ${SYSTEM} API user may not use the method ${method}. Tick it for the API user under Setup Integrations; on Ajera's cloud that takes up to ten minutes to apply.`
      : `${SYSTEM} refused ${method}: ${said.replace(/\.?$/, '.')}`
  return new RemoteFailure({ side: 'erp', failureClass: 'definite', reason, message })
}

export function failureFromHttp(failure: HttpFailure): RemoteFailure {
  return new RemoteFailure({
    side: 'erp',
    failureClass: failure.failureClass,
    reason: failure.kind === 'connection-lost' ? 'broken-answer' : failure.kind,
    message: describeFailure(failure, SYSTEM),
    retryAfterSeconds: failure.retryAfterSeconds,
    cause: failure,
  })
}

/** An answer that is JSON but not what was asked for; for a write, nobody knows what it did. */
export function unreadable(method: string, what: string, cause?: unknown): RemoteFailure {
  const message = `${SYSTEM} answered ${method} with ${what}.`
  return new RemoteFailure({ side: 'erp', failureClass: 'unknown', reason: 'broken-answer', message, cause })
}
