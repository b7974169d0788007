'use server'

import { redirect } from 'next/navigation'
import type { z } from 'zod'
import { actionUser } from '#lib/access/session'
import { openPorts } from '#lib/console'
import { restoreMapping } from '#lib/engine/restore'
import { currentConnection } from '#lib/store/connections'
import { allowMatch, linkPair, neverMatch, unlinkPair } from '#lib/store/pairing'
import type { PairingResult } from '#lib/store/pairing-sides'
import { relinkPair } from '#lib/store/relink'
import { allowCreateAgain } from '#lib/store/restoring'
import { afterwards, type Notice } from './notice.ts'
import {
  createAgainSchema,
  type PairingState,
  pairSchema,
  relinkSchema,
  restoreSchema,
  unpairSchema,
} from './schema.ts'

type Asked = { readonly connectionId: string; readonly by: string }

export async function pairAction(_before: PairingState, form: FormData): Promise<PairingState> {
  return decide(form, pairSchema, 'paired', (input, asked) => linkPair({ ...input, ...asked }))
}

export async function neverAction(_before: PairingState, form: FormData): Promise<PairingState> {
  return decide(form, pairSchema, 'never', (input, asked) => neverMatch({ ...input, ...asked }))
}

export async function unpairAction(_before: PairingState, form: FormData): Promise<PairingState> {
  return decide(form, unpairSchema, 'unpaired', (input, asked) =>
    unlinkPair({ ...input, ...asked, never: input.never === 'on' }),
  )
}

export async function restoreAction(_before: PairingState, form: FormData): Promise<PairingState> {
  return decide(form, restoreSchema, 'restored', ({ type, mapping }, asked) =>
    restoreMapping({ type, mappingId: mapping, ...asked }, openPorts),
  )
}

export async function createAgainAction(_before: PairingState, form: FormData): Promise<PairingState> {
  return decide(form, createAgainSchema, 'create-again', (input, asked) => allowCreateAgain({ ...input, ...asked }))
}

export async function allowAction(_before: PairingState, form: FormData): Promise<PairingState> {
  return decide(form, pairSchema, 'allowed', (input, asked) => allowMatch({ ...input, ...asked }))
}

/** Ends the present pair and makes the other, both or nothing. */
export async function relinkAction(_before: PairingState, form: FormData): Promise<PairingState> {
  return decide(form, relinkSchema, 'paired', (input, asked) =>
    relinkPair({ ...input, ...asked, never: input.never === 'on' }),
  )
}

async function decide<Input extends { type: string; erpKey: string; returnTo: string }>(
  form: FormData,
  schema: z.ZodType<Input>,
  done: Notice['done'],
  act: (input: Input, asked: Asked) => Promise<PairingResult>,
): Promise<PairingState> {
  const access = await actionUser('pair')
  if (!access.ok) return { error: access.error }
  const input = schema.safeParse(ownFields(form))
  if (!input.success)
    return { error: 'This form is not complete or holds a field it should not. Reload the page and try again.' }
  const connection = await currentConnection()
  if (connection === null) return { error: 'No connection is set up, so there is nothing to pair.' }
  const result = await act(input.data, { connectionId: connection.id, by: access.user.email })
  if (!result.ok) return { error: result.message }
  redirect(afterwards(input.data.returnTo, done, input.data))
}

/** Without the fields that React adds for a form that works without JavaScript. */
function ownFields(form: FormData): Record<string, FormDataEntryValue> {
  return Object.fromEntries([...form].filter(([name]) => !name.startsWith('$ACTION')))
}
