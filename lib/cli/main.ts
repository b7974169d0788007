import { CommanderError } from 'commander'
import { OperatorProblem } from '#lib/ops/operator-problem'
import { defectSentence } from './defect.ts'
import { note, OutputClosed, tolerateClosedOutput } from './output.ts'
import { createProgram } from './program.ts'

const USAGE = 2

/** Runs the command of these words; answers the exit status (product.md §3). Never throws. */
async function run(argv: readonly string[]): Promise<number> {
  let status = 0
  try {
    await createProgram((ended) => {
      status = ended
    }).parseAsync([...argv])
    return status
  } catch (error) {
    return failureStatus(error)
  }
}

function failureStatus(error: unknown): number {
  // Commander has told it already; help that was asked for is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE
  if (error instanceof OutputClosed) return 0
  if (error instanceof OperatorProblem) {
    note(error.message)
    return error.exitStatus
  }
  note(defectSentence(error))
  return 1
}

tolerateClosedOutput()
process.exitCode = await run(process.argv)
