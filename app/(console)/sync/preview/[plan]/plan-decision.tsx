import { PLAN_KINDS } from '#lib/store/plan-filter'
import type { Plan } from '#lib/store/plans'
import type { PlanTally } from '#lib/store/views-plan'
import type { RunView } from '#lib/store/views-runs'
import { Card, type Fact, Facts } from '../../../../_ui/card.tsx'
import { Note } from '../../../../_ui/error-note.tsx'
import { LinkButton, TextLink } from '../../../../_ui/link-button.tsx'
import { Time } from '../../../../_ui/time.tsx'
import { IdentityLine } from '../../_run/counts-table.tsx'
import { OutcomeBar } from '../../_run/outcome-bar.tsx'
import { counted, number, runOptionLabels, type SideNames, totalCounts } from '../../_run/run-words.ts'
import { kindWords } from './kind-words.ts'
import { AskedPlanForm, PlanForm } from './plan-forms.tsx'
import { matching } from './plan-tally.ts'

interface PlanDecisionProps {
  plan: Plan
  run: RunView
  names: SideNames
  tally: readonly PlanTally[]
  asks: 'apply' | 'discard' | null
  mayRun: boolean
  secondApprover: boolean
  /** Whether this person may approve it, where a second person is asked for. */
  mayApprove: boolean
}

/** Who made the plan, what it comes to, and what can be done with it. */
export function PlanDecision(props: PlanDecisionProps) {
  const { plan, run, names } = props
  const problems = matching(props.tally, { type: null, kind: 'problem', included: null })
  const isDone = plan.state === 'applied' || plan.state === 'discarded'
  const totals = totalCounts(run.counts)
  const facts: Fact[] = [
    { label: 'Made', value: <Time at={plan.createdAt.toISOString()} /> },
    { label: 'By', value: plan.createdBy },
    { label: 'Options', value: optionsOf(run, names) },
    {
      label: 'From',
      value: (
        <TextLink href={`/sync/${run.id}`}>the {run.kind === 'reconcile' ? 'comparison' : 'preview run'}</TextLink>
      ),
    },
  ]
  if (plan.approvedBy !== null && plan.approvedAt !== null) {
    const approved = <Time at={plan.approvedAt.toISOString()} />
    facts.push({
      label: 'Approved by',
      value: (
        <>
          {plan.approvedBy}, {approved}
        </>
      ),
    })
  }
  return (
    <Card id="plan" title="What it comes to" actions={<Buttons {...props} />}>
      <div className="flex flex-col gap-5">
        <Question {...props} />
        {plan.appliedRunId ? (
          <Note
            tone="ok"
            title="This plan was applied."
            action={
              <LinkButton size="small" href={`/sync/${plan.appliedRunId}`}>
                Open the run
              </LinkButton>
            }
          />
        ) : null}
        {waits(props) ? <Note title={waits(props)} /> : null}
        {totals.considered > 0 ? (
          <>
            <OutcomeBar counts={totals} open={false} foreseen />
            <IdentityLine counts={totals} />
          </>
        ) : null}
        {run.batches.remainingProjects > 0 && !isDone ? (
          <p className="max-w-[80ch] text-pretty text-ink-muted">
            {counted(run.batches.remainingProjects, 'more project')} would be left for later runs. Preview with “Keep
            going” to see them all.
          </p>
        ) : null}
        {problems > 0 && !isDone ? (
          <p className="max-w-[80ch] text-pretty text-ink-muted">
            {counted(problems, 'record')} cannot be dealt with as things are; they are listed with the reason and are
            not part of what is applied.
          </p>
        ) : null}
        <Facts facts={facts} />
      </div>
    </Card>
  )
}

function optionsOf(run: RunView, names: SideNames): string {
  return runOptionLabels({ ...run, options: { ...run.options, preview: false } }, names).join('; ') || 'None'
}

