import { join } from 'node:path'
import { destination } from 'pino'
import { dataPaths } from '#lib/ops/data-dir'
import { describeUrl } from '#lib/ops/database-problem'
import { createLogger } from '#lib/ops/logger'
import { installationRoot } from '#lib/ops/root'
import { isDatabaseOutage } from '#lib/store/database'

/** Errors that no sentence was foreseen for: told in one, with their details in a file and never on the screen. */

const DEFAULT_DATA_DIRECTORY = '.crosswalk'

/**
 * Keeps the details of a defect, without any secret, in `cli.log` of the data directory, and shows them only where
 * `CROSSWALK_DEBUG` is 1. Answers where they are, or `null` where the file cannot be written.
 */
export function logDefect(error: unknown): string | null {
  if (process.env.CROSSWALK_DEBUG === '1')
    createLogger(destination({ fd: 2, sync: true })).error({ err: error }, 'defect')
  const directory = dataPaths(
    process.env.CROSSWALK_DATA_DIR?.trim() || DEFAULT_DATA_DIRECTORY,
    installationRoot,
  ).directory
  const file = join(directory, 'cli.log')
  try {
    createLogger(destination({ dest: file, sync: true, mkdir: true })).error({ err: error }, 'defect')
    return file
  } catch {
    return null
  }
}

/** The sentence for a defect, or for a database that went away in the middle of a command. */
export function defectSentence(error: unknown): string {
  if (isDatabaseOutage(error)) {
    const { server } = describeUrl(process.env.DATABASE_URL ?? '')
    return `The database at ${server} went away. Start the command again when it answers: a run goes on where it stopped.`
  }
  const file = logDefect(error)
  return `An unexpected error ended the command. ${file ? `Its details are in ${file}.` : 'CROSSWALK_DEBUG=1 shows its details.'}`
}
