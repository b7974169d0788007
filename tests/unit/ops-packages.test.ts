import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'

const versions = z.record(z.string(), z.string())
const manifest = z.object({
  dependencies: versions,
  devDependencies: versions,
  allowScripts: z.record(z.string(), z.boolean()),
})
const lockedPackage = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  optional: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  hasInstallScript: z.boolean().optional(),
  optionalDependencies: versions.optional(),
})
const lockfile = z.object({ packages: z.record(z.string(), lockedPackage) })

async function read<T>(name: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await readFile(new URL(`../../${name}`, import.meta.url), 'utf8')))
}

/** The parts of a version that decide: 16.4.6 before 16.10.0. */
function atLeast(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((text) => text.split('.').map(Number))
  const decides = b?.findIndex((part, index) => part !== a?.[index]) ?? -1
  return decides < 0 || (a?.[decides] ?? 0) > (b?.[decides] ?? 0)
}

test('every version is exact', async () => {
  const { dependencies, devDependencies } = await read('package.json', manifest)
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  )
  expect(loose).toEqual([])
})

test('nothing is older than its last security fix', async () => {
  const { dependencies } = await read('package.json', manifest)
  expect(atLeast(dependencies.next ?? '', '16.4.6')).toBe(true)
  expect(atLeast(dependencies.undici ?? '', '8.12.0')).toBe(true)
  // Version 5 never left beta: a higher number is no better one.
  expect(dependencies['next-auth']).toBe('4.24.15')
})

test('the lockfile has the versions of package.json, and names no registry', async () => {
  const { dependencies, devDependencies } = await read('package.json', manifest)
  const { packages } = await read('package-lock.json', lockfile)
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect([name, packages[`node_modules/${name}`]?.version]).toEqual([name, version])
  }
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
})

test('the lockfile knows the packages of every platform, or npm ci refuses it', async () => {
  const { packages } = await read('package-lock.json', lockfile)
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).map((name) => ({ path, name })),
  )
  const absent = wanted.filter(
    ({ path, name }) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
  )
  expect(wanted.length).toBeGreaterThan(20)
  expect(absent).toEqual([])
})

test('only packages of other platforms lack a checksum', async () => {
  const { packages } = await read('package-lock.json', lockfile)
  const unchecked = Object.entries(packages).filter(([path, entry]) => {
    const elsewhere = entry.optional && (entry.os ?? entry.cpu) !== undefined
    return path !== '' && entry.integrity === undefined && !elsewhere
  })
  expect(unchecked).toEqual([])
})

test('every install script is allowed or denied by name', async () => {
  const { allowScripts } = await read('package.json', manifest)
  const { packages } = await read('package-lock.json', lockfile)
  const named = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const scripted = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [named(path)] : [],
  )
  expect([...new Set(scripted)].filter((name) => !(name in allowScripts))).toEqual([])
  expect(Object.keys(allowScripts).filter((name) => !scripted.includes(name))).toEqual([])
})
