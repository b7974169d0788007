import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { ROLES, type Role } from '#lib/access/roles'
import { SEVERITIES } from '#lib/store/log-filter'
import { MAPPING_STATUSES } from '#lib/store/mapping-filter'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import packageJson from '../../package.json' with { type: 'json' }
import { parseRecordKey, parseRunId, parseSearchText, wholeNumberBetween } from './arguments.ts'
import type { LogFlags } from './log.ts'
import type { MappingFlags } from './mappings.ts'
import type { SandboxFlags } from './sandbox.ts'
import type { SyncFlags } from './sync.ts'
import type { UndoFlags } from './undo.ts'
import type { WhyFlags } from './why.ts'

/**
 * The commands, options and words of product.md §3. A command's own code is loaded when it is asked for, so that
 * `--help` and a mistyped option answer at once. Every action hands its exit status to `end`.
 */
export function createProgram(end: (status: number) => void): Command {
  const program = new Command('crosswalk')
    .description('Keeps Deltek Ajera and Deltek Vantagepoint in step.')
    .version(packageJson.version)
    // Options belong to the command they follow: `runs show ID --json` is not `runs --json`.
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(--help shows what there is.)')
    .addHelpText('after', EXIT_STATUS_HELP)
  addSync(program, end)
  addRuns(program, end)
  addPlans(program, end)
  addLog(program, end)
  addMappings(program, end)
  addWhy(program, end)
  addOthers(program, end)
  addUsers(program, end)
  return program
}

type End = (status: number) => void

const EXIT_STATUS_HELP = `
Exit status: 0 completed, 1 failed, 2 usage, 3 completed with record errors, 4 more batches remain, 5 cancelled.`

const JSON_HELP = 'print one JSON document'

function addSync(program: Command, end: End): void {
  program
    .command('sync')
    .description('run the sync in this process, or follow the one that is going')
    .option('--map-unsynced', 'map unsynced Ajera projects to existing CRM projects')
    .addOption(new Option('--when-no-match <what>', 'if no CRM project matches').choices(['leave', 'create']))
    .option('--include-closed', 'sync closed projects')
    .option('--all-batches', 'keep going until every batch is synced')
    .option('--historical-consultants', 'sync historical project consultants to CRM')
    .option('--preview', 'work out what would be done and store it as a plan; change nothing')
    .option('--json', JSON_HELP)
    .action(async (flags: SyncFlags) => end(await (await import('./sync.ts')).syncCommand(flags)))
}

function addRuns(program: Command, end: End): void {
  const runs = program
    .command('runs')
    .description('the latest runs')
    .enablePositionalOptions()
    .option('--json', JSON_HELP)
    .action(async (flags: { json?: boolean }) => end(await (await import('./runs.ts')).listRuns(flags)))
  runs
    .command('show')
    .description('one run: what it was asked, how it went')
    .addArgument(new Argument('<id>', 'the run').argParser(parseRunId))
    .option('--json', JSON_HELP)
    .action(async (id: string, flags: { json?: boolean }) => end(await (await import('./runs.ts')).showRun(id, flags)))
  runs
    .command('cancel')
    .description('stop a run at its next record; what is done stays done')
    .addArgument(new Argument('<id>', 'the run').argParser(parseRunId))
    .option('--json', JSON_HELP)
    .action(async (id: string, flags: { json?: boolean }) =>
      end(await (await import('./runs.ts')).cancelRun(id, flags)),
    )
  runs
    .command('pause')
    .description('let a run wait from its next record on')
    .addArgument(new Argument('<id>', 'the run').argParser(parseRunId))
    .action(async (id: string) => end(await (await import('./runs.ts')).pauseRun(id)))
  runs
    .command('resume')
    .description('let a paused run go on, or one that waits for a system try again at once')
    .addArgument(new Argument('<id>', 'the run').argParser(parseRunId))
    .action(async (id: string) => end(await (await import('./runs.ts')).resumeRunCommand(id)))
  runs
    .command('undo')
    .description('put back what a run wrote, where nobody has changed it since')
    .addArgument(new Argument('<id>', 'the run').argParser(parseRunId))
    .option('--pin', 'later syncs leave the fields alone that are put back')
    .addOption(new Option('--reason <text>', 'why, for the audit trail and the log').argParser(parseSearchText))
    .option('--json', JSON_HELP)
    .action(async (id: string, flags: UndoFlags) => end(await (await import('./undo.ts')).undoRun(id, flags)))
}

function addPlans(program: Command, end: End): void {
  const load = () => import('./plans.ts')
  const plan = () => new Argument('<id>', 'the plan: the id of its preview run').argParser(parseRunId)
  const plans = program
    .command('plans')
    .description('the plans that previews have made')
    .enablePositionalOptions()
    .option('--json', JSON_HELP)
    .action(async (flags: { json?: boolean }) => end(await (await load()).listPlans(flags)))
  plans
    .command('show')
    .description('what a plan would do; with --json field by field')
    .addArgument(plan())
    .option('--json', JSON_HELP)
    .action(async (id: string, flags: { json?: boolean }) => end(await (await load()).showPlan(id, flags)))
  plans
    .command('approve')
    .description('let a plan be applied')
    .addArgument(plan())
    .action(async (id: string) => end(await (await load()).decidePlan(id, 'approve')))
  plans
    .command('discard')
    .description('make sure that a plan is never applied')
    .addArgument(plan())
    .action(async (id: string) => end(await (await load()).decidePlan(id, 'discard')))
  plans
    .command('apply')
    .description('do exactly what is ticked in a plan')
    .addArgument(plan())
    .option('--json', JSON_HELP)
    .action(async (id: string, flags: { json?: boolean }) => end(await (await load()).applyPlanCommand(id, flags)))
}

