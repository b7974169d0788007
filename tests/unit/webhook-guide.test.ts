import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signatureHeader } from '#lib/ops/webhook'

/** The example that the guide gives to receivers, taken out of the guide itself. */
let folder: string
let isFromCrosswalk: (header: string | undefined, body: string, secret: string) => boolean

beforeAll(async () => {
  const guide = await readFile(join(import.meta.dirname, '../../docs/notifications.md'), 'utf8')
  const [, example = ''] = /```js\n([\s\S]*?)```/.exec(guide) ?? []
  folder = await mkdtemp(join(tmpdir(), 'crosswalk-guide-'))
  const file = join(folder, 'receiver.mjs')
  await writeFile(file, example)
  const module: { isFromCrosswalk: typeof isFromCrosswalk } = await import(pathToFileURL(file).href)
  isFromCrosswalk = module.isFromCrosswalk
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const now = () => Math.floor(Date.now() / 1000)

test('the guide’s receiver accepts what we sign', () => {
  expect(isFromCrosswalk(signatureHeader('whsec_1', '{"id":"ä"}', now()), '{"id":"ä"}', 'whsec_1')).toBe(true)
})

test.each([
  ['another body', signatureHeader('whsec_1', '{"id":"2"}', now())],
  ['another secret', signatureHeader('whsec_2', '{"id":"1"}', now())],
  ['an old request', signatureHeader('whsec_1', '{"id":"1"}', now() - 3600)],
  ['no signature', undefined],
  ['a broken one', `t=${now()},v1=abc`],
])('and refuses %s', (_, header) => {
  expect(isFromCrosswalk(header, '{"id":"1"}', 'whsec_1')).toBe(false)
})
