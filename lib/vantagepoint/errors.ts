import { z } from 'zod'
import { describeFailure, type HttpFailure } from '#lib/http/failure'
import { quotable } from '#lib/http/json-values'
import { type FailureReason, RemoteFailure } from '#lib/sync/ports'
import { SYSTEM } from './config.ts'

const text = z.string().nullish().catch(null)
const problem = z.union([
  z.string(),
  z.looseObject({ Message: text, message: text }).transform((each) => each.Message ?? each.message ?? ''),
])
const problems = z.array(problem).nullish().catch(null)

/** The shapes of vantagepoint-api §8, in the order they are to be read; the inner shape of `errors` is unknown there. */
const errorBody = z.looseObject({
  Message: text,
  message: text,
  detail: text,
  ExceptionMessage: text,
  errors: problems,
  Errors: problems,
  error_description: text,
  error: text,
})

/** What an error body says, one text per problem; several may come in one string, joined by `<BR/>`. */
export function messagesOf(json: unknown): string[] {
  const parsed = errorBody.safeParse(Array.isArray(json) ? json[0] : json)
  if (!parsed.success) return []
  const body = parsed.data
  const direct = [body.Message ?? body.message, body.detail, body.ExceptionMessage]
  const listed = body.errors ?? body.Errors ?? []
  const oauth = [body.error_description ?? body.error]
  const said = [direct, listed, oauth].find((texts) => texts.some((each) => (each ?? '').trim() !== '')) ?? []
  const parts = said.flatMap((each) => (each ?? '').split(/<br\s*\/?>/i)).map((each) => quotable(each))
  return [...new Set(parts.filter((part) => part !== ''))]
}

interface Kind {
  readonly pattern: RegExp
  readonly reason: FailureReason
  /** Sentence after "Vantagepoint "; default: quote the message. */
  readonly say?: (field: string) => string
}

/** Observed texts (vantagepoint-api §8). The first group of a pattern is the field or label named. */
const kinds: readonly Kind[] = [
  {
    pattern: /(\w[\w ]*?) value ignored, autonumber enabled and override is not allowed/i,
    reason: 'number-not-allowed',
    say: () => 'numbers these records itself and does not take a number from outside',
  },
  { pattern: /(\w[\w ]*?) already exists/i, reason: 'duplicate-key' },
  {
    pattern: /^Field (\S+) does not exist/i,
    reason: 'unknown-field',
    say: (field) => `has no field ${field}; take it out of the field map or add it in ${SYSTEM}`,
  },
  {
    pattern: /invalid column name '([^']+)'/i,
    reason: 'unknown-field',
    say: (field) => `has no column ${field} to search by`,
  },
  { pattern: /^Column:\s*(\S+) does not exist/i, reason: 'required-field' },
  { pattern: /please provide an? (.+?) for table/i, reason: 'required-field' },
  { pattern: /^(.+?) is required/i, reason: 'required-field' },
  {
    pattern: /would be truncated(?:.*?column '([^']+)')?/i,
    reason: 'too-long',
    say: (field) => `cannot store a value that long${field ? ` in ${field}` : ''}`,
  },
  { pattern: /cannot insert (?:the value )?null into (?:column )?'?(\w+)'?/i, reason: 'required-field' },
  { pattern: /^(.+?)(?: Code)? \S+ does not exist/i, reason: 'bad-reference' },
  {
    pattern: /object reference not set/i,
    reason: 'invalid',
    say: () => 'stumbled over this record ("Object reference not set"); usually a reference in it is empty or wrong',
  },
]

function kindOf(messages: readonly string[]): { kind: Kind; field: string | null } | null {
  for (const kind of kinds) {
    for (const message of messages) {
      const match = kind.pattern.exec(message)
      if (match) return { kind, field: match[1]?.trim() ?? null }
    }
  }
  return null
}

/** Is this body a refusal the API wrote itself, so that status 5xx does not mean an outage? */
export function isOwnRefusal(json: unknown): boolean {
  return kindOf(messagesOf(json)) !== null
}

const byStatus: Readonly<Record<number, FailureReason>> = { 401: 'session-lost', 403: 'forbidden', 404: 'not-found' }

function sentence(status: number, noun: string, messages: readonly string[], found: ReturnType<typeof kindOf>): string {
  if (status === 401) return `${SYSTEM} ended the session and did not accept a new one. Check the user and its licence.`
  // Of a single record the noun goes on with its key; the right is to all records of the kind.
  if (status === 403) {
    return `The ${SYSTEM} user has no right to the ${noun.split(' ', 1)[0]} hub. Give its role access to it.`
  }
  if (status === 404) return `${SYSTEM} does not have this ${noun}.`
  if (found?.kind.say) return `${SYSTEM} ${found.kind.say(found.field ?? '')}.`
  const said = messages.join('; ') || `it answered with status ${status}`
  return `${SYSTEM} refused the ${noun}: ${said.replace(/\.?$/, '.')}`
}

/**
 * An answer with status 4xx or 5xx as a failure. All of them mean "nothing was done", save the null-reference error of
 * a server that may have been half-way through a create.
 */
export function failureFromAnswer(
  answer: { status: number; json: unknown },
  noun: string,
  creating: boolean,
): RemoteFailure {
  const messages = messagesOf(answer.json)
  const found = kindOf(messages)
  const isCrash = answer.status >= 500 && found?.kind.reason === 'invalid'
  return new RemoteFailure({
    side: 'crm',
    failureClass: creating && isCrash ? 'unknown' : 'definite',
    reason: byStatus[answer.status] ?? found?.kind.reason ?? 'invalid',
    message: sentence(answer.status, noun, messages, found),
    field: found?.field ?? null,
  })
}

export function failureFromHttp(failure: HttpFailure): RemoteFailure {
  return new RemoteFailure({
    side: 'crm',
    failureClass: failure.failureClass,
    reason: failure.kind === 'connection-lost' ? 'broken-answer' : failure.kind,
    message: describeFailure(failure, SYSTEM),
    retryAfterSeconds: failure.retryAfterSeconds,
    cause: failure,
  })
}

/** An answer that is JSON but not what was asked for; for a write, nobody knows what it did. */
export function unreadable(noun: string, what: string): RemoteFailure {
  const message = `${SYSTEM} answered a request for the ${noun} with ${what}.`
  return new RemoteFailure({ side: 'crm', failureClass: 'unknown', reason: 'broken-answer', message })
}

const signInSentences: Readonly<Record<string, string>> = {
  invalid_grant: 'user name, password or database is wrong, or the login is disabled',
  invalid_client: 'client id or client secret is wrong',
  unauthorized_client: 'this client id may not sign in with a password; tick "Allow Password Grant Type"',
  unsupported_grant_type: 'signing in with a password is not allowed; tick "Allow Password Grant Type"',
  invalid_request: 'it did not understand the request',
}

const tokenError = z.looseObject({ error: z.string() })

/** A refused sign-in. The body is never quoted: a gateway may echo the form with the password in it. */
export function signInRefused(status: number, json: unknown): RemoteFailure {
  const code = tokenError.safeParse(json).data?.error ?? ''
  const why = signInSentences[code] ?? `it answered with status ${status}`
  const message = `${SYSTEM} refused the sign-in: ${why}.`
  return new RemoteFailure({ side: 'crm', failureClass: 'definite', reason: 'sign-in-refused', message })
}
