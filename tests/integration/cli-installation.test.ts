import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DoctorFinding } from '#lib/cli/doctor'
import type { RunDocument } from '#lib/engine/run-document'
import { requestCancel, startRun } from '#lib/engine/start'
import { currentConnection } from '#lib/store/connections'
import { database } from '#lib/store/database'
import { closeQueue } from '#lib/store/queue'
import { findRun } from '#lib/store/runs'
import { type CliWorld, documentOf, openCliWorld, runCli, startCli } from '../support/cli.ts'
import { connectionVariables } from '../support/connection-variables.ts'
import { NO_OPTIONS } from '../support/world.ts'

describe('one installation', () => {
  let world: CliWorld
  beforeAll(async () => {
    world = await openCliWorld()
  })
  afterAll(async () => {
    await closeQueue(5)
    await world.close()
  })

  test('doctor finds both systems, the database, its migrations and the disk in order', async () => {
    const result = await world.run('doctor', '--json')
    const findings = documentOf<DoctorFinding[]>(result)
    expect(result.status).toBe(0)
    for (const finding of findings) expect(Object.keys(finding)).toEqual(['check', 'side', 'level', 'message'])
    const of = (side: string | null) =>
      findings.filter((finding) => finding.side === side).map((finding) => finding.check)
    expect(of(null).sort()).toEqual(['database', 'disk', 'migrations'])
    expect(of('erp')).toEqual(expect.arrayContaining(['reachable', 'signed-in', 'permissions', 'clock']))
    expect(of('crm')).toEqual(expect.arrayContaining(['reachable', 'signed-in', 'permissions', 'external-key']))
    const shown = await world.run('doctor')
    expect(shown.stdout).toMatch(/^ok\s+Vantagepoint\s+signed-in/m)
  })

  test('doctor says what is wrong and exits with 1; what would not stop a sync is a warning', async () => {
    const refused = await runCli(['doctor', '--json'], { ...world.environment, AJERA_PASSWORD: 'wrong' })
    expect(refused.status).toBe(1)
    const error = documentOf<DoctorFinding[]>(refused).find((finding) => finding.level === 'error')
    expect(error).toMatchObject({ side: 'erp', check: 'signed-in' })
    expect(refused.stdout).not.toContain(world.environment.AJERA_PASSWORD)

    await world.control.setFaults({ crm: { externalKeyField: null } })
    const warned = await world.run('doctor', '--json')
    await world.control.setFaults({ crm: { externalKeyField: 'CustAjeraKey' } })
    expect(warned.status).toBe(0)
    const warning = documentOf<DoctorFinding[]>(warned).find((finding) => finding.level === 'warning')
    expect(warning).toMatchObject({ side: 'crm', check: 'external-key' })
  })

  test('doctor tells of a database that does not answer as one of its findings', async () => {
    const result = await runCli(['doctor', '--json'], {
      ...world.environment,
      DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/c',
    })
    expect(result.status).toBe(1)
    const finding = documentOf<DoctorFinding[]>(result).find((one) => one.check === 'database')
    expect(finding).toMatchObject({ level: 'error', side: null })
  })

  test('users add makes an account whose password is shown once; reset makes another', async () => {
    const added = await world.run('users', 'add', 'Anna@Firm.com', '--role', 'operator')
    expect(added.status).toBe(0)
    const password = /^Password {2}(\S{12,})$/m.exec(added.stdout)?.[1]
    const user = await database().user.findUniqueOrThrow({ where: { email: 'anna@firm.com' } })
    expect(user).toMatchObject({ role: 'operator', disabledAt: null })
    expect(user.passwordHash).not.toContain(password)

    const again = await world.run('users', 'add', 'anna@firm.com', '--role', 'admin')
    expect(again).toMatchObject({ status: 1, stdout: '', stderr: 'anna@firm.com has an account already.\n' })

    const reset = await world.run('users', 'reset', 'anna@firm.com')
    expect(reset.status).toBe(0)
    expect(reset.stdout).not.toContain(password)
    const unknown = await world.run('users', 'reset', 'nobody@firm.com')
    expect(unknown).toMatchObject({ status: 1, stdout: '', stderr: 'nobody@firm.com has no account.\n' })
  })

  test('worker takes a run that was started elsewhere, and ends politely', async () => {
    const connectionId = (await currentConnection())?.id ?? ''
    const started = await startRun({ connectionId, trigger: 'manual', startedBy: 'anna@firm.com', options: NO_OPTIONS })
    const worker = world.start('worker')
    await worker.untilSaid('The worker takes runs now.')
    await worker.untilSaid('"status":"more_batches"')
    worker.child.kill('SIGTERM')
    expect((await worker.result).status).toBe(0)
    expect((await findRun(started.runId))?.state).toBe('more_batches')
  })

  test('runs cancel ends a run that no process works on', async () => {
    const connectionId = (await currentConnection())?.id ?? ''
    const started = await startRun({ connectionId, trigger: 'cli', startedBy: 'cli', options: NO_OPTIONS })
    const result = await world.run('runs', 'cancel', started.runId, '--json')
    expect(result.status).toBe(0)
    expect(documentOf<RunDocument>(result)).toMatchObject({ runId: started.runId, status: 'cancelled' })
    expect(await requestCancel(started.runId, 'test')).toBe(false)
  })
})

