import { displayText } from '#lib/sync/display-text'

/** Whoever read standard output has gone away (`crosswalk log | head`): nothing is left to say, and nothing went wrong. */
export class OutputClosed extends Error {}

/** Writes to standard output and waits until it is taken, so that an export of any size needs little memory. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error) resolve()
      else reject('code' in error && error.code === 'EPIPE' ? new OutputClosed() : error)
    })
  })
}

/** Standard output that is closed early is told by {@link print}; without a listener it would end the process. */
export function tolerateClosedOutput(): void {
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
}

export async function printLine(line = ''): Promise<void> {
  await print(`${line}\n`)
}

/** The one JSON document of a command with `--json`. */
export async function printJson(document: unknown): Promise<void> {
  await print(`${JSON.stringify(document, null, 2)}\n`)
}

/** A remark for the person at the terminal: on standard error, because standard output belongs to the answer. */
export function note(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

export interface Column {
  readonly title: string
  readonly align?: 'right'
  /** Longer values are cut with an ellipsis; without it the column is as wide as its widest value. */
  readonly width?: number
}

/**
 * Rows in aligned columns with a line of titles. Values are shown without control and direction characters, which
 * could repaint a terminal. The last column is never padded or cut.
 */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => columns.map((column, i) => displayText(row[i] ?? '', column.width ?? 1_000)))
  const widths = columns.map((column, i) =>
    shown.reduce((widest, row) => Math.max(widest, widthOf(row[i] ?? '')), widthOf(column.title)),
  )
  const lines = [columns.map((column) => column.title), ...shown].map((row) =>
    row
      .map((value, i) => {
        const padding = ' '.repeat(Math.max(0, (widths[i] ?? 0) - widthOf(value)))
        if (columns[i]?.align === 'right') return padding + value
        return i === columns.length - 1 ? value : value + padding
      })
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

function widthOf(text: string): number {
  return [...text].length
}

const wholeNumber = new Intl.NumberFormat('en-US')

/** 1700 → `1,700`. */
export function formatCount(count: number): string {
  return wholeNumber.format(count)
}

/** A stamp in the time zone of this terminal, to the second: `2026-05-04 15:45:00`. */
export function localTime(stamp: string | null): string {
  return stamp === null ? '' : new Date(stamp).toLocaleString('sv-SE')
}

/** 95 s → `1 min 35 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return seconds < 60 ? `${seconds} s` : `${formatCount(Math.floor(seconds / 60))} min ${seconds % 60} s`
}
