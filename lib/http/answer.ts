import { HttpFailure } from './failure.ts'

/** What came back, read whole and decoded, whatever its status; `json` is `undefined` for an empty body. */
export interface HttpAnswer {
  readonly status: number
  /** One header by lower-case name; several of one name are joined by commas. */
  header(name: string): string | null
  readonly cookies: readonly string[]
  readonly json: unknown
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

function headerOf(headers: RawAnswer['headers'], name: string): string | null {
  const value = headers[name]
  if (value === undefined) return null
  return typeof value === 'string' ? value : value.join(', ')
}

/** Seconds to wait from `Retry-After`, given as seconds or as a date (against the answer's own `Date`). */
export function retryAfterSeconds(headers: RawAnswer['headers'], now: number): number | null {
  const text = headerOf(headers, 'retry-after')?.trim()
  if (!text) return null
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  const until = Date.parse(text)
  if (Number.isNaN(until)) return null
  const sentAt = Date.parse(headerOf(headers, 'date') ?? '')
  return Math.max(0, (until - (Number.isNaN(sentAt) ? now : sentAt)) / 1000)
}

type Decoded = { readonly ok: true; readonly json: unknown } | { readonly ok: false; readonly detail: string }

function decode(text: string): Decoded {
  const body = text.replace(/^\uFEFF/, '').trim()
  if (body === '') return { ok: true, json: undefined }
  if (body.startsWith('<')) return { ok: false, detail: 'it sent a web page instead of data' }
  try {
    return { ok: true, json: JSON.parse(body) }
  } catch {
    return { ok: false, detail: 'the data was cut off or is not JSON' }
  }
}

function secondsWords(seconds: number): string {
  return seconds === 1 ? '1 second' : `${seconds} seconds`
}

function failureByStatus(raw: RawAnswer, retryAfter: number | null): HttpFailure | null {
  const { status } = raw
  if (status === 429 || (status === 503 && retryAfter !== null)) {
    const wait = retryAfter === null ? '' : `, asking to wait ${secondsWords(Math.ceil(retryAfter))}`
    return new HttpFailure({
      kind: 'throttled',
      // A rate limit turns a request away before it is carried out; a 503 may come from behind it.
      failureClass: status === 429 ? 'not-executed' : 'unknown',
      retryable: true,
      detail: `it answered with status ${status}${wait}`,
      status,
      retryAfterSeconds: retryAfter,
    })
  }
  if (status >= 300 && status < 400) {
    const detail = `it redirected to another address (status ${status}), and redirects are not followed`
    return new HttpFailure({ kind: 'broken-answer', failureClass: 'unknown', retryable: false, detail, status })
  }
  if (status >= 500 || status === 408) {
    const detail = `it answered with status ${status}`
    return new HttpFailure({ kind: 'server-error', failureClass: 'unknown', retryable: true, detail, status })
  }
  return null
}

/**
 * Turns what came over the wire into an answer, or throws an {@link HttpFailure}. `recognise` says whether a body is
 * the API's own refusal: such an answer is definite even with status 5xx and is handed back for the adapter to read.
 */
export function readAnswer(raw: RawAnswer, recognise: (answer: HttpAnswer) => boolean, now: number): HttpAnswer {
  const decoded = decode(raw.text)
  const cookies = raw.headers['set-cookie'] ?? []
  const answer: HttpAnswer | null = decoded.ok
    ? {
        status: raw.status,
        header: (name) => headerOf(raw.headers, name),
        cookies: typeof cookies === 'string' ? [cookies] : cookies,
        json: decoded.json,
      }
    : null
  const failure = failureByStatus(raw, retryAfterSeconds(raw.headers, now))
  if (failure) {
    if (failure.kind === 'server-error' && answer && recognise(answer)) return answer
    throw failure
  }
  if (answer) return answer
  const inError = raw.status >= 400
  throw new HttpFailure({
    kind: 'broken-answer',
    failureClass: 'unknown',
    retryable: !inError,
    detail: `${decoded.ok ? '' : decoded.detail} (status ${raw.status})`,
    status: raw.status,
  })
}
