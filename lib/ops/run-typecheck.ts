import { ensureClient, exitWith, runProgram } from './run-program.ts'

/** `npm run typecheck`: the generated client and route types first, then TypeScript over everything. */
await exitWith(async () => {
  await ensureClient()
  const typegen = await runProgram('next/dist/bin/next', ['typegen'], { ...process.env, NEXT_TELEMETRY_DISABLED: '1' })
  return typegen === 0 ? runProgram('typescript/bin/tsc', ['--noEmit', '-p', '.']) : typegen
})
