import { z } from 'zod'
import { csvText, jsonText } from '#lib/ops/export-text'

export const exportFormatSchema = z.enum(['csv', 'json'])

const CONTENT_TYPE = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' } as const

/**
 * Rows as a download that is written while they are read. A read that breaks off breaks the download off too, so that
 * nobody takes a part for the whole.
 */
export function exportResponse(
  rows: AsyncIterable<object>,
  file: { readonly format: 'csv' | 'json'; readonly name: string; readonly columns: readonly string[] },
): Response {
  const text = file.format === 'csv' ? csvText(rows, file.columns, { byteOrderMark: true }) : jsonText(rows)
  const day = new Date().toISOString().slice(0, 10)
  return new Response(toStream(text), {
    headers: {
      'content-type': CONTENT_TYPE[file.format],
      'content-disposition': `attachment; filename="${file.name}-${day}.${file.format}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}

/** A refused export: the sentence and nothing else. */
export function exportRefusal(error: string): Response {
  return Response.json({ error }, { status: 400, headers: { 'cache-control': 'no-store' } })
}

function toStream(text: AsyncGenerator<string, void, undefined>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await text.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await text.return()
    },
  })
}
