import type { Metadata } from 'next'
import { setupState } from '#lib/access/setup-token'
import { EntryFrame } from '../_ui/entry-frame.tsx'
import { LinkButton } from '../_ui/link-button.tsx'
import { SetupForm } from './form.tsx'

export const metadata: Metadata = { title: 'Set up' }

interface SetupPageProps {
  searchParams: Promise<{ token?: string | string[] }>
}

export default async function SetupPage({ searchParams }: SetupPageProps) {
  const { token } = await searchParams
  const given = typeof token === 'string' ? token : null
  const state = await setupState(given)
  if (state === 'done') {
    return (
      <EntryFrame title="Crosswalk is set up" context="The first administrator exists, so this link has done its work.">
        <LinkButton href="/sign-in" variant="primary" size="large" className="w-full">
          Sign in
        </LinkButton>
      </EntryFrame>
    )
  }
  if (state === 'open' && given) {
    return (
      <EntryFrame
        title="Create the first administrator"
        context="This account may do everything: run syncs, change settings and add other people."
        footer="This link works once. It was printed in the terminal where Crosswalk was started."
      >
        <SetupForm token={given} />
      </EntryFrame>
    )
  }
  return (
    <EntryFrame
      title={state === 'no-token' ? 'Open the set-up link' : 'This set-up link does not work'}
      context={
        state === 'no-token'
          ? 'No administrator exists yet. The terminal where Crosswalk was started shows a link that creates the first one: open it in this browser.'
          : 'It is incomplete, or Crosswalk was started again since: every start prints a new link, and only the newest works. Copy it whole from the terminal.'
      }
      footer="No link in sight? Stop Crosswalk and start it again: it prints a new one as long as nobody is administrator."
    />
  )
}
