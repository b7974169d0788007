import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  entryAction,
  moveEntryAction,
  removeEntryAction,
  resetMapAction,
} from '#app/(console)/settings/field-map/actions.ts'
import { UNTOUCHED } from '#app/(console)/settings/field-map/state.ts'
import { addUser } from '#lib/access/accounts'
import { type Role, refusal } from '#lib/access/roles'
import { encodeSessionToken } from '#lib/access/session-token'
import { readConnectionMap } from '#lib/connection-field-map'
import { defaultFieldMap } from '#lib/default-field-map'
import { selectConnection } from '#lib/store/connections'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { mapVersion, saveFieldMap } from '#lib/store/field-map'
import { endSession, insertSession } from '#lib/store/sessions'
import { insertConnection } from '../support/console-rows.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

/** The request that an action finds itself in: only the framework's part of it is made up here. */
const request = vi.hoisted(() => ({ token: '', site: 'same-origin' }))
vi.mock('next/headers', () => ({
  cookies: async () => ({ get: () => (request.token === '' ? undefined : { value: request.token }) }),
  headers: async () => new Headers({ 'sec-fetch-site': request.site }),
}))
vi.mock('next/cache', () => ({ revalidatePath: () => undefined }))
vi.mock('next/navigation', () => ({
  redirect: (to: string) => {
    throw new Error(`redirected to ${to}`)
  },
}))

let testDatabase: TestDatabase
let connectionId: string
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = 'secret of this test, 32 characters or more'
  testDatabase = await createTestDatabase()
  process.env.DATABASE_URL = testDatabase.url
  await connectDatabase(testDatabase.url)
  connectionId = await insertConnection()
  await selectConnection(connectionId)
  const entries = defaultFieldMap.client.toReversed()
  const expected = mapVersion(defaultFieldMap.client)
  await saveFieldMap({ connectionId, type: 'client', by: 'test', defaults: defaultFieldMap, expected, entries })
})
afterAll(async () => {
  await closeDatabase()
  await testDatabase.drop()
})

async function signedIn(role: Role): Promise<string> {
  const added = await addUser({ email: `${role}-${crypto.randomUUID()}@firm.example`, role })
  if (!added.ok) throw new Error(added.error)
  const sessionId = await insertSession(database(), added.userId)
  request.token = await encodeSessionToken(sessionId)
  return sessionId
}

function form(fields: Readonly<Record<string, string>>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.append(name, value)
  return data
}

const map = () => ({ type: 'client', version: mapVersion(defaultFieldMap.client.toReversed()) })
const entry = { crm: 'CustRegion', source: 'constant', constant: 'North', owner: 'erp' }

/** Every action of the field map, with a form that would do something. */
const ACTIONS = {
  save: () => entryAction(UNTOUCHED, form({ ...map(), ...entry, field: '', intent: 'save' })),
  try: () => entryAction(UNTOUCHED, form({ ...map(), ...entry, field: '', intent: 'try' })),
  move: () => moveEntryAction({ error: null }, form({ ...map(), move: 'up Name' })),
  remove: () => removeEntryAction({ error: null }, form({ ...map(), field: 'Memo' })),
  reset: () => resetMapAction({ error: null }, form(map())),
} as const
const NAMES = Object.keys(ACTIONS).filter((name): name is keyof typeof ACTIONS => name in ACTIONS)

async function stored() {
  return JSON.stringify(await readConnectionMap(connectionId))
}

test.each(NAMES)('nobody, a viewer, an operator, an ended session and a foreign page may not: %s', async (name) => {
  const before = await stored()
  const events = await database().auditEvent.count({ where: { action: { startsWith: 'field-map' } } })
  request.token = ''
  expect((await ACTIONS[name]()).error).toMatch(/signed out/)
  for (const role of ['viewer', 'operator'] as const) {
    await signedIn(role)
    expect((await ACTIONS[name]()).error).toBe(refusal('settings'))
  }
  await endSession(database(), await signedIn('admin'))
  expect((await ACTIONS[name]()).error).toMatch(/signed out/)
  await signedIn('admin')
  request.site = 'cross-site'
  expect((await ACTIONS[name]()).error).toMatch(/did not come from a page of Crosswalk/)
  request.site = 'same-origin'
  expect(await stored()).toBe(before)
  expect(await database().auditEvent.count({ where: { action: { startsWith: 'field-map' } } })).toBe(events)
})

test('an administrator gets past the door of each: the rest is said by the map and the systems', async () => {
  await signedIn('admin')
  for (const name of ['save', 'try'] as const) expect((await ACTIONS[name]()).error).toMatch(/^(Nothing|There is no)/)
  expect(await ACTIONS.move()).toEqual({ error: null })
  // The map is another one now than the form was made for.
  expect((await ACTIONS.remove()).error).toMatch(/in the meantime/)
  const { fieldMap } = await readConnectionMap(connectionId)
  const now = form({ type: 'client', version: mapVersion(fieldMap.client) })
  await expect(resetMapAction({ error: null }, now)).rejects.toThrow(/redirected to \/settings\/field-map\?done=reset/)
  expect((await readConnectionMap(connectionId)).own).toEqual([])
})

test('a form with fields that its page does not have, or with parts missing, changes nothing', async () => {
  await signedIn('admin')
  const broken = [
    () => entryAction(UNTOUCHED, form({ ...map(), ...entry, field: '', intent: 'save', role: 'admin' })),
    () => entryAction(UNTOUCHED, form({ ...entry, field: '', intent: 'save' })),
    () => entryAction(UNTOUCHED, form({ ...map(), ...entry, field: '', intent: 'publish' })),
    () => moveEntryAction({ error: null }, form({ ...map(), move: 'sideways Name' })),
    () => removeEntryAction({ error: null }, form({ ...map(), field: 'Memo', also: 'Name' })),
    () => resetMapAction({ error: null }, form({ type: 'spaceship', version: map().version })),
  ]
  for (const act of broken) expect((await act()).error).not.toBeNull()
  expect((await readConnectionMap(connectionId)).own).toEqual([])
})
