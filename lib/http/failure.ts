/**
 * Did the other side act? The table of guide/reliability.md, "Did it happen?":
 * `not-executed`: certainly not; repeat freely. `unknown`: it may have; never blindly repeat a create.
 * `definite`: it answered and did nothing.
 */
export type FailureClass = 'not-executed' | 'unknown' | 'definite'

export type HttpFailureKind =
  | 'address-refused' // our own address check
  | 'unreachable' // refused, host not found, no route, certificate
  | 'timeout'
  | 'connection-lost' // reset or closed before the answer was complete
  | 'broken-answer' // HTML, redirect, truncated or impossible JSON, too large
  | 'server-error' // 5xx without the API's own body
  | 'throttled' // 429, or 503 with Retry-After

interface HttpFailureInit {
  readonly kind: HttpFailureKind
  readonly failureClass: FailureClass
  /** Would a second attempt make sense at all? Whether it is allowed depends on the request too. */
  readonly retryable: boolean
  /** What was seen, to stand behind "X could not be reached: …". No address, no credential, no body. */
  readonly detail: string
  readonly status?: number | null
  readonly retryAfterSeconds?: number | null
  readonly cause?: unknown
}

/** An attempt that brought no usable answer. Its message is the bare detail; {@link describeFailure} makes a sentence. */
export class HttpFailure extends Error {
  readonly kind: HttpFailureKind
  readonly failureClass: FailureClass
  readonly retryable: boolean
  readonly status: number | null
  readonly retryAfterSeconds: number | null

  constructor(init: HttpFailureInit) {
    super(init.detail, { cause: init.cause })
    this.name = 'HttpFailure'
    this.kind = init.kind
    this.failureClass = init.failureClass
    this.retryable = init.retryable
    this.status = init.status ?? null
    this.retryAfterSeconds = init.retryAfterSeconds ?? null
  }
}

/** Code of an error raised by our own address check while the host name is being resolved. */
export const ADDRESS_REFUSED = 'ERR_ADDRESS_REFUSED'

interface ErrorFacts {
  readonly code: string
  readonly syscall: string
}

/** Walks `cause` and the members of an AggregateError (two addresses tried): the first with a code tells. */
function factsOf(error: unknown, depth = 0): ErrorFacts | null {
  if (!(error instanceof Error) || depth > 4) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const syscall = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : ''
  if (code !== '' && !(error instanceof AggregateError)) return { code, syscall }
  if (error instanceof AggregateError) {
    for (const inner of error.errors) {
      const facts = factsOf(inner, depth + 1)
      if (facts) return facts
    }
  }
  return factsOf(error.cause, depth + 1) ?? (code === '' ? null : { code, syscall })
}

const neverConnected: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name was not found',
  EAI_AGAIN: 'the host name could not be looked up',
  UND_ERR_CONNECT_TIMEOUT: 'the connection could not be opened in time',
}

/** Codes that mean "never connected" only while connecting; later the request may already have been sent. */
const routeCodes = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL'])

const timeouts: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half-way',
  ETIMEDOUT: 'the connection timed out',
}

const brokenAnswers: Readonly<Record<string, string>> = {
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'the answer was larger than 25 MB',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer was cut off',
  UND_ERR_HEADERS_OVERFLOW: 'the answer had oversized headers',
}

function isCertificateCode(code: string): boolean {
  return /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code)
}

/** Classifies what the transport threw. Anything unheard-of is `unknown`: the request may have arrived. */
export function failureFromTransport(error: unknown): HttpFailure {
  if (error instanceof HttpFailure) return error
  const { code, syscall } = factsOf(error) ?? { code: '', syscall: '' }
  const unsent = { failureClass: 'not-executed', cause: error } as const
  const unclear = { failureClass: 'unknown', cause: error } as const
  if (code === ADDRESS_REFUSED) {
    return new HttpFailure({
      ...unsent,
      kind: 'address-refused',
      retryable: false,
      detail: 'its host name leads to a private or reserved address',
    })
  }
  const connecting = neverConnected[code]
  if (connecting) return new HttpFailure({ ...unsent, kind: 'unreachable', retryable: true, detail: connecting })
  if (routeCodes.has(code) && syscall === 'connect') {
    return new HttpFailure({ ...unsent, kind: 'unreachable', retryable: true, detail: 'there is no route to the host' })
  }
  if (isCertificateCode(code)) {
    const detail = `its certificate was not accepted (${code})`
    return new HttpFailure({ ...unsent, kind: 'unreachable', retryable: false, detail })
  }
  const late = timeouts[code]
  if (late) return new HttpFailure({ ...unclear, kind: 'timeout', retryable: true, detail: late })
  const broken = brokenAnswers[code]
  if (broken || code.startsWith('HPE_')) {
    const retryable = code !== 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
    const detail = broken ?? 'the answer was not proper HTTP'
    return new HttpFailure({ ...unclear, kind: 'broken-answer', retryable, detail })
  }
  const detail = 'the connection was closed before the answer was complete'
  return new HttpFailure({ ...unclear, kind: 'connection-lost', retryable: true, detail })
}

/** A complete sentence for a person: what happened to the call to `system`, and what to look at. */
export function describeFailure(failure: HttpFailure, system: string): string {
  const detail = failure.message
  switch (failure.kind) {
    case 'address-refused':
      return `The address of ${system} was refused: ${detail}. Use a public https address, or have the operator list the host among the allowed ones.`
    case 'unreachable':
      return `${system} could not be reached: ${detail}. Check its address and that the system is running.`
    case 'timeout':
      return `${system} did not answer in time: ${detail}.`
    case 'connection-lost':
      return `${system} gave no complete answer: ${detail}.`
    case 'broken-answer':
      return `${system} did not answer with readable data: ${detail}. Check its address and whether a proxy or sign-in page stands before it.`
    case 'server-error':
      return `${system} reported an internal error: ${detail}.`
    case 'throttled':
      return `${system} is refusing requests for the moment: ${detail}.`
  }
}
