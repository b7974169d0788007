import type { Answer } from '../gate.ts'
import type { Json } from '../json.ts'
import type { CrmContext } from './store.ts'

/** Answers in Vantagepoint's shapes (vantagepoint-api §3 and §8). */

export function okAnswer(body: Json, wrote = false): Answer {
  return { status: 200, body: JSON.stringify(body), wrote }
}

/** Several problems travel in one text, joined by `<BR/>`. */
export function refusal(context: CrmContext, status: number, messages: readonly string[]): Answer {
  const text = messages.join('<BR/>')
  const body =
    context.faults().errorShape === 'errors' ? { errors: messages.map((Message) => ({ Message })) } : { Message: text }
  return { status, body: JSON.stringify(body), wrote: false }
}

/** Refused content; the status is a switch, because it is not known. */
export function invalid(context: CrmContext, messages: readonly string[]): Answer {
  return refusal(context, context.faults().validationStatus, messages)
}

export function notFound(context: CrmContext, what: string): Answer {
  return refusal(context, 404, [`${what} does not exist`])
}
