import { SingleBar } from 'cli-progress'
import type { RunProgress } from '#lib/store/runs'
import { displayText } from '#lib/sync/display-text'
import { formatCount, note } from './output.ts'

/** What a person sees of a run while it goes; on standard error, so that standard output stays the answer. */
export interface ProgressDisplay {
  show(progress: RunProgress): void
  /** Clears the bar, so that what is printed next begins on a line of its own. */
  stop(): void
}

/** A bar on a terminal; elsewhere (a log of a scheduler, a pipe) a line for each step and one now and then. */
export function openProgress(): ProgressDisplay {
  return process.stderr.isTTY ? openBar() : openLines(Date.now)
}

const BAR_WIDTH = 30
const LABEL_WIDTH = 40

function openBar(): ProgressDisplay {
  const bar = new SingleBar({
    stream: process.stderr,
    format: (_options, params, payload: Partial<RunProgress>) => {
      const label = displayText(payload.label ?? 'Starting', LABEL_WIDTH).padEnd(LABEL_WIDTH)
      if (!payload.of) return `${label} ${params.value > 0 ? formatCount(params.value) : '…'}`
      const filled = Math.round(Math.min(1, params.progress) * BAR_WIDTH)
      const drawn = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled)
      return `${label} ${drawn} ${formatCount(params.value)} of ${formatCount(payload.of)}`
    },
    clearOnComplete: true,
    hideCursor: true,
    // The command decides what Ctrl-C means.
    gracefulExit: false,
  })
  bar.start(1, 0, {})
  return {
    show(progress) {
      bar.setTotal(progress.of ?? 1)
      bar.update(progress.done, progress)
    },
    stop: () => bar.stop(),
  }
}

const LINE_EVERY_MILLISECONDS = 15_000

/** @param now milliseconds, by any clock. */
export function openLines(now: () => number, write: (line: string) => void = note): ProgressDisplay {
  let label = ''
  let writtenAt = 0
  return {
    show(progress) {
      const isNewStep = progress.label !== label
      if (!isNewStep && now() - writtenAt < LINE_EVERY_MILLISECONDS) return
      label = progress.label
      writtenAt = now()
      const of = progress.of === null ? '' : ` of ${formatCount(progress.of)}`
      const counted = isNewStep || progress.done === 0 ? '' : `: ${formatCount(progress.done)}${of}`
      write(`${displayText(label)}${counted}`)
    },
    stop: () => undefined,
  }
}
