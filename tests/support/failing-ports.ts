import type { OpenPorts, Ports } from '#lib/engine/context'
import type { FaultPatch } from '#lib/sandbox/faults'
import { type Crm, type Erp, type FailureReason, RemoteFailure } from '#lib/sync/ports'
import { hurried, stage } from './provoke.ts'

/** Ports whose CRM differs in a method or two: for what no switch of the sandbox does at the right moment. */
export function withCrm(open: OpenPorts, change: (crm: Crm) => Partial<Crm>): OpenPorts {
  return async (connectionId) => {
    const ports = await open(connectionId)
    return { ...ports, crm: { ...ports.crm, ...change(ports.crm) } }
  }
}

/** The ERP answers every update with the record as it was, as if it had been told nothing. */
export function deafErp(): OpenPorts {
  const open = hurried()
  return async (connectionId) => {
    const ports = await open(connectionId)
    const update: Erp['update'] = async (type, key, _, options) => {
      const [record] = await ports.erp.read(type, [key], options)
      if (!record) throw failure('not-found')
      return record
    }
    return { ...ports, erp: { ...ports.erp, update } }
  }
}

/** The switches are turned when the preflight is over and the lists are about to be read. */
export function afterDescription(faults: FaultPatch, engine: Partial<Ports['settings']> = {}): OpenPorts {
  return withCrm(hurried({}, engine), (crm) => ({
    describe: async (options) => {
      const description = await crm.describe(options)
      await stage().control.setFaults(faults)
      return description
    },
  }))
}

export function failingReads(reason: FailureReason): OpenPorts {
  return withCrm(hurried(), () => ({
    // biome-ignore lint/correctness/useYield: it fails before there is anything to deliver
    async *readChanged() {
      throw failure(reason)
    },
  }))
}

/** The first updates of contacts fail, each for its reason, and the CRM gives none of its lists. */
export function failingUpdates(reasons: readonly FailureReason[]): OpenPorts {
  const left = [...reasons]
  return withCrm(hurried(), (crm) => ({
    describe: async (options) => ({ ...(await crm.describe(options)), codeTables: {} }),
    update: async (...call) => {
      const reason = call[0] === 'contact' ? left.shift() : undefined
      if (reason) throw failure(reason)
      return crm.update(...call)
    },
  }))
}

function failure(reason: FailureReason): RemoteFailure {
  return new RemoteFailure({ side: 'crm', failureClass: 'definite', reason, message: `It failed: ${reason}.` })
}
