import type { AddressRules } from '#lib/http/address-check'
import { insertTestMessage, markNotSent, markSent, type TakenMessage, takeDueMessages } from '#lib/store/notifications'
import { readEnvironment } from './env.ts'
import { sendMail } from './mail.ts'
import { openMailAccess, openSecret } from './message-access.ts'
import { OperatorProblem } from './operator-problem.ts'
import { addressProblem, type Delivery, postWebhook } from './webhook.ts'

/** Takes messages out of the queue and brings them to people. Any number of processes may do so at once. */

const AT_ONCE = 10

/** Sends what is due now. Answers how many messages were tried. @param log receives defects, with their stack. */
export async function sendDueMessages(log: (error: unknown) => void): Promise<number> {
  const messages = await takeDueMessages(AT_ONCE)
  await Promise.all(messages.map((message) => sendOne(message, log, { mayRetry: true })))
  return messages.length
}

/** Sends a test at once and answers what became of it; it is tried once. `null`: the channel is gone. */
export async function sendTest(
  channelId: string,
  text: { readonly subject: string; readonly body: string },
  log: (error: unknown) => void,
): Promise<Delivery | null> {
  const message = await insertTestMessage(channelId, text)
  return message && sendOne(message, log, { mayRetry: false })
}

async function sendOne(
  message: TakenMessage,
  log: (error: unknown) => void,
  how: { readonly mayRetry: boolean },
): Promise<Delivery> {
  const delivery = await deliver(message).catch((error: unknown): Delivery => {
    if (error instanceof OperatorProblem) return { ok: false, problem: error.message }
    log(error)
    return { ok: false, problem: 'The message could not be sent because of an unexpected error.' }
  })
  if (delivery.ok) await markSent(message)
  else await markNotSent(message, delivery.problem, how)
  return delivery
}

async function deliver(message: TakenMessage): Promise<Delivery> {
  const { rules, baseUrl } = surroundings()
  const { channel, subject, body } = message
  const link = baseUrl === null ? null : linkOf(message, baseUrl)
  if (channel.kind === 'webhook') {
    const text = JSON.stringify(payloadOf(message, link?.href ?? null))
    return postWebhook({ url: channel.target, secret: openSecret(channel), body: text }, rules)
  }
  const access = await openMailAccess()
  if (!access) return { ok: false, problem: 'No mail server is entered under Settings, Notifications.' }
  return sendMail(access, { id: message.id, to: channel.target, subject, body, link }, rules)
}

/** Channels are entered on a screen, so their addresses are never as good as the operator's own word. */
function surroundings(): { rules: AddressRules; baseUrl: string | null } {
  const read = readEnvironment(process.env)
  if (!read.ok) throw new OperatorProblem(read.problem)
  const { allowedHosts, nextauthUrl } = read.environment
  return { rules: { trusted: false, allowedHosts }, baseUrl: nextauthUrl?.replace(/\/+$/, '') ?? null }
}

function linkOf({ kind, alert }: TakenMessage, baseUrl: string): { label: string; href: string } {
  if (alert?.runId) return { label: 'Open the run', href: `${baseUrl}/sync/${alert.runId}` }
  if (kind === 'test') return { label: 'Open the settings', href: `${baseUrl}/settings/notifications` }
  return { label: 'Open Crosswalk', href: `${baseUrl}/` }
}

/** What a webhook receives; docs/notifications.md describes each member. */
function payloadOf({ id, kind, alert, subject, body, createdAt }: TakenMessage, url: string | null) {
  return {
    id,
    kind,
    alert: alert?.kind ?? null,
    connection: alert?.connection ?? null,
    run: alert?.runId ? { id: alert.runId, url } : null,
    subject,
    message: body,
    at: createdAt.toISOString(),
  }
}

/** Why nothing could be sent to a webhook at this address, as a sentence, as far as it shows without asking DNS. */
export function webhookProblem(address: string): string | null {
  return addressProblem(new URL(address), surroundings().rules)?.problem ?? null
}
