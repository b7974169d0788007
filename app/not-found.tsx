import { EntryFrame } from './_ui/entry-frame.tsx'
import { LinkButton } from './_ui/link-button.tsx'

export default function NotFound() {
  return (
    <EntryFrame
      title="There is no such page"
      context="The address may be mistyped, or what it showed no longer exists."
    >
      <LinkButton href="/" variant="primary" size="large" className="w-full">
        Go to the overview
      </LinkButton>
    </EntryFrame>
  )
}
