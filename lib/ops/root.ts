import { fileURLToPath } from 'node:url'

/** The folder of this installation. For programs that run from their sources; the web app is bundled and is told. */
export const installationRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')
