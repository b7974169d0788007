import { runDocument } from '#lib/engine/run-document'
import { type Started, startRun } from '#lib/engine/start'
import type { ConnectionView } from '#lib/store/connections'
import type { RunOptions } from '#lib/sync/eligibility'
import { note, print, printJson } from './output.ts'
import { runExitStatus, runSummary } from './run-text.ts'
import { existingRun } from './runs.ts'
import { withConnection } from './session.ts'
import { signalStatus } from './signals.ts'
import { workOn } from './work-on.ts'

export interface SyncFlags {
  readonly mapUnsynced?: boolean
  readonly whenNoMatch?: 'leave' | 'create'
  readonly includeClosed?: boolean
  readonly allBatches?: boolean
  readonly historicalConsultants?: boolean
  readonly preview?: boolean
  readonly json?: boolean
}

/** `sync`: one run in this process, or the one that is going already (sync-rules §13.9). */
export async function syncCommand(flags: SyncFlags): Promise<number> {
  return withConnection(async (connection, session) => {
    const started = await startRun({
      connectionId: connection.id,
      trigger: 'cli',
      startedBy: 'cli',
      options: toOptions(flags, connection),
    })
    await tellStart(started, flags)
    const stopped = await workOn(started.runId, { isOwn: started.ok, session, command: 'crosswalk sync' })
    if (stopped) return signalStatus(stopped)
    const run = runDocument(await existingRun(started.runId))
    await (flags.json ? printJson(run) : print(runSummary(run)))
    return runExitStatus(run.status)
  })
}

function toOptions(flags: SyncFlags, connection: ConnectionView): RunOptions {
  return {
    mapUnsynced: flags.mapUnsynced === true,
    whenNoMatch: flags.whenNoMatch ?? connection.settings.noMatchPolicy,
    includeClosed: flags.includeClosed === true,
    allBatches: flags.allBatches === true,
    ...(flags.historicalConsultants ? { historicalConsultants: true } : {}),
    preview: flags.preview === true,
  }
}

async function tellStart(started: Started, flags: SyncFlags): Promise<void> {
  const run = await existingRun(started.runId)
  if (!started.ok) {
    note(`A sync is going already, started by ${run.startedBy}: following run ${run.id}.`)
    return
  }
  note(`Run ${run.id} started.`)
  if (flags.whenNoMatch && !flags.mapUnsynced) note('--when-no-match has an effect only together with --map-unsynced.')
  if (run.continuesRunId === null) return
  const { mapUnsynced, includeClosed } = run.options
  const isAsGiven = mapUnsynced === (flags.mapUnsynced === true) && includeClosed === (flags.includeClosed === true)
  note(`It continues the backlog of the run before it${isAsGiven ? '.' : ', with the options of that run.'}`)
}
