import { defineConfig } from 'prisma/config'

// Without it, even `generate` tries to download an engine; no command used here ever runs this binary.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default defineConfig({ schema: 'schema.prisma' })
