import type { BudgetView } from '#lib/store/views-budget'
import type { ApiBudget } from '#lib/sync/budget'
import { Card } from '../../../_ui/card.tsx'
import { Progress } from '../../../_ui/progress.tsx'
import { Time } from '../../../_ui/time.tsx'
import { number, type SideNames } from './run-words.ts'

/** Calls to both APIs today, what the run that is going will still take, and when it will be done. */
export function ApiBudgetCard({ budget, names }: { budget: BudgetView; names: SideNames }) {
  return (
    <Card
      id="budget"
      title="API calls today"
      context={
        budget.finishesAt === null ? (
          'By UTC day, all syncs of this connection'
        ) : (
          <>
            At this rate the sync is done <Time at={budget.finishesAt} />
          </>
        )
      }
    >
      <ul className="flex flex-col gap-4">
        {(['erp', 'crm'] as const).map((side) => (
          <li key={side} className="flex flex-col gap-1.5">
            <span className="flex items-baseline justify-between gap-4">
              <span className="min-w-0 truncate font-medium">{names[side]}</span>
              <span className="tabular text-sm text-ink-muted">{used(budget[side])}</span>
            </span>
            {budget[side].limit === null ? null : (
              <Progress label={`Calls to ${names[side]} today`} done={budget[side].usedToday} of={budget[side].limit} />
            )}
            <span className={`tabular text-sm text-pretty ${budget[side].isShort ? 'text-warn' : 'text-ink-muted'}`}>
              {outlook(budget[side])}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function used({ usedToday, limit }: ApiBudget): string {
  return limit === null ? number(usedToday) : `${number(usedToday)} of ${number(limit)}`
}

function outlook({ runNeeds, isShort, limit, usedToday }: ApiBudget): string {
  const needs = runNeeds === null ? null : `The sync that is going needs about ${number(runNeeds)} more.`
  if (!isShort) return needs ?? (limit === null ? 'No daily limit is set.' : `${number(limit - usedToday)} are left.`)
  return [needs, 'That is more than today’s limit: see Settings, Connection.'].filter(Boolean).join(' ')
}
