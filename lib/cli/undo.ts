import { runDocument } from '#lib/engine/run-document'
import { startUndo } from '#lib/engine/start-undo'
import { findUndosOf } from '#lib/store/undo-facts'
import { note, print, printJson } from './output.ts'
import { runExitStatus, runSummary } from './run-text.ts'
import { existingRun } from './runs.ts'
import { type Session, withConnection } from './session.ts'
import { signalStatus } from './signals.ts'
import { workOn } from './work-on.ts'

export interface UndoFlags {
  readonly pin?: boolean
  readonly reason?: string
  readonly json?: boolean
}

/**
 * `runs undo ID`: puts back in this process what a run wrote, or goes on with the undo of it that is going already. A
 * run that cannot be undone is told with its reason, and the exit status is 1.
 */
export function undoRun(sourceRunId: string, flags: UndoFlags): Promise<number> {
  return withConnection(async (_, session) => {
    await existingRun(sourceRunId)
    const choices = { reason: flags.reason ?? null, pins: flags.pin === true }
    const started = await startUndo(sourceRunId, { trigger: 'cli', startedBy: 'cli', choices })
    if (started.ok) {
      note(`Run ${started.runId} started: it undoes run ${sourceRunId}.`)
      return follow(started.runId, { isOwn: true, session, sourceRunId, flags })
    }
    const going = (await findUndosOf(sourceRunId)).find((undo) => undo.status === null)
    if (started.reason !== 'another-run-going' || !going) {
      note(started.message)
      return 1
    }
    note(`The run is being undone already: following run ${going.id}.`)
    return follow(going.id, { isOwn: false, session, sourceRunId, flags })
  })
}

async function follow(
  runId: string,
  how: { isOwn: boolean; session: Session; sourceRunId: string; flags: UndoFlags },
): Promise<number> {
  const { isOwn, session, sourceRunId, flags } = how
  const stopped = await workOn(runId, { isOwn, session, command: `crosswalk runs undo ${sourceRunId}` })
  if (stopped) return signalStatus(stopped)
  const run = runDocument(await existingRun(runId))
  await (flags.json ? printJson(run) : print(runSummary(run)))
  return runExitStatus(run.status)
}
