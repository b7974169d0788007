'use client'

import { useActionState } from 'react'
import type { MailServerView } from '#lib/store/mail-server'
import { Card } from '../../../_ui/card.tsx'
import { ErrorNote, Note } from '../../../_ui/error-note.tsx'
import { TextField } from '../../../_ui/field.tsx'
import { SelectField } from '../../../_ui/select.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { Time } from '../../../_ui/time.tsx'
import { mailServerAction } from './actions.ts'
import { UNTOUCHED } from './state.ts'

const ENCRYPTION = [
  { value: 'starttls', label: 'STARTTLS (port 587)' },
  { value: 'tls', label: 'TLS (port 465)' },
]

/** The server that e-mail goes through. The password is written here and never shown again. */
export function MailServerForm({ server }: { server: MailServerView | null }) {
  const [state, send] = useActionState(mailServerAction, UNTOUCHED)
  const saved: Readonly<Record<string, string>> = {
    host: server?.host ?? '',
    port: String(server?.port ?? 587),
    username: server?.username ?? '',
    sender: server?.sender ?? '',
    encryption: server?.secure ? 'tls' : 'starttls',
  }
  const field = (name: string) => ({
    name,
    key: `${name} ${state.answer}`,
    error: state.fields?.[name]?.[0],
    defaultValue: state.values[name] ?? saved[name] ?? '',
    autoComplete: 'off',
    spellCheck: false,
  })
  const { key: encryptionKey, autoComplete: _, spellCheck: __, ...encryption } = field('encryption')
  const text = (name: string, words: { label: string; help: string; placeholder?: string }) => {
    const { key, ...rest } = field(name)
    return <TextField key={key} {...rest} {...words} />
  }
  return (
    <form action={send} noValidate>
      <Card
        id="mail-server"
        title="Mail server"
        context={
          server ? (
            <>
              Saved <Time at={server.changedAt} /> by {server.changedBy}
            </>
          ) : (
            'Needed for e-mail alone; webhooks do without.'
          )
        }
        footer={<SubmitButton className="ms-auto">Save mail server</SubmitButton>}
      >
        <div className="flex flex-col gap-5">
          {state.error ? <ErrorNote title={state.error} /> : null}
          {state.done ? <Note tone="ok" role="status" title={state.done} /> : null}
          <div className="grid gap-x-8 gap-y-4 md:grid-cols-2">
            {text('host', {
              label: 'Server',
              help: 'Its name. One on a private network has to be listed in CROSSWALK_ALLOWED_HOSTS.',
              placeholder: 'smtp.firm.com',
            })}
            <div className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4">
              {text('port', { label: 'Port', help: '' })}
              <SelectField key={encryptionKey} {...encryption} label="Encryption" options={ENCRYPTION} />
            </div>
            {text('username', { label: 'User name', help: 'Empty, if the server asks for none.' })}
            <TextField
              key={`password ${state.answer}`}
              name="password"
              type="password"
              label="Password"
              autoComplete="new-password"
              placeholder={server?.passwordEndsIn ? 'Saved; leave empty to keep it' : undefined}
              error={state.fields?.password?.[0]}
              help={
                server?.passwordEndsIn ? (
                  <>
                    Saved, ends in <span className="font-mono text-xs">••{server.passwordEndsIn}</span>
                  </>
                ) : (
                  'Kept sealed, never shown again, and only sent over an encrypted connection.'
                )
              }
            />
            {text('sender', {
              label: 'Sender',
              help: 'The address that messages come from.',
              placeholder: 'crosswalk@firm.com',
            })}
          </div>
        </div>
      </Card>
    </form>
  )
}
