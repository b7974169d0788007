import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { csvText, jsonText } from '#lib/ops/export-text'
import { errorCode, errorLine, OperatorProblem } from '#lib/ops/operator-problem'
import type { MappingStatus } from '#lib/store/mapping-filter'
import { linkPair, unlinkPair } from '#lib/store/pairing'
import type { PairingResult } from '#lib/store/pairing-sides'
import { listMappingsForExport, MAPPING_EXPORT_COLUMNS, type MappingExportRow } from '#lib/store/views-mapping'
import type { RecordType } from '#lib/sync/records'
import { readPairs } from './mapping-file.ts'
import { formatCount, localTime, note, print, printLine, textTable } from './output.ts'
import { withConnection } from './session.ts'

export interface MappingFlags {
  readonly type?: RecordType
  readonly status?: MappingStatus
  readonly json?: boolean
  readonly csv?: boolean
}

/** `mappings`: pairs, removed pairs and what waits for review, by type and Ajera key. */
export function listMappings(flags: MappingFlags): Promise<number> {
  return withConnection(async (connection) => {
    const rows = listMappingsForExport(connection.id, {
      type: flags.type ?? null,
      statuses: flags.status ? [flags.status] : [],
      text: null,
    })
    if (flags.json) for await (const chunk of jsonText(rows)) await print(chunk)
    else if (flags.csv) for await (const chunk of csvText(rows, MAPPING_EXPORT_COLUMNS)) await print(chunk)
    else await printForPeople(rows)
    return 0
  })
}

/** `mappings link T ERP_KEY CRM_ID`: pairs two records by hand. */
export function linkRecords(type: RecordType, erpKey: string, crmId: string): Promise<number> {
  return withConnection(async (connection) =>
    tellResult(await linkPair({ connectionId: connection.id, type, erpKey, crmId, by: 'cli' })),
  )
}

/** `mappings unlink T ERP_KEY`: ends the pair of an Ajera record; neither record is changed. */
export function unlinkRecord(type: RecordType, erpKey: string): Promise<number> {
  return withConnection(async (connection) =>
    tellResult(await unlinkPair({ connectionId: connection.id, type, erpKey, by: 'cli' })),
  )
}

/** `mappings export F`: the whole mapping table, as CSV, or as JSON where the name ends in `.json`. */
export function exportMappings(file: string): Promise<number> {
  return withConnection(async (connection) => {
    let rows = 0
    async function* counted(): AsyncGenerator<MappingExportRow> {
      for await (const row of listMappingsForExport(connection.id, { type: null, statuses: [], text: null })) {
        rows += 1
        yield row
      }
    }
    const text = file.toLowerCase().endsWith('.json') ? jsonText(counted()) : csvText(counted(), MAPPING_EXPORT_COLUMNS)
    await pipeline(Readable.from(text), createWriteStream(file)).catch((error: unknown) => {
      throw new OperatorProblem(`${file} cannot be written: ${fileReason(error)}.`, { cause: error })
    })
    await printLine(`${formatCount(rows)} rows of the mapping table were written to ${file}.`)
    return 0
  })
}

/**
 * `mappings import F`: pairs by hand what the file names as pairs. Each row stands by itself: one that is refused is
 * told with its line, and the others are paired. 3 when any was refused (product.md §3).
 */
export function importMappings(file: string): Promise<number> {
  return withConnection(async (connection) => {
    const pairs = await readPairs(file)
    const known = await livingPairs(connection.id)
    const count = { paired: 0, known: 0, refused: 0 }
    for (const pair of pairs) {
      const { type, erpKey, crmId } = pair
      if (known.has(pairName(pair))) {
        count.known += 1
        continue
      }
      const result = await linkPair({ connectionId: connection.id, type, erpKey, crmId, by: 'cli' })
      if (result.ok) {
        count.paired += 1
        known.add(pairName(pair))
      } else {
        count.refused += 1
        note(`${pair.place}: ${result.message}`)
      }
    }
    await printLine(
      `${formatCount(count.paired)} paired, ${formatCount(count.known)} were pairs already, ${formatCount(count.refused)} refused.`,
    )
    return count.refused > 0 ? 3 : 0
  })
}

async function livingPairs(connectionId: string): Promise<Set<string>> {
  const names = new Set<string>()
  const pairs = listMappingsForExport(connectionId, { type: null, statuses: ['active', 'conflict'], text: null })
  for await (const pair of pairs) if (pair.crmId !== null) names.add(pairName({ ...pair, crmId: pair.crmId }))
  return names
}

function pairName(pair: { readonly type: string; readonly erpKey: string; readonly crmId: string }): string {
  return JSON.stringify([pair.type, pair.erpKey, pair.crmId])
}

function fileReason(error: unknown): string {
  const reasons: Record<string, string> = {
    ENOENT: 'its folder does not exist',
    EACCES: 'you may not write there',
    EISDIR: 'it is a folder',
    ENOSPC: 'the disk is full',
    EROFS: 'the disk is read-only',
  }
  return reasons[errorCode(error) ?? ''] ?? errorLine(error)
}

async function tellResult(result: PairingResult): Promise<number> {
  if (!result.ok) {
    note(result.message)
    return 1
  }
  await printLine(result.message)
  return 0
}

async function printForPeople(rows: AsyncIterable<MappingExportRow>): Promise<void> {
  const shown: string[][] = []
  for await (const row of rows) {
    shown.push([
      row.type,
      row.status.replace('_', ' '),
      row.erpKey,
      row.crmId ?? '',
      row.matchedBy ?? '',
      localTime(row.lastSyncedAt),
      row.erpName,
    ])
  }
  if (shown.length === 0) await printLine('The mapping table has no row that fits. A sync fills it.')
  else await print(textTable(MAPPING_COLUMNS, shown))
}

const MAPPING_COLUMNS = [
  { title: 'type' },
  { title: 'status' },
  { title: 'Ajera key', align: 'right' },
  { title: 'CRM id' },
  { title: 'matched by' },
  { title: 'last synced' },
  { title: 'Ajera name' },
] as const
