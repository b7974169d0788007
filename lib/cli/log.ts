import { csvText, jsonText } from '#lib/ops/export-text'
import { type LogSeverity, logFilterSchema } from '#lib/store/log-filter'
import { LOG_EXPORT_COLUMNS, type LogExportRow, listLogForExport } from '#lib/store/views-log'
import type { RecordType } from '#lib/sync/records'
import { localTime, print, printLine, textTable } from './output.ts'
import { existingRun } from './runs.ts'
import { withConnection } from './session.ts'

export interface LogFlags {
  readonly run?: string
  readonly severity?: LogSeverity
  readonly type?: RecordType
  readonly method?: string
  readonly text?: string
  readonly limit?: number
  readonly json?: boolean
  readonly csv?: boolean
}

export const LOG_LIMIT_MOST = 10_000
/** So many lines a person can read; a program gets all that it may. */
export const LOG_LIMIT_ON_SCREEN = 100

/** `log`: the Integration Log of the current connection, newest first. */
export function showLog(flags: LogFlags): Promise<number> {
  return withConnection(async (connection) => {
    if (flags.run !== undefined) await existingRun(flags.run)
    const filter = logFilterSchema.parse({
      severities: flags.severity ? [flags.severity] : [],
      methods: flags.method ? [flags.method] : [],
      types: flags.type ? [flags.type] : [],
      runId: flags.run ?? null,
      text: flags.text ?? null,
    })
    const limit = flags.limit ?? (flags.json || flags.csv ? LOG_LIMIT_MOST : LOG_LIMIT_ON_SCREEN)
    const lines = listLogForExport(connection.id, filter, limit)
    if (flags.json) for await (const chunk of jsonText(lines)) await print(chunk)
    else if (flags.csv) for await (const chunk of csvText(lines, LOG_EXPORT_COLUMNS)) await print(chunk)
    else await printForPeople(lines)
    return 0
  })
}

async function printForPeople(lines: AsyncIterable<LogExportRow>): Promise<void> {
  const rows: string[][] = []
  for await (const line of lines) {
    rows.push([localTime(line.at), line.severity, line.code ?? '', line.method, line.message])
  }
  if (rows.length === 0) await printLine('The log has no line that fits.')
  else await print(textTable(LOG_COLUMNS, rows))
}

const LOG_COLUMNS = [
  { title: 'time' },
  { title: 'severity' },
  { title: 'code' },
  { title: 'method' },
  { title: 'message' },
] as const
