import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { installationRoot as root } from './root.ts'
import { exitWith, runProgram } from './run-program.ts'
import { sourceFiles } from './source-files.ts'

const LONGEST_FILE = 300

/** `npm run lint`: style, correctness and import direction by Biome, and no source file too long to read at once. */
await exitWith(async () => {
  const biome = await runProgram('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'])
  const tooLong = await filesOver(LONGEST_FILE)
  for (const { file, lines } of tooLong) {
    console.error(`${file} has ${lines} lines: split it by decision, ${LONGEST_FILE} are the most.`)
  }
  return biome === 0 && tooLong.length === 0 ? 0 : 1
})

async function filesOver(limit: number): Promise<{ file: string; lines: number }[]> {
  const measured = await Promise.all(
    (await sourceFiles(root)).map(async (file) => {
      const text = await readFile(join(root, file), 'utf8')
      return { file, lines: text.split('\n').length - 1 }
    }),
  )
  return measured.filter(({ lines }) => lines > limit)
}
