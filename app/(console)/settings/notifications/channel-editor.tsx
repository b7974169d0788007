import { KeyRound, type LucideIcon, Trash2 } from 'lucide-react'
import type { ChannelView } from '#lib/store/channels'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import type { FormState } from './state.ts'
import { type KindChoice, WantedFields } from './wanted-fields.tsx'

export interface ChannelEditorProps {
  channel: ChannelView
  choices: readonly KindChoice[]
  state: FormState
  send: (form: FormData) => void
}

/** What can be changed of a channel. Its address cannot: another address is another channel. */
export function ChannelEditor({ channel, choices, state, send }: ChannelEditorProps) {
  const { id, kind, alertKinds, mode } = channel
  const isEntered = Object.keys(state.values).length > 0
  return (
    <div className="flex flex-col gap-5">
      <form action={send} noValidate className="flex flex-col gap-4">
        <input type="hidden" name="channelId" value={id} />
        <WantedFields
          idPrefix={id}
          choices={choices}
          isWanted={(one) => (isEntered ? state.values[`alert_${one}`] === 'on' : alertKinds.includes(one))}
          mode={state.values.mode ?? mode}
          error={state.fields?.alertKinds?.[0]}
          answer={state.answer}
        />
        <SubmitButton name="intent" value="save" className="self-end">
          Save channel
        </SubmitButton>
      </form>
      {kind === 'webhook' ? (
        <Deed
          channel={channel}
          send={send}
          intent="renew"
          icon={KeyRound}
          words="A new signing secret takes the place of the old one at once: have the receiver ready for it."
        >
          New secret
        </Deed>
      ) : null}
      <Deed
        channel={channel}
        send={send}
        intent="remove"
        icon={Trash2}
        words="Removing takes its history away as well. To keep that, switch the channel off."
      >
        Remove
      </Deed>
    </div>
  )
}

interface DeedProps {
  channel: ChannelView
  send: (form: FormData) => void
  intent: 'renew' | 'remove'
  /** What it means. */
  words: string
  icon: LucideIcon
  /** The button's word. */
  children: string
}

function Deed({ channel: { id, target }, send, intent, words, icon, children }: DeedProps) {
  return (
    <form
      action={send}
      className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-t border-line pt-4"
    >
      <input type="hidden" name="channelId" value={id} />
      <p className="min-w-0 flex-1 basis-64 text-sm text-ink-muted text-pretty">{words}</p>
      <SubmitButton
        name="intent"
        value={intent}
        variant={intent === 'remove' ? 'danger' : 'secondary'}
        size="small"
        icon={icon}
        aria-label={`${children}: ${target}`}
      >
        {children}
      </SubmitButton>
    </form>
  )
}
