import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Doors that need nobody to be signed in; each checks for itself what it must. */
const PUBLIC_ACTIONS = ['signInAction', 'createAdministratorAction', 'chooseThemeAction', 'signOutAction']
const PUBLIC_ROUTES = ['api/auth/[...nextauth]/route.ts', 'api/livez/route.ts', 'api/readyz/route.ts']
/** Pages one may see without being signed in. */
const PUBLIC_PAGES = ['sign-in/page.tsx', 'setup/page.tsx']

const app = join(import.meta.dirname, '../../app')

test('every server action asks who is there, itself or through a function of its file', async () => {
  const open: string[] = []
  let seen = 0
  for (const { path, text } of await sources(/\.tsx?$/)) {
    if (!/^'use server'/.test(text)) continue
    const functions = functionsOf(text)
    const guards = functions.filter(({ body }) => body.includes('actionUser(')).map(({ name }) => name)
    for (const { name, body, isExported } of functions) {
      if (!isExported || PUBLIC_ACTIONS.includes(name)) continue
      seen += 1
      if (!guards.includes(name) && !guards.some((guard) => body.includes(`${guard}(`))) open.push(`${path} ${name}`)
    }
  }
  expect(open).toEqual([])
  expect(seen).toBeGreaterThan(5)
})

test('no server action hides in a component, where this would not find it', async () => {
  const hidden = (await sources(/\.tsx?$/)).filter(({ text }) => /^\s+'use server'/m.test(text))
  expect(hidden.map(({ path }) => path)).toEqual([])
})

test('every route asks who is there', async () => {
  const routes = await sources(/route\.ts$/)
  const open = routes.filter(({ path, text }) => !PUBLIC_ROUTES.includes(path) && !text.includes('routeUser('))
  expect(open.map(({ path }) => path)).toEqual([])
})

test('every page asks who is there', async () => {
  const pages = await sources(/page\.tsx$/)
  const open = pages.filter(
    ({ path, text }) =>
      !PUBLIC_PAGES.includes(path) && !text.includes('requireUser(') && path !== '(console)/settings/page.tsx',
  )
  expect(open.map(({ path }) => path)).toEqual([])
})

async function sources(name: RegExp): Promise<{ path: string; text: string }[]> {
  const paths = (await readdir(app, { recursive: true })).filter((path) => name.test(path))
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(app, path), 'utf8') })))
}

/** Top-level functions with their text up to the next one. */
function functionsOf(text: string): { name: string; body: string; isExported: boolean }[] {
  const starts = [...text.matchAll(/^(export )?(?:async )?function (\w+)/gm)]
  return starts.map((start, index) => ({
    name: start[2] ?? '',
    isExported: start[1] !== undefined,
    body: text.slice(start.index, starts[index + 1]?.index ?? text.length),
  }))
}
