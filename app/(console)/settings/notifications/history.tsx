import { Inbox } from 'lucide-react'
import type { KeysetPage } from '#lib/store/keyset'
import type { MessageView } from '#lib/store/views-notifications'
import { EmptyState } from '../../../_ui/empty-state.tsx'
import { Pagination } from '../../../_ui/pagination.tsx'
import { Status } from '../../../_ui/status.tsx'
import { Clip, type Column, Table } from '../../../_ui/table.tsx'
import { Time } from '../../../_ui/time.tsx'
import type { Tone } from '../../../_ui/tone.ts'
import { address } from '../../address.ts'

const STATES: Readonly<Record<MessageView['state'], { tone: Tone; word: string }>> = {
  waiting: { tone: 'info', word: 'Waiting' },
  sent: { tone: 'ok', word: 'Sent' },
  failed: { tone: 'bad', word: 'Failed' },
}

const columns: Column<MessageView>[] = [
  { key: 'at', header: 'Time', width: '136px', cell: ({ createdAt }) => <Time at={createdAt} show="exact" /> },
  {
    key: 'subject',
    header: 'Message',
    width: '44%',
    clip: true,
    primary: true,
    cell: ({ subject }) => <Clip>{subject}</Clip>,
  },
  { key: 'target', header: 'Channel', width: '26%', clip: true, cell: ({ target }) => <Clip>{target}</Clip> },
  {
    key: 'state',
    header: 'State',
    width: '92px',
    cell: ({ state }) => <Status tone={STATES[state].tone}>{STATES[state].word}</Status>,
  },
  {
    key: 'problem',
    header: 'Problem',
    width: '30%',
    cell: (message) => <Problem message={message} />,
    isEmpty: ({ problem }) => problem === null,
  },
]

/** What was sent, or tried, the newest first. */
export function History({ page }: { page: KeysetPage<MessageView> }) {
  const { rows, position, next, previous } = page
  const href = (place: Record<string, string>) => `${address('/settings/notifications', place)}#history`
  return (
    <section id="history" aria-labelledby="history-title" className="min-w-0 scroll-mt-4">
      <h2 id="history-title" className="pb-3 text-base">
        History
      </h2>
      <Table
        label="Messages, newest first"
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        empty={
          <EmptyState icon={Inbox} title="What was sent will be listed here">
            Nothing has broken since the first channel was added, and no test was sent.
          </EmptyState>
        }
      />
      {rows.length > 0 && (next !== null || previous !== null) ? (
        <Pagination
          noun="messages"
          range={{ from: position, to: position + rows.length - 1 }}
          total={null}
          previousHref={previous && href({ before: previous })}
          nextHref={next && href({ after: next })}
        />
      ) : null}
    </section>
  )
}

function Problem({ message: { state, problem, attempts, dueAt } }: { message: MessageView }) {
  if (problem === null) return null
  return (
    <span className="block py-1 text-sm text-pretty wrap-anywhere">
      {problem}{' '}
      <span className="text-ink-muted">
        {state === 'waiting' ? (
          <>
            Attempt {attempts} of 5; the next one <Time at={dueAt} />.
          </>
        ) : state === 'failed' && attempts > 1 ? (
          `Given up after ${attempts} attempts.`
        ) : null}
      </span>
    </span>
  )
}
