import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'

const FOLDERS = ['app', 'lib', 'prisma']
const GENERATED = join('prisma', 'generated')
const SOURCE = /\.(ts|tsx|mjs|css)$/

/** The hand-written source files of the product, relative to its folder; tests are not among them. */
export async function sourceFiles(root: string): Promise<string[]> {
  const top = (await readdir(root)).filter((name) => SOURCE.test(name))
  const nested = await Promise.all(
    FOLDERS.map((folder) => readdir(join(root, folder), { recursive: true, withFileTypes: true })),
  )
  const files = nested
    .flat()
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  return [...top, ...files].filter((file) => !file.startsWith(GENERATED) && file !== 'next-env.d.ts').sort()
}
