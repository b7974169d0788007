import { errorCode, OperatorProblem } from '#lib/ops/operator-problem'
import { defaultFaults, type FaultPatch, patchFaults } from '#lib/sandbox/faults'
import { type Sandbox, startSandbox } from '#lib/sandbox/sandbox'
import { usageProblem } from './arguments.ts'
import { print, printLine } from './output.ts'
import { untilStopSignal } from './signals.ts'

export interface SandboxFlags {
  readonly seed?: number
  readonly projects?: number
  readonly port?: number
  readonly state?: string
  /** Switches of the sandbox as JSON, laid over the calm ones. */
  readonly faults?: string
  readonly json?: boolean
}

/**
 * `sandbox`: the two practice systems on this machine, until a signal or until the process that started it is gone.
 * `--json` prints one line when they answer: their addresses and access, as `npm start` reads it.
 */
export async function sandboxCommand(flags: SandboxFlags): Promise<number> {
  const ended = untilEnded()
  const sandbox = await openSandbox(flags)
  const { erpUrl, crmUrl, controlUrl, credentials } = sandbox
  if (flags.json) await printLine(JSON.stringify({ erpUrl, crmUrl, controlUrl, credentials }))
  else await print(accessText(sandbox))
  await ended
  await sandbox.close()
  return 0
}

function parseFaults(text: string | undefined): FaultPatch {
  if (text === undefined) return {}
  const patched = patchFaults(defaultFaults(), jsonOrNull(text))
  if (patched.ok) return patched.faults
  throw usageProblem(`--faults takes JSON such as {"erp":{"latencyMs":50}}. ${patched.problem.replaceAll(/\s+/g, ' ')}`)
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function openSandbox(flags: SandboxFlags): Promise<Sandbox> {
  const { seed, projects, port, state } = flags
  const faults = parseFaults(flags.faults)
  try {
    return await startSandbox({
      seed,
      projects,
      faults,
      stateFile: state ?? null,
      ports: port === undefined ? {} : { erp: port, crm: port + 1, control: port + 2 },
    })
  } catch (error) {
    throw sandboxProblem(error, flags)
  }
}

function sandboxProblem(error: unknown, flags: SandboxFlags): unknown {
  const code = errorCode(error)
  if (code === 'EADDRINUSE' || code === 'EACCES') {
    const ports = `${flags.port} to ${(flags.port ?? 0) + 2}`
    return new OperatorProblem(
      `The sandbox needs the ports ${ports}, and one of them is not free: choose others with --port.`,
    )
  }
  if (code?.startsWith('ERR_SQLITE') || code === 'ENOENT' || code === 'EISDIR') {
    return new OperatorProblem(`${flags.state} cannot be used for the sandbox: name another file with --state.`)
  }
  return error
}

/** A started child ends with its parent: the channel between them closes however the parent ends. */
function untilEnded(): Promise<unknown> {
  const orphaned = new Promise((resolve) => {
    if (process.channel) process.once('disconnect', resolve)
  })
  return Promise.race([untilStopSignal(), orphaned])
}

function accessText({ erpUrl, crmUrl, controlUrl, credentials }: Sandbox): string {
  const { ajera, vantagepoint } = credentials
  const variables = {
    AJERA_API_URL: ajera.url,
    AJERA_USERNAME: ajera.username,
    AJERA_PASSWORD: ajera.password,
    VANTAGEPOINT_API_URL: vantagepoint.url,
    VANTAGEPOINT_DATABASE: vantagepoint.database,
    VANTAGEPOINT_CLIENT_ID: vantagepoint.clientId,
    VANTAGEPOINT_CLIENT_SECRET: vantagepoint.clientSecret,
    VANTAGEPOINT_USERNAME: vantagepoint.username,
    VANTAGEPOINT_PASSWORD: vantagepoint.password,
  }
  return [
    'The two sandbox systems answer until Ctrl-C:',
    '',
    `Ajera         ${erpUrl}`,
    `Vantagepoint  ${crmUrl}`,
    `Control       ${controlUrl}`,
    '',
    'Crosswalk works with them when these variables are set:',
    '',
    ...Object.entries(variables).map(([name, value]) => `${name}='${value}'`),
    '',
  ].join('\n')
}
