import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diskProblem } from '../../lib/ops/disk-space.ts'

test('a disk with too little room is named with what is left, also for a folder that is still to be made', async () => {
  const folder = join(tmpdir(), 'not', 'made yet')
  expect(await diskProblem([folder], Number.MAX_SAFE_INTEGER)).toMatch(
    /^The disk of .*made yet is full \(\d+ MB left\): free some space and start again\.$/,
  )
})

test('a disk with room is no problem', async () => {
  expect(await diskProblem([tmpdir()], 0)).toBeNull()
})
