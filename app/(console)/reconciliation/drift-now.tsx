import { Wrench } from 'lucide-react'
import type { ComparisonPlanView, ComparisonView } from '#lib/store/views-drift'
import { Card } from '../../_ui/card.tsx'
import { Note } from '../../_ui/error-note.tsx'
import { Figure } from '../../_ui/figure.tsx'
import { LinkButton, TextLink } from '../../_ui/link-button.tsx'
import { Time } from '../../_ui/time.tsx'
import { counted, number, type SideNames } from '../sync/_run/run-words.ts'
import { DriftTable } from './drift-table.tsx'
import { driftPercent, percentWords } from './drift-words.ts'

interface DriftNowProps {
  comparison: ComparisonView
  plan: ComparisonPlanView | null
  limit: number
  names: SideNames
}

/** What the newest comparison found, and the way to repair it. */
export function DriftNow({ comparison, plan, limit, names }: DriftNowProps) {
  const { total, runId } = comparison
  const found = total.differing + total.missing
  return (
    <Card
      id="now"
      title="Drift now"
      context={
        <>
          Compared <Time at={comparison.at} />
          {plan ? ` by ${plan.startedBy}` : ''}. <TextLink href={`/sync/${runId}`}>Open the run</TextLink>
        </>
      }
      actions={found > 0 && plan ? <Repair runId={runId} plan={plan} /> : undefined}
    >
      <div className="flex flex-col gap-5">
        <Outcome found={found} plan={plan} names={names} />
        <dl className="grid grid-cols-1 gap-4 sm:grid-cols-3">
          <Figure
            label="Drift"
            value={percentWords(driftPercent(total))}
            isNothing={total.differing === 0}
            note={`Too much is more than ${limit} % of a type.`}
          />
          <Figure
            label="Differing"
            value={number(total.differing)}
            isNothing={total.differing === 0}
            note={`Of ${counted(total.compared, 'pair')}, in a field that the sync keeps in step.`}
          />
          <Figure
            label="Without partner"
            value={number(total.missing)}
            isNothing={total.missing === 0}
            note="Records that should have a partner on the other side."
          />
        </dl>
        <DriftTable comparison={comparison} limit={limit} />
      </div>
    </Card>
  )
}

function Repair({ runId, plan }: { runId: string; plan: ComparisonPlanView }) {
  const isOver = plan.state === 'applied' || plan.state === 'discarded'
  return (
    <LinkButton
      href={`/sync/preview/${runId}`}
      icon={isOver ? undefined : Wrench}
      variant={isOver ? 'secondary' : 'primary'}
    >
      {isOver ? 'List of differences' : 'Plan the repair'}
    </LinkButton>
  )
}

function Outcome({ found, plan, names }: { found: number; plan: ComparisonPlanView | null; names: SideNames }) {
  if (found === 0)
    return <Note tone="ok" title={`${names.erp} and ${names.crm} agree in everything that is kept in step.`} />
  if (plan?.state === 'applied') {
    return (
      <Note
        tone="ok"
        title="The repair of this comparison was applied. Compare again to see what is left."
        action={
          plan.appliedRunId ? (
            <LinkButton size="small" href={`/sync/${plan.appliedRunId}`}>
              Open the repair
            </LinkButton>
          ) : undefined
        }
      />
    )
  }
  return null
}
