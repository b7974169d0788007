'use client'

import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'

export interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  /** What will happen to what, in a sentence. */
  context?: ReactNode
  children: ReactNode
  /** `drawer` opens at the right edge and keeps the page in sight. */
  shape?: 'centre' | 'drawer'
}

const SHAPE = {
  centre: 'm-auto w-[min(520px,calc(100vw-32px))] max-h-[calc(100dvh-32px)] rounded-card border',
  drawer: 'my-0 me-0 ms-auto h-dvh max-h-none w-[min(520px,100vw)] max-w-none border-s',
} as const

/** The browser's own modal dialog: it keeps the focus, closes on Escape and hands the focus back. */
export function Dialog({ open, onClose, title, context, children, shape = 'centre' }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = element.current
    if (!dialog) return
    if (open && !dialog.open) dialog.showModal()
    if (!open && dialog.open) dialog.close()
  }, [open])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard's way out is Escape, which the browser gives
    <dialog
      ref={element}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
      className={classNames(
        'border-line bg-raised p-0 text-start text-base text-ink shadow-float backdrop:bg-[oklch(0.15_0.01_220/0.45)]',
        SHAPE[shape],
      )}
    >
      {open ? (
        <div className="flex max-h-full min-h-0 flex-col">
          <div className="flex items-start justify-between gap-4 border-b border-line px-5 py-3.5">
            <div className="min-w-0">
              <h2 id={titleId} className="text-lg">
                {title}
              </h2>
              {context ? <div className="pt-0.5 text-sm text-ink-muted text-pretty">{context}</div> : null}
            </div>
            <IconButton icon={X} label="Close" onClick={onClose} className="-me-2" />
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
        </div>
      ) : null}
    </dialog>
  )
}

/** The last row of a dialog: the way out first, the verb at the end. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap justify-end gap-2 pt-5">{children}</div>
}
