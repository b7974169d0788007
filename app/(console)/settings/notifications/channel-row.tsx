'use client'

import { Mail, Send, Webhook } from 'lucide-react'
import { useActionState } from 'react'
import type { ChannelView } from '#lib/store/channels'
import { Badge } from '../../../_ui/badge.tsx'
import { Disclosure } from '../../../_ui/disclosure.tsx'
import { ErrorNote, Note } from '../../../_ui/error-note.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { channelAction, testChannelAction } from './actions.ts'
import { ChannelEditor } from './channel-editor.tsx'
import { SecretNote } from './secret-note.tsx'
import { UNTOUCHED } from './state.ts'
import type { KindChoice } from './wanted-fields.tsx'

export interface ChannelRowProps {
  channel: ChannelView
  choices: readonly KindChoice[]
}

/** One channel: where it leads, what it hears of, a test at a press, and behind a line what can be changed. */
export function ChannelRow({ channel, choices }: ChannelRowProps) {
  const [state, send] = useActionState(channelAction, UNTOUCHED)
  const [test, sendTest] = useActionState(testChannelAction, UNTOUCHED)
  const { id, kind, target, enabled } = channel
  const Icon = kind === 'email' ? Mail : Webhook
  return (
    <li className="flex flex-col gap-3 px-4 py-3.5 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-64 items-start gap-2.5">
          <Icon aria-hidden size={16} strokeWidth={1.75} className="mt-0.5 shrink-0 text-ink-muted" />
          <div className="min-w-0">
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-medium [overflow-wrap:anywhere]">{target}</span>
              {enabled ? null : <Badge tone="idle">Off</Badge>}
            </p>
            <p className="text-sm text-ink-muted text-pretty">{summaryOf(channel, choices)}</p>
          </div>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <form action={sendTest}>
            <input type="hidden" name="channelId" value={id} />
            <SubmitButton variant="secondary" size="small" icon={Send} aria-label={`Test ${target}`}>
              Test
            </SubmitButton>
          </form>
          <form action={send}>
            <input type="hidden" name="channelId" value={id} />
            <SubmitButton
              name="intent"
              value={enabled ? 'disable' : 'enable'}
              variant="quiet"
              size="small"
              aria-label={`Switch ${enabled ? 'off' : 'on'} ${target}`}
            >
              {enabled ? 'Switch off' : 'Switch on'}
            </SubmitButton>
          </form>
        </div>
      </div>
      {test.error ? <ErrorNote title={test.error} /> : null}
      {test.done ? <Note tone="ok" role="status" title={test.done} /> : null}
      {state.error ? <ErrorNote title={state.error} /> : null}
      {state.done ? <Note tone="ok" role="status" title={state.done} /> : null}
      {state.secret ? <SecretNote secret={state.secret} /> : null}
      <Disclosure
        open={state.fields !== undefined}
        summary={
          <>
            Change<span className="sr-only"> {target}</span>
          </>
        }
      >
        <ChannelEditor channel={channel} choices={choices} state={state} send={send} />
      </Disclosure>
    </li>
  )
}

function summaryOf({ kind, mode, alertKinds }: ChannelView, choices: readonly KindChoice[]): string {
  const by = `${kind === 'email' ? 'E-mail' : 'Signed webhook'}, ${mode === 'each' ? 'at once' : 'once a day'}`
  if (alertKinds.length === choices.length) return `${by}: everything`
  const labels = choices.filter(({ kind: one }) => alertKinds.includes(one)).map(({ label }) => label)
  return `${by}: ${labels.join('; ')}`
}
