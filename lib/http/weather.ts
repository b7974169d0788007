import { BrokenCircuitError, type CircuitBreakerPolicy, circuitBreaker, handleWhen, SamplingBreaker } from 'cockatiel'
import { HttpFailure, type HttpFailureKind } from './failure.ts'
import { createPace, type Pace } from './pace.ts'

/**
 * What an API has shown of itself lately (guide/reliability.md, "HTTP"): whether it is to be left alone, how many calls
 * it takes at once, and how many repetitions it can still be asked for. It outlives the sockets, so that a run which is
 * taken up again does not begin by knocking as hard as before.
 */
export interface Weather {
  readonly pace: Pace
  /** Makes a call unless the API is being left alone; then throws {@link HttpFailure} without calling. */
  call<T>(attempt: () => Promise<T>): Promise<T>
  /** Whether a failed call may be repeated: at most one in ten calls is a repetition. Counts the repetition. */
  mayRepeat(): boolean
}

/** Half of at least ten calls within 30 seconds failed: the API is left alone, then tried with one call each 30 seconds. */
const SAMPLE_MILLISECONDS = 30_000
const LEFT_ALONE_MILLISECONDS = 30_000
const FEWEST_CALLS = 10
const FAILED_SHARE = 0.5

const ILLNESSES: ReadonlySet<HttpFailureKind> = new Set(['unreachable', 'timeout', 'connection-lost', 'server-error'])

/** A 429 says that it is well and that we are too fast; a 503 with a time says that it is not well. */
function saysItIsIll(error: unknown): boolean {
  return error instanceof HttpFailure && (ILLNESSES.has(error.kind) || error.status === 503)
}

const REPEATED_SHARE = 0.1
/** Repetitions that a quiet time has saved up, so that the first trouble of a short run is met too. */
const SAVED_REPETITIONS = 10

/** @param leftAloneMilliseconds shorter in tests only. */
export function createWeather({ leftAloneMilliseconds = LEFT_ALONE_MILLISECONDS } = {}): Weather {
  const breaker: CircuitBreakerPolicy = circuitBreaker(handleWhen(saysItIsIll), {
    halfOpenAfter: leftAloneMilliseconds,
    breaker: new SamplingBreaker({
      threshold: FAILED_SHARE,
      duration: SAMPLE_MILLISECONDS,
      minimumRps: FEWEST_CALLS / (SAMPLE_MILLISECONDS / 1000),
    }),
  })
  let openedAt = 0
  breaker.onBreak(() => {
    openedAt = Date.now()
  })
  let repetitions = SAVED_REPETITIONS

  return {
    pace: createPace(),
    async call(attempt) {
      repetitions = Math.min(SAVED_REPETITIONS, repetitions + REPEATED_SHARE)
      try {
        return await breaker.execute(attempt)
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error
        throw leftAlone(Math.max(0, openedAt + leftAloneMilliseconds - Date.now()))
      }
    },
    mayRepeat() {
      if (repetitions < 1) return false
      repetitions -= 1
      return true
    },
  }
}

function leftAlone(milliseconds: number): HttpFailure {
  return new HttpFailure({
    kind: 'unreachable',
    failureClass: 'not-executed',
    retryable: false,
    detail: 'it has not answered properly lately and is left alone for a moment',
    retryAfterSeconds: Math.ceil(milliseconds / 1000),
  })
}
