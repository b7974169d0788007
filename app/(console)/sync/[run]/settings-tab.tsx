import { findConnection } from '#lib/store/connections'
import type { RunView } from '#lib/store/views-runs'
import { Card, type Fact, Facts } from '../../../_ui/card.tsx'
import { CopyText } from '../../../_ui/copy-text.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { TYPE_PLURAL } from '../../record-types.ts'
import { counted } from '../_run/run-words.ts'

const TOTALS_WORDS = { each_run: 'Each run', nightly: 'Nightly', never: 'Never' } as const
const POLICY_WORDS = { erp_wins: 'ERP wins', crm_wins: 'CRM wins', newest_wins: 'Newest wins', ask: 'Ask' } as const

/** What the run was started with, and the connection's settings it works by. */
export async function SettingsTab({ run }: { run: RunView }) {
  const connection = await findConnection(run.connectionId)
  return (
    <div className="flex flex-col gap-4">
      <Card id="run-settings" title="Kept with the run" context="These are the values the run was started with.">
        <Facts facts={runFacts(run)} />
      </Card>
      {connection ? (
        <Card
          id="connection-settings"
          title="Of the connection"
          context="As they are now: they may have been changed since the run."
          actions={
            <LinkButton href="/settings/connection" size="small">
              Open settings
            </LinkButton>
          }
        >
          <Facts facts={connectionFacts(run, connection.settings)} />
        </Card>
      ) : null}
    </div>
  )
}

function runFacts(run: RunView): Fact[] {
  const { options } = run
  const yes = (on: boolean) => (on ? 'On' : 'Off')
  return [
    { label: `Map unsynced ${run.erpName} projects`, value: yes(options.mapUnsynced) },
    {
      label: `If no ${run.crmName} project matches`,
      value: !options.mapUnsynced
        ? 'Not used'
        : options.whenNoMatch === 'create'
          ? 'Create it'
          : 'Leave it out and log it',
    },
    { label: 'Sync closed projects', value: yes(options.includeClosed) },
    { label: 'Keep going', value: yes(options.allBatches) },
    { label: 'Batch size', value: counted(run.batches.size, 'project') },
    {
      label: 'Matched for the first time',
      value: run.firstTimeTypes.map((type) => TYPE_PLURAL[type]).join(', ') || 'None',
    },
    { label: 'Run id', value: <CopyText text={run.id} label="the run’s id" /> },
  ]
}

type Settings = NonNullable<Awaited<ReturnType<typeof findConnection>>>['settings']

function connectionFacts(run: RunView, settings: Settings): Fact[] {
  const rate = (perSecond: number | null) => (perSecond === null ? 'Unlimited' : `${perSecond} requests a second`)
  return [
    { label: `${run.erpName} rate`, value: rate(settings.erpRate) },
    { label: `${run.crmName} rate`, value: rate(settings.crmRate) },
    { label: 'Calls at once', value: `${settings.erpConcurrency} and ${settings.crmConcurrency}` },
    { label: 'Project totals', value: TOTALS_WORDS[settings.projectTotals] },
    { label: 'Conflicts', value: POLICY_WORDS[settings.conflictPolicy] },
    { label: 'Full read', value: `Every ${counted(settings.fullReadEvery, 'run')}` },
    { label: 'External key field', value: <code className="font-mono text-xs">{settings.externalKeyField}</code> },
    { label: 'Grace after a lost answer', value: counted(settings.graceSeconds, 'second') },
  ]
}
