// How the journeys run: one real Chromium, which the system has, against the server as it was built.
import { defineConfig, devices } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  forbidOnly: Boolean(process.env.CI),
  retries: process.env.CI ? 1 : 0, // a machine that stalls is told from a defect; xtask names who needed it
  workers: 1, // each worker starts a server of its own; one is enough for a small machine
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: "report/journeys.json" }]],
  use: {
    ...devices["Desktop Chrome"],
    locale: "de-DE",
    timezoneId: "Europe/Berlin",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: { executablePath: process.env.PLAYWRIGHT_CHROMIUM ?? "/usr/bin/chromium" },
  },
});