function addLog(program: Command, end: End): void {
  program
    .command('log')
    .description('the Integration Log, newest first')
    .addOption(new Option('--run <id>', 'of one run').argParser(parseRunId))
    .addOption(new Option('--severity <severity>', 'of one severity').choices(SEVERITIES))
    .addOption(typeOption())
    .addOption(new Option('--method <method>', 'of one method, such as "Map Project"').argParser(parseRecordKey))
    .addOption(new Option('--text <text>', 'with a text in name, key, CRM id or message').argParser(parseSearchText))
    .addOption(
      new Option('--limit <n>', 'at most so many lines (100; with --json or --csv 10,000)').argParser(
        wholeNumberBetween(1, 10_000),
      ),
    )
    .addOption(jsonOption())
    .addOption(csvOption())
    .action(async (flags: LogFlags) => end(await (await import('./log.ts')).showLog(flags)))
}

function addMappings(program: Command, end: End): void {
  const load = () => import('./mappings.ts')
  const mappings = program
    .command('mappings')
    .description('the CRM mapping table')
    .enablePositionalOptions()
    .addOption(typeOption())
    .addOption(new Option('--status <status>', 'of one status').choices(MAPPING_STATUSES))
    .addOption(jsonOption())
    .addOption(csvOption())
    .action(async (flags: MappingFlags) => end(await (await load()).listMappings(flags)))
  mappings
    .command('link')
    .description('pair two records by hand')
    .addArgument(typeArgument())
    .addArgument(new Argument('<erp-key>', 'the Ajera key').argParser(parseRecordKey))
    .addArgument(new Argument('<crm-id>', 'the CRM id; of a project its WBS1').argParser(parseRecordKey))
    .action(async (type: RecordType, erpKey: string, crmId: string) =>
      end(await (await load()).linkRecords(type, erpKey, crmId)),
    )
  mappings
    .command('unlink')
    .description('end a pair; neither record is changed')
    .addArgument(typeArgument())
    .addArgument(new Argument('<erp-key>', 'the Ajera key').argParser(parseRecordKey))
    .action(async (type: RecordType, erpKey: string) => end(await (await load()).unlinkRecord(type, erpKey)))
  mappings
    .command('export')
    .description('write the whole table to a file: CSV, or JSON if its name ends in .json')
    .argument('<file>')
    .action(async (file: string) => end(await (await load()).exportMappings(file)))
  mappings
    .command('import')
    .description('pair by hand what a file names: columns type, erpKey, crmId')
    .argument('<file>')
    .action(async (file: string) => end(await (await load()).importMappings(file)))
}

function addWhy(program: Command, end: End): void {
  program
    .command('why')
    .description('why a record did or did not sync in the last run')
    .addArgument(typeArgument())
    .addArgument(new Argument('[erp-key]', 'the Ajera key').argParser(parseRecordKey))
    .addOption(new Option('--crm <id>', 'by its CRM id instead; of a project its WBS1').argParser(parseRecordKey))
    .option('--json', JSON_HELP)
    .action(async (type: RecordType, erpKey: string | undefined, flags: WhyFlags) =>
      end(await (await import('./why.ts')).whyCommand(type, erpKey, flags)),
    )
}

function addOthers(program: Command, end: End): void {
  program
    .command('doctor')
    .description('check both systems, permissions, custom fields, clock, database and disk')
    .option('--json', JSON_HELP)
    .action(async (flags: { json?: boolean }) => end(await (await import('./doctor.ts')).doctor(flags)))
  program
    .command('worker')
    .description('work on runs that were started elsewhere')
    .action(async () => end(await (await import('./worker.ts')).workerCommand()))
  program
    .command('sandbox')
    .description('run the two sandbox systems')
    .addOption(
      new Option('--seed <n>', 'the same seed makes the same firm (1)').argParser(wholeNumberBetween(0, 4_294_967_295)),
    )
    .addOption(new Option('--projects <n>', 'how many projects (1,700)').argParser(wholeNumberBetween(0, 100_000)))
    .addOption(
      new Option('--port <p>', 'this port and the two after it; any free ones without it').argParser(
        wholeNumberBetween(1, 65_533),
      ),
    )
    .option('--state <file>', 'keep the state in a file; in memory without it')
    .option('--faults <json>', 'switches to begin with, such as {"erp":{"latencyMs":50}}')
    .option('--json', 'print addresses and access as one line of JSON when they answer')
    .action(async (flags: SandboxFlags) => end(await (await import('./sandbox.ts')).sandboxCommand(flags)))
}

function addUsers(program: Command, end: End): void {
  const users = program.command('users').description('accounts')
  users
    .command('add')
    .description('add an account and print its password')
    .argument('<email>')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .action(async (email: string, flags: { role: Role }) =>
      end(await (await import('./users.ts')).addAccount(email, flags.role)),
    )
  users
    .command('reset')
    .description('give an account a new password and print it')
    .argument('<email>')
    .action(async (email: string) => end(await (await import('./users.ts')).resetAccount(email)))
}

function typeOption(): Option {
  return new Option('--type <type>', 'of one record type').choices(RECORD_TYPES)
}

function typeArgument(): Argument {
  return new Argument('<type>', 'the record type').choices(RECORD_TYPES).argParser((text) => {
    const type = RECORD_TYPES.find((one) => one === text)
    if (!type) throw new InvalidArgumentError(`Allowed choices are ${RECORD_TYPES.join(', ')}.`)
    return type
  })
}

function jsonOption(): Option {
  return new Option('--json', JSON_HELP).conflicts('csv')
}

function csvOption(): Option {
  return new Option('--csv', 'print CSV, safe to open in a spreadsheet').conflicts('json')
}
