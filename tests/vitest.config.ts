import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Nothing may depend on the machine's own time zone; this one is off by a quarter of an hour.
process.env.TZ = 'Asia/Kathmandu'

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['tests/{unit,property,integration,contract,chaos}/**/*.test.{ts,tsx}'],
    globalSetup: ['tests/support/database-server.ts'],
    setupFiles: ['tests/support/no-console-error.ts'],
    // Much of the time is spent waiting for programs and for time to pass.
    maxWorkers: availableParallelism() + 1,
    // Whole firms are synced over real HTTP; a busy machine takes several times as long as an idle one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