/** Why the person cannot apply it now, as a sentence; empty where they can. */
function waits({ plan, mayRun, secondApprover, mayApprove }: PlanDecisionProps): string {
  if (plan.state === 'applied' || plan.state === 'discarded') return ''
  if (!mayRun) return 'Your role may look at the plan but not apply it. It needs the role Operator.'
  if (plan.state === 'open' && secondApprover && !mayApprove)
    return 'This connection asks for a second person: somebody else approves the plan before it can be applied.'
  return ''
}

function Buttons({ plan, names, tally, mayRun, secondApprover, mayApprove }: PlanDecisionProps) {
  const ticked = tickedOf(tally)
  if (!mayRun || plan.state === 'applied' || plan.state === 'discarded') return null
  const open = plan.state === 'open'
  return (
    <div className="flex flex-wrap items-center gap-2">
      <AskedPlanForm
        planId={plan.id}
        act="discard"
        verb="Discard"
        variant="danger"
        title="Discard this plan?"
        context="It can then no longer be applied. Nothing is changed in either system."
      />
      {open ? null : <PlanForm planId={plan.id} act="reopen" verb="Take approval back" variant="secondary" />}
      {open && secondApprover ? (
        mayApprove ? (
          <PlanForm planId={plan.id} act="approve" verb={`Approve ${changes(ticked)}`} disabled={ticked === 0} />
        ) : null
      ) : (
        <AskedPlanForm
          planId={plan.id}
          act="apply"
          verb={`Apply ${changes(ticked)}`}
          variant="primary"
          disabled={ticked === 0}
          title={`Apply ${changes(ticked)}?`}
          context={APPLY_EXPLANATION}
          details={<WhatIsTicked tally={tally} names={names} />}
        />
      )}
    </div>
  )
}

const APPLY_EXPLANATION =
  'Exactly what is ticked is written, to both systems. A record that has changed since the plan was made is left as it is and named.'

/** Without JavaScript a press on Apply or Discard leads here. */
function Question({ plan, names, tally, asks, mayRun, secondApprover }: PlanDecisionProps) {
  const ticked = tickedOf(tally)
  const isDone = plan.state === 'applied' || plan.state === 'discarded'
  if (asks === null || !mayRun || isDone || (asks === 'apply' && plan.state === 'open' && secondApprover)) return null
  const apply = asks === 'apply'
  return (
    <Note tone="warn" title={apply ? `Apply ${changes(ticked)}?` : 'Discard this plan?'}>
      {apply ? APPLY_EXPLANATION : 'It can then no longer be applied. Nothing is changed in either system.'}
      {apply ? (
        <div className="pt-2">
          <WhatIsTicked tally={tally} names={names} />
        </div>
      ) : null}
      <PlanForm
        planId={plan.id}
        act={asks}
        verb={apply ? `Apply ${changes(ticked)}` : 'Discard'}
        variant={apply ? 'primary' : 'danger'}
        keep={<LinkButton href={`/sync/preview/${plan.id}`}>Not yet</LinkButton>}
      />
    </Note>
  )
}

function changes(ticked: number): string {
  return counted(ticked, 'change')
}

function tickedOf(tally: readonly PlanTally[]): number {
  return matching(tally, { type: null, kind: null, included: true })
}

/** What would be written, by kind: the last look before it is. */
function WhatIsTicked({ tally, names }: { tally: readonly PlanTally[]; names: SideNames }) {
  const kinds = PLAN_KINDS.map((kind) => ({ kind, count: matching(tally, { type: null, kind, included: true }) }))
  return (
    <dl className="flex flex-col gap-1 text-sm">
      {kinds
        .filter(({ count }) => count > 0)
        .map(({ kind, count }) => (
          <div key={kind} className="flex max-w-64 justify-between gap-4">
            <dt className="text-ink-muted">{kindWords(kind, names).label}</dt>
            <dd className="tabular font-medium">{number(count)}</dd>
          </div>
        ))}
    </dl>
  )
}
