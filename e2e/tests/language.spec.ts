/** Which language is spoken: the one chosen on this browser, else the one of the person, else the one of the browser. */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/journey';
import { PASSWORD } from '../support/portal';

async function signIn(page: Page): Promise<void> {
  await page.locator('#username').fill('104233');
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#password').press('Enter');
  await expect(page.locator('.avatar[popovertarget]')).toBeVisible();
}

test('a choice on this browser comes before the language of the person, and that before the browser', async ({ arrive }) => {
  const { page } = await arrive('en');
  const language = (of: Page) => expect(of.locator('html'));

  await test.step('who never chose here sees what he chose elsewhere, also after loading again', async () => {
    await page.goto('/sign-in');
    await language(page).toHaveAttribute('lang', 'en');
    await signIn(page);
    await language(page).toHaveAttribute('lang', 'de');
    await page.reload();
    await expect(page.locator('.avatar[popovertarget]')).toBeVisible();
    await language(page).toHaveAttribute('lang', 'de');
  });

  await test.step('a choice on the sign-in page stays', async () => {
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'English' }).click();
    await signIn(page);
    await language(page).toHaveAttribute('lang', 'en');
    await page.reload();
    await expect(page.locator('.avatar[popovertarget]')).toBeVisible();
    await language(page).toHaveAttribute('lang', 'en');
  });

  await test.step('a choice in the menu goes along to other browsers', async () => {
    for (const to of ['de', 'en']) {
      const kept = page.waitForResponse((response) => response.url().endsWith('/graphql'));
      await page.locator('.avatar[popovertarget]').click();
      await page.locator(`#account button[lang="${to}"]`).click();
      await language(page).toHaveAttribute('lang', to);
      expect((await kept).ok()).toBe(true);
      await page.keyboard.press('Escape');
    }
    const { page: other } = await arrive('de');
    await other.goto('/sign-in');
    await language(other).toHaveAttribute('lang', 'de');
    await signIn(other);
    await language(other).toHaveAttribute('lang', 'en');
  });
});
