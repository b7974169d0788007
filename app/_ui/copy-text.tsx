'use client'

import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

/** A key or an id in monospace with a button that copies it. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false)
  const Icon = copied ? Check : Copy
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 2000)
  }
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code title={text} className="truncate font-mono text-xs">
        {text}
      </code>
      <button
        type="button"
        onClick={copy}
        aria-label={`Copy ${label}`}
        title={copied ? 'Copied' : `Copy ${label}`}
        className="flex size-6 shrink-0 items-center justify-center rounded-[4px] text-ink-faint hover:bg-ink/6 hover:text-ink"
      >
        <Icon aria-hidden size={13} />
      </button>
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </span>
  )
}
