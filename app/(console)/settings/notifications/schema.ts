import { z } from 'zod'
import { ALERT_KINDS, type AlertKind } from '#lib/sync/alerts'
import { unknownFields } from '../../../_ui/form-values.ts'

const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i
const PASSWORD_AGAIN =
  'The server or the user name is another one now, so enter the password again: it is not sent to a new place unasked.'

/** What is saved of the mail server, as far as the form depends on it. */
export interface SavedAccess {
  readonly host: string
  readonly username: string | null
  readonly hasPassword: boolean
}

export function mailServerForm(saved: SavedAccess | null) {
  return z
    .strictObject(
      {
        host: z.string().trim().max(253).regex(HOST, 'Enter the name of the server, such as smtp.firm.com.'),
        port: z
          .string()
          .trim()
          .regex(/^\d{1,5}$/, 'Enter a port, such as 587 or 465.')
          .transform(Number)
          .refine((port) => port >= 1 && port <= 65_535, 'Enter a port, such as 587 or 465.'),
        encryption: z.enum(['starttls', 'tls'], 'Choose one.'),
        username: z
          .string()
          .trim()
          .max(200, 'Use at most 200 characters.')
          .transform((text) => (text === '' ? null : text)),
        /** Spaces may be part of it. */
        password: z.string().max(500, 'Use at most 500 characters.'),
        sender: z.email('Enter an e-mail address, such as crosswalk@firm.com.').max(254),
      },
      { error: unknownFields },
    )
    .superRefine(({ host, username, password }, context) => {
      const problem = passwordProblem({ host, username, password }, saved)
      if (problem) context.addIssue({ code: 'custom', ...problem })
    })
}

function passwordProblem(
  { host, username, password }: { host: string; username: string | null; password: string },
  saved: SavedAccess | null,
): { path: string[]; message: string } | null {
  if (username === null) {
    return password === '' ? null : { path: ['username'], message: 'Enter the user name that the password belongs to.' }
  }
  if (password !== '') return null
  if (!saved?.hasPassword) return { path: ['password'], message: 'Enter the password of this user.' }
  const isSame = saved.host.toLowerCase() === host.toLowerCase() && saved.username === username
  return isSame ? null : { path: ['password'], message: PASSWORD_AGAIN }
}

/** Name of the box that stands for a kind of alert. */
export function boxOf(kind: AlertKind): `alert_${AlertKind}` {
  return `alert_${kind}`
}

const box = z.literal('on').optional()
const WANTED = {
  mode: z.enum(['each', 'digest'], 'Choose one.'),
  alert_run_failed: box,
  alert_finished_with_errors: box,
  alert_backlog_waiting: box,
  alert_nothing_ran: box,
  alert_brake_pulled: box,
  alert_credentials_refused: box,
  alert_drift: box,
  alert_waiting_for_system: box,
} satisfies Record<'mode' | ReturnType<typeof boxOf>, z.ZodType>

function wantedKinds(values: Partial<Record<ReturnType<typeof boxOf>, 'on'>>): AlertKind[] {
  return ALERT_KINDS.filter((kind) => values[boxOf(kind)] === 'on')
}

const NO_KIND = { path: ['alertKinds'], message: 'Choose at least one, or switch the channel off.' }

export const newChannelForm = z
  .strictObject(
    {
      kind: z.enum(['email', 'webhook'], 'Choose one.'),
      target: z.string().trim().min(1, 'Enter the address.').max(500, 'Use at most 500 characters.'),
      ...WANTED,
    },
    { error: unknownFields },
  )
  .superRefine(({ kind, target }, context) => {
    const isRight = kind === 'email' ? z.email().safeParse(target).success : URL.canParse(target)
    const message =
      kind === 'email'
        ? 'Enter an e-mail address, such as ops@firm.com.'
        : 'Enter an address that begins with https://.'
    if (target !== '' && !isRight) context.addIssue({ code: 'custom', path: ['target'], message })
  })
  .transform((values) => ({
    kind: values.kind,
    target: values.target,
    mode: values.mode,
    alertKinds: wantedKinds(values),
  }))
  .refine(({ alertKinds }) => alertKinds.length > 0, NO_KIND)

const channelId = z.uuid('This channel no longer exists: load the page again.')

export const channelForm = z.discriminatedUnion('intent', [
  z
    .strictObject({ intent: z.literal('save'), channelId, ...WANTED }, { error: unknownFields })
    .transform((values) => ({
      intent: values.intent,
      channelId: values.channelId,
      mode: values.mode,
      alertKinds: wantedKinds(values),
    }))
    .refine(({ alertKinds }) => alertKinds.length > 0, NO_KIND),
  z.strictObject({ intent: z.enum(['enable', 'disable', 'remove', 'renew']), channelId }, { error: unknownFields }),
])

export const testForm = z.strictObject({ channelId }, { error: unknownFields })