describe('the sandbox as a command', () => {
  test('--json prints one line with addresses and access, and it ends on a signal', async () => {
    const sandbox = startCli(
      ['sandbox', '--json', '--projects', '12', '--seed', '7', '--faults', '{"erp":{"latencyMs":1}}'],
      {},
    )
    await sandbox.untilSaid('}\n')
    sandbox.child.kill('SIGTERM')
    const result = await sandbox.result
    expect(result).toMatchObject({ status: 0, stderr: '' })
    expect(result.stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(Object.keys(documentOf<object>(result))).toEqual(['erpUrl', 'crmUrl', 'controlUrl', 'credentials'])
  })

  test('what it prints for people are the variables that connect to it', async () => {
    const sandbox = startCli(['sandbox', '--projects', '12'], {})
    await sandbox.untilSaid("VANTAGEPOINT_PASSWORD='")
    sandbox.child.kill('SIGINT')
    const { stdout } = await sandbox.result
    const credentials = {
      ajera: { url: 'x', username: 'x', password: 'x' },
      vantagepoint: { url: 'x', database: 'x', clientId: 'x', clientSecret: 'x', username: 'x', password: 'x' },
    }
    for (const name of Object.keys(connectionVariables({ credentials }))) {
      expect(stdout).toMatch(new RegExp(`^${name}='.+'$`, 'm'))
    }
  })

  test('a file keeps its state, and a port that is taken is told', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crosswalk-sandbox-'))
    const state = join(folder, 'pair.sqlite')
    const sandbox = startCli(['sandbox', '--json', '--projects', '12', '--state', state], {})
    await sandbox.untilSaid('}\n')
    const second = await runCli(['sandbox', '--state', join(folder, 'no', 'such.sqlite')], {})
    expect(second).toMatchObject({ status: 1, stdout: '' })
    expect(second.stderr).toContain('name another file with --state')
    sandbox.child.kill('SIGTERM')
    const first = documentOf<{ erpUrl: string; controlUrl: string }>(await sandbox.result)
    await access(state)

    const again = startCli(['sandbox', '--json', '--state', state, '--port', new URL(first.erpUrl).port], {})
    await again.untilSaid('}\n')
    const taken = await runCli(['sandbox', '--port', new URL(first.erpUrl).port], {})
    expect(taken.status).toBe(1)
    expect(taken.stderr).toContain('choose others with --port')
    again.child.kill('SIGTERM')
    await again.result
    await rm(folder, { recursive: true, force: true })
  })
})

describe('without DATABASE_URL', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'crosswalk-embedded-'))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  test('a command starts the embedded database, a second one joins it, and the last one stops it', async () => {
    const environment = { CROSSWALK_DATA_DIR: directory }
    const worker = startCli(['worker'], environment)
    await worker.untilSaid('The worker takes runs now.')
    const added = await runCli(['users', 'add', 'anna@firm.com', '--role', 'admin'], environment)
    expect(added.status).toBe(0)
    worker.child.kill('SIGINT')
    expect((await worker.result).status).toBe(0)
    await expect(access(join(directory, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT')
    const reset = await runCli(['users', 'reset', 'anna@firm.com'], environment)
    expect(reset.status).toBe(0)
  })

  test('Ctrl-C while the database is being started leaves none running', async () => {
    const own = join(directory, 'interrupted')
    const command = startCli(['users', 'reset', 'anna@firm.com'], { CROSSWALK_DATA_DIR: own })
    await until(() => access(join(own, 'postgres.json')))
    command.child.kill('SIGINT')
    expect((await command.result).status).toBe(130)
    await expect(access(join(own, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT')
  })
})

async function until(holds: () => Promise<unknown>): Promise<void> {
  while (
    !(await holds().then(
      () => true,
      () => false,
    ))
  )
    await new Promise(setImmediate)
}
