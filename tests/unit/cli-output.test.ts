import { expect, test } from 'vitest'
import { formatDuration, textTable } from '#lib/cli/output'
import { openLines } from '#lib/cli/progress'

test('columns stand in line, and a name cannot repaint the terminal or turn its direction', () => {
  const text = textTable(
    [{ title: 'key', align: 'right' }, { title: 'name' }, { title: 'note' }],
    [
      ['7', 'A\u001b[2Jcme\u202Eeht', 'x'],
      ['1042', 'Bay', ''],
    ],
  )
  expect(text).toBe(' key  name        note\n   7  A[2Jcmeeht  x\n1042  Bay\n')
})

test('a long value is cut to the width of its column', () => {
  expect(textTable([{ title: 'by', width: 8 }, { title: 'n' }], [['somebody@firm.com', '1']])).toContain('somebod…  1')
})

test('without a terminal, a step is told once and then only now and then', () => {
  let now = 0
  const lines: string[] = []
  const display = openLines(
    () => now,
    (line) => lines.push(line),
  )
  for (let done = 0; done < 40; done += 1) {
    display.show({ label: 'Sending projects to Vantagepoint', done, of: 1_500 })
    now += 1_000
  }
  display.show({ label: 'Reading projects from Ajera', done: 0, of: null })
  expect(lines).toEqual([
    'Sending projects to Vantagepoint',
    'Sending projects to Vantagepoint: 15 of 1,500',
    'Sending projects to Vantagepoint: 30 of 1,500',
    'Reading projects from Ajera',
  ])
})

test('a duration is told in seconds, then in minutes', () => {
  expect(formatDuration(41_600)).toBe('42 s')
  expect(formatDuration(59_700)).toBe('1 min 0 s')
  expect(formatDuration(95_000)).toBe('1 min 35 s')
})
