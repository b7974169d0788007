/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  distDir: process.env.NEXT_DIST ?? '.next',
  // `npm run typecheck` and CI check the types; a start should not take the time, nor fail over a test.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['pg', 'pg-boss', '@prisma/client', '@prisma/adapter-pg', 'undici', 'pino', 'nodemailer'],
  experimental: { authInterrupts: true, serverActions: { bodySizeLimit: '256kb' } },
}

export default config
