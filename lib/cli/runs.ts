import { openPorts } from '#lib/console'
import { advanceRun } from '#lib/engine/advance'
import { runDocument } from '#lib/engine/run-document'
import { requestCancel, requestPause, resumeRun } from '#lib/engine/start'
import { findRunView, isOpenState, lastRuns, type RunView } from '#lib/store/views-runs'
import { usageProblem } from './arguments.ts'
import { logDefect } from './defect.ts'
import { formatCount, localTime, note, print, printJson, printLine, textTable } from './output.ts'
import { runSummary, stateWords } from './run-text.ts'
import { withConnection, withSession } from './session.ts'

const SHOWN = 50

/** `runs`: the latest runs of the current connection, newest first. */
export function listRuns(flags: { readonly json?: boolean }): Promise<number> {
  return withConnection(async (connection) => {
    const runs = await lastRuns(connection.id, SHOWN)
    if (flags.json) await printJson(runs.map(runDocument))
    else if (runs.length === 0) await printLine('There has been no run yet: crosswalk sync starts one.')
    else await print(textTable(RUN_COLUMNS, runs.map(runRow)))
    return 0
  })
}

/** `runs show ID`. */
export function showRun(id: string, flags: { readonly json?: boolean }): Promise<number> {
  return withSession(async () => {
    const run = runDocument(await existingRun(id))
    await (flags.json ? printJson(run) : print(runSummary(run)))
    return 0
  })
}

/**
 * `runs cancel ID`: the run stops at its next record. One that no living process works on is ended here and now.
 */
export function cancelRun(id: string, flags: { readonly json?: boolean }): Promise<number> {
  return withSession(async () => {
    await existingRun(id)
    const asked = await requestCancel(id, 'cli')
    if (asked) await advanceRun(id, openPorts, new AbortController().signal, logDefect)
    const run = await existingRun(id)
    if (flags.json) await printJson(runDocument(run))
    if (!asked) {
      note(`Run ${id} has ended already: ${stateWords(run.state)}.`)
      return 1
    }
    if (!flags.json) {
      await printLine(isOpenState(run.state) ? `Run ${id} stops at its next record.` : `Run ${id} is cancelled.`)
    }
    return 0
  })
}

/** `runs pause ID`: the run waits from its next record on. */
export function pauseRun(id: string): Promise<number> {
  return changeRun(id, () => requestPause(id, 'cli'), {
    done: `Run ${id} waits from its next record on: crosswalk runs resume ${id} goes on.`,
    refused: (state) => `Run ${id} cannot be paused: it is paused already, is stopping, or has ended (${state}).`,
  })
}

/** `runs resume ID`: a paused run goes on, and one that waits for a system tries again at once. */
export function resumeRunCommand(id: string): Promise<number> {
  return changeRun(id, () => resumeRun(id), {
    done: `Run ${id} goes on as soon as a worker, or the crosswalk sync that started it, takes it.`,
    refused: (state) => `Run ${id} does not wait: ${state}.`,
  })
}

function changeRun(
  id: string,
  change: () => Promise<boolean>,
  say: { readonly done: string; readonly refused: (state: string) => string },
): Promise<number> {
  return withSession(async () => {
    const { state } = await existingRun(id)
    if (await change()) {
      await printLine(say.done)
      return 0
    }
    note(say.refused(stateWords(state)))
    return 1
  })
}

/** The run of an id, or a sentence that there is none. */
export async function existingRun(id: string): Promise<RunView> {
  const run = await findRunView(id)
  if (run) return run
  throw usageProblem(`There is no run ${id}: crosswalk runs shows those there are.`)
}

const RUN_COLUMNS = [
  { title: 'run' },
  { title: 'started' },
  { title: 'by', width: 24 },
  { title: 'status' },
  { title: 'projects', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'remaining', align: 'right' },
  { title: 'message' },
] as const

function runRow(run: RunView): string[] {
  const failed = Object.values(run.counts).reduce((sum, counts) => sum + counts.failed, 0)
  return [
    run.id,
    localTime(run.startedAt ?? run.createdAt),
    run.startedBy,
    stateWords(run.state),
    formatCount(run.counts.project.considered),
    formatCount(failed),
    formatCount(run.batches.remainingProjects),
    run.message ?? '',
  ]
}
