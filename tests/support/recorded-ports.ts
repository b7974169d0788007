import type { OpenPorts, Ports } from '#lib/engine/context'
import type { Crm, Erp } from '#lib/sync/ports'
import type { RecordType, Side } from '#lib/sync/records'

/** One call of the engine, in the order in which the calls were made. */
export interface RecordedCall {
  readonly side: Side
  readonly call: 'check' | 'readChanged' | 'create' | 'update'
  readonly type: RecordType | null
  /** `readChanged`: since when. `update`: the key on that side. */
  readonly detail: string | null
}

/** The same ports, with the calls that tell one step of a run from another written down. */
export function recordedPorts(
  openPorts: OpenPorts,
  calls: RecordedCall[],
  settings: Partial<Ports['settings']> = {},
): OpenPorts {
  return async (connectionId) => {
    const ports = await openPorts(connectionId)
    return {
      ...ports,
      settings: { ...ports.settings, ...settings },
      erp: recordedErp(ports.erp, (call, type, detail) => calls.push({ side: 'erp', call, type, detail })),
      crm: recordedCrm(ports.crm, (call, type, detail) => calls.push({ side: 'crm', call, type, detail })),
    }
  }
}

type Note = (call: RecordedCall['call'], type: RecordType | null, detail: string | null) => void

function recordedErp(erp: Erp, note: Note): Erp {
  return {
    ...erp,
    check(options) {
      note('check', null, null)
      return erp.check(options)
    },
    readChanged(type, since, options) {
      note('readChanged', type, since)
      return erp.readChanged(type, since, options)
    },
    create(type, ...rest) {
      note('create', type, null)
      return erp.create(type, ...rest)
    },
    update(type, key, ...rest) {
      note('update', type, key)
      return erp.update(type, key, ...rest)
    },
  }
}

function recordedCrm(crm: Crm, note: Note): Crm {
  return {
    ...crm,
    check(options) {
      note('check', null, null)
      return crm.check(options)
    },
    readChanged(type, since, options) {
      note('readChanged', type, since)
      return crm.readChanged(type, since, options)
    },
    create(type, ...rest) {
      note('create', type, null)
      return crm.create(type, ...rest)
    },
    update(type, id, ...rest) {
      note('update', type, id)
      return crm.update(type, id, ...rest)
    },
  }
}
