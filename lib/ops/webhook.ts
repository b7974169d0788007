import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'
import { type AddressRules, checkAddress, isExempt, publicLookup } from '#lib/http/address-check'
import { failureFromTransport } from '#lib/http/failure'

/** `problem`: why a message did not arrive, as a sentence that holds no secret and no address. */
export type Delivery = { readonly ok: true } | { readonly ok: false; readonly problem: string }

const WITHIN_MILLISECONDS = 10_000
const MOST_ANSWER_BYTES = 64 * 1024

/**
 * What the header `Crosswalk-Signature` says: when it was signed, and the HMAC-SHA256 of `<t>.<body>` under the
 * channel's secret. The time is part of what is signed, so that an old request cannot be sent again as a new one.
 */
export function signatureHeader(secret: string, body: string, unixSeconds: number): string {
  const mac = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex')
  return `t=${unixSeconds},v1=${mac}`
}

/** Posts a message once: to https and public addresses, unless the operator has listed the host. No redirects. */
export async function postWebhook(
  hook: { readonly url: string; readonly secret: string; readonly body: string },
  rules: AddressRules,
): Promise<Delivery> {
  const url = new URL(hook.url)
  const refusedAddress = addressProblem(url, rules)
  if (refusedAddress) return refusedAddress
  const lookup = isExempt(url, rules) ? {} : { lookup: publicLookup }
  const agent = new Agent({
    connect: { timeout: WITHIN_MILLISECONDS, ...lookup },
    allowH2: false,
    maxResponseSize: MOST_ANSWER_BYTES,
  })
  const late = AbortSignal.timeout(WITHIN_MILLISECONDS)
  try {
    const { statusCode, body } = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Crosswalk',
        'crosswalk-signature': signatureHeader(hook.secret, hook.body, Math.floor(Date.now() / 1000)),
      },
      body: hook.body,
      signal: late,
    })
    // What it says does not matter; how it is read must not turn a message that has arrived into one that has not.
    await body.dump().catch(() => undefined)
    return judge(statusCode)
  } catch (error) {
    if (late.aborted) return { ok: false, problem: 'The receiver did not answer within 10 seconds.' }
    const failure = failureFromTransport(error)
    if (failure.kind === 'address-refused') return refused(failure.message)
    return { ok: false, problem: `The receiver could not be reached: ${failure.message}.` }
  } finally {
    await agent.destroy()
  }
}

/** Why nothing is sent to this address, as far as it shows without asking DNS. */
export function addressProblem(url: URL, rules: AddressRules): Extract<Delivery, { ok: false }> | null {
  const verdict = checkAddress(url, rules)
  return verdict.ok ? null : refused(verdict.detail)
}

function judge(status: number): Delivery {
  if (status >= 200 && status < 300) return { ok: true }
  if (status >= 300 && status < 400) {
    const problem = `The receiver answered with a redirect (${status}), which is not followed: enter the final address.`
    return { ok: false, problem }
  }
  return { ok: false, problem: `The receiver did not accept the message: it answered with status ${status}.` }
}

function refused(detail: string): Extract<Delivery, { ok: false }> {
  return {
    ok: false,
    problem: `The address was refused: ${detail}. Use a public https address, or have the operator add the host to CROSSWALK_ALLOWED_HOSTS.`,
  }
}
