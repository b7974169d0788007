import { advanceRun } from '#lib/engine/advance'
import type { OpenPorts } from '#lib/engine/context'
import { startUndo, type UndoStarted } from '#lib/engine/start-undo'
import type { SandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findRun, type Run } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import type { FieldChange } from '#lib/sync/plan'
import type { Fields } from '#lib/sync/records'
import type { World } from './world.ts'

/** Undoing runs of a world, and what both systems hold before and after. */

const TYPES = ['employee', 'client', 'contact', 'project'] as const
const CHOICES = { reason: 'The wrong template.', pins: false }

export function startUndoOf(sourceRunId: string, choices = CHOICES): Promise<UndoStarted> {
  return startUndo(sourceRunId, { trigger: 'cli', startedBy: 'ann@example.com', choices })
}

export async function advance(runId: string, ports: OpenPorts, stop = new AbortController()): Promise<Run> {
  const defects: unknown[] = []
  await advanceRun(runId, ports, stop.signal, (error) => defects.push(error))
  if (defects.length > 0) throw defects[0]
  const run = await findRun(runId)
  if (!run) throw new Error('The run is gone.')
  return run
}

export async function undo(world: World, sourceRunId: string, choices = CHOICES): Promise<Run> {
  const started = await startUndoOf(sourceRunId, choices)
  if (!started.ok) throw new Error(started.message)
  return advance(started.runId, world.openPorts)
}

/** Every CRM record as it stands in the CRM, by type and id. */
export async function crmNow(world: World): Promise<Map<string, Fields>> {
  const ports = await world.openPorts(world.connectionId)
  const found = new Map<string, Fields>()
  try {
    for (const type of TYPES) {
      for await (const page of ports.crm.readChanged(type, null)) {
        for (const record of page.records) found.set(`${type} ${record.id}`, record.fields)
      }
    }
  } finally {
    await ports.close()
  }
  return found
}

export async function itemsOf(runId: string) {
  const rows = await database().syncItem.findMany({ where: { runId }, orderBy: { id: 'asc' } })
  return rows.map((row) => ({ ...row, changes: row.changes as unknown as FieldChange[] }))
}

/**
 * Earlier records that the CRM holds otherwise now, the links aside that an undo has kept because they were empty
 * before: nobody may clear them (sync-rules §13.11).
 */
export function notBack(before: Map<string, Fields>, after: Map<string, Fields>, items: UndoneItem[]): string[] {
  const links = new Map(items.map((item) => [`${item.type} ${item.crmId}`, item.changes.filter(isLinkThatStays)]))
  return [...before].flatMap(([key, fields]) => {
    const stay = new Set(links.get(key)?.map((change) => change.field))
    const now = after.get(key)
    return Object.entries(fields)
      .filter(([field, value]) => !stay.has(field) && now?.[field] !== value)
      .map(([field]) => `${key} ${field}`)
  })
}

type UndoneItem = Awaited<ReturnType<typeof itemsOf>>[number]

function isLinkThatStays(change: FieldChange): boolean {
  return change.kept?.includes('never cleared') === true
}

export function countsAddUp(run: Run): boolean {
  return Object.values(run.counters).every(addsUp)
}

/** Gives so many mapped clients another name and note in the ERP; answers their pairs. */
export async function editClients(control: SandboxControl, count: number) {
  const pairs = await database().crmMapping.findMany({
    where: { type: 'client', removedAt: null },
    orderBy: { erpKey: 'asc' },
    take: count,
  })
  for (const { erpKey } of pairs) {
    const fields = { Description: `Renamed ${erpKey}`, Notes: `Noted ${erpKey}` }
    await control.act({ action: 'edit', side: 'erp', type: 'client', key: Number(erpKey), fields })
  }
  return pairs
}
