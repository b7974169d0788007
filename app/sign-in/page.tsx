import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { currentUser } from '#lib/access/session'
import { hasAdministrator } from '#lib/store/users'
import { EntryFrame } from '../_ui/entry-frame.tsx'
import { SignInForm } from './form.tsx'
import { safeNext } from './schema.ts'

export const metadata: Metadata = { title: 'Sign in' }

interface SignInPageProps {
  searchParams: Promise<{ next?: string | string[] }>
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next } = await searchParams
  const target = safeNext(typeof next === 'string' ? next : undefined)
  if (!(await hasAdministrator())) redirect('/setup')
  if (await currentUser()) redirect(target)
  return (
    <EntryFrame
      title="Sign in"
      context="Use the account your administrator gave you."
      footer="Forgotten your password? An administrator can give you a new one under Settings, Users."
    >
      <SignInForm next={target} />
    </EntryFrame>
  )
}
