/** Setting a second factor up, as people do on the page "Sicherheit". */
import { expect, type Person } from './journey';
import { CodeApp } from './totp';

/** Goes to the page of the second factor by its address. */
export async function openSecurity({ page, say }: Person): Promise<void> {
  await page.goto('/security');
  await expect(page.getByRole('heading', { level: 2, name: say('second_factor.title') })).toBeVisible();
}

/** How a second factor is set up. */
interface How {
  /** Whether the pages are inspected, and what goes wrong is tried. */
  isLookedAt?: boolean;
  /** What comes before the picture: whoever signed in long ago gives the password again. */
  before?: () => Promise<void>;
}

/** Sets a second factor up and gives the app and the recovery codes. */
export async function setUp(person: Person, { isLookedAt = false, before }: How = {}): Promise<{ app: CodeApp; codes: string[] }> {
  const { page, say } = person;
  await openSecurity(person);
  await page.getByRole('button', { name: say('second_factor.set_up'), exact: true }).click();
  await before?.();
  await expect(page.getByRole('img', { name: say('second_factor.picture') })).toBeVisible();
  const app = new CodeApp(await page.locator('#second-factor-secret').innerText());
  await expect(page.getByRole('link', { name: say('second_factor.open_app') })).toHaveAttribute('href', /^otpauth:\/\/totp\//);
  if (isLookedAt) {
    await page.getByRole('button', { name: say('second_factor.confirm') }).click();
    await expect(page.getByText(say('second_factor.missing'))).toBeVisible();
    await page.getByLabel(say('second_factor.new_code'), { exact: true }).fill('000000');
    await page.getByRole('button', { name: say('second_factor.confirm') }).click();
    await expect(page.getByText(say('refusal.wrong_code'))).toBeVisible();
    await person.inspect();
  }
  await page.getByLabel(say('second_factor.new_code'), { exact: true }).fill(await app.next());
  await page.getByRole('button', { name: say('second_factor.confirm') }).click();
  await expect(page.getByRole('heading', { level: 1, name: say('second_factor.codes_title') })).toBeVisible();
  const codes = await page.locator('.codes li').allInnerTexts();
  expect(new Set(codes).size).toBe(10);
  if (isLookedAt) {
    await person.inspect();
    const file = page.waitForEvent('download');
    await page.getByRole('button', { name: say('second_factor.download') }).click();
    expect((await file).suggestedFilename()).toBe('keyhaus-codes.txt');
    await page.getByRole('button', { name: say('second_factor.done'), exact: true }).click();
    await expect(page.getByText(say('second_factor.not_kept'))).toBeVisible();
  }
  await page.getByRole('checkbox', { name: say('second_factor.kept') }).check();
  await page.getByRole('button', { name: say('second_factor.done'), exact: true }).click();
  await expect(page.getByText(say('second_factor.left', { count: 10 }))).toBeVisible();
  return { app, codes };
}
