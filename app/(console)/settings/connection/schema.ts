import { z } from 'zod'
import type { CredentialField } from '#lib/store/connections'
import { unknownFields } from '../../../_ui/form-values.ts'

/** Fields whose value is never sent back to a page. */
export const SECRET_FIELDS = ['erpPassword', 'crmClientSecret', 'crmPassword'] as const satisfies CredentialField[]

const ANOTHER_ADDRESS =
  'The address is entered anew, so enter this again as well: it is not sent to a new place unasked.'
const EMPTY = 'Enter this.'

const value = z.string().trim().max(500, 'Use at most 500 characters.')
/** Spaces may be part of a secret. */
const secret = z.string().max(500, 'Use at most 500 characters.')

export interface AccessContext {
  /** A connection entered here exists: what is left empty keeps its saved value. */
  readonly hasSaved: boolean
  /** Hosts the operator has listed: they may be plain http. */
  readonly allowedHosts: readonly string[]
}

/** Both systems' access as the form sends it. */
export function accessForm({ hasSaved, allowedHosts }: AccessContext) {
  const needed = <Text extends z.ZodString>(text: Text) => (hasSaved ? text : text.min(1, EMPTY))
  const address = needed(value).superRefine((text, context) => {
    const problem = text === '' ? null : addressProblem(text, allowedHosts)
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })
  return z
    .strictObject(
      {
        erpUrl: address,
        erpUsername: needed(value),
        erpPassword: needed(secret),
        crmUrl: address
          .transform((text) => text.replace(/\/+$/, ''))
          .refine((text) => text === '' || text.endsWith('/api'), 'This address ends in /api.'),
        crmDatabase: needed(value),
        crmClientId: needed(value),
        crmClientSecret: needed(secret),
        crmUsername: needed(value),
        crmPassword: needed(secret),
      },
      { error: unknownFields },
    )
    .superRefine((access, context) => {
      const again = (field: (typeof SECRET_FIELDS)[number]) => {
        if (access[field] === '') context.addIssue({ code: 'custom', path: [field], message: ANOTHER_ADDRESS })
      }
      if (hasSaved && access.erpUrl !== '') again('erpPassword')
      if (hasSaved && access.crmUrl !== '') {
        again('crmClientSecret')
        again('crmPassword')
      }
    })
}

function addressProblem(text: string, allowedHosts: readonly string[]): string | null {
  if (!URL.canParse(text)) return 'This is not an address. It begins with https://.'
  const url = new URL(text)
  if (url.username || url.password) return 'Leave user name and password out of the address.'
  if (url.protocol === 'https:') return null
  const isListed = allowedHosts.includes(url.host) || allowedHosts.includes(url.hostname)
  if (url.protocol === 'http:' && isListed) return null
  return 'Use an address that begins with https://. The operator can allow a host by CROSSWALK_ALLOWED_HOSTS.'
}

function whole(least: number, most: number) {
  const message = `Enter a whole number from ${least} to ${most.toLocaleString('en-US')}.`
  return z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((number) => number >= least && number <= most, message)
}

/** Empty: unlimited. */
const rate = z
  .string()
  .trim()
  .regex(/^(\d{1,5}(\.\d{1,2})?)?$/, 'Enter a number such as 9 or 2.5, or leave it empty for no limit.')
  .transform((text) => (text === '' ? null : Number(text)))
  .refine((number) => number === null || number > 0, 'Enter more than 0, or leave it empty for no limit.')

/** Empty: not limited. */
const daily = z
  .string()
  .trim()
  .regex(/^([1-9]\d{0,8})?$/, 'Enter a whole number such as 10000, or leave it empty for no limit.')
  .transform((text) => (text === '' ? null : Number(text)))

export const settingsForm = z.strictObject(
  {
    batchSize: whole(1, 10_000),
    noMatchPolicy: z.enum(['leave', 'create'], 'Choose one.'),
    conflictPolicy: z.enum(['erp_wins', 'crm_wins', 'newest_wins', 'ask'], 'Choose one.'),
    secondApprover: z.enum(['true', 'false'], 'Choose one.').transform((text) => text === 'true'),
    projectTotals: z.enum(['each_run', 'nightly', 'never'], 'Choose one.'),
    erpRate: rate,
    crmRate: rate,
    erpDailyCalls: daily,
    crmDailyCalls: daily,
    erpConcurrency: whole(1, 16),
    crmConcurrency: whole(1, 16),
    graceSeconds: whole(0, 3600),
    fullReadEvery: whole(1, 1000),
    externalKeyField: z
      .string()
      .trim()
      .regex(/^[A-Za-z][A-Za-z0-9_]{0,49}$/, "Enter a custom field's name, such as CustAjeraKey."),
    defaultTemplate: z
      .string()
      .trim()
      .max(100, 'Use at most 100 characters.')
      .transform((text) => (text === '' ? null : text)),
    autoNumbering: z.enum(['detect', 'on', 'off'], 'Choose one.'),
  },
  { error: unknownFields },
)
