/** A program's way in: a token is made in the browser, used without one, and ended. */
import { expect, request } from '@playwright/test';
import { test } from '../support/journey';
import { LANGUAGES } from '../support/words';

for (const language of LANGUAGES) {
  test(`a customer gives a program access to the invoices and takes it back, in ${language}`, async ({ arrive, portal }) => {
    const customer = await arrive(language);
    const { page, say } = customer;
    const program = await request.newContext({ baseURL: portal.origin });
    const ask = async (token: string, query: string) => {
      const answer = await program.post('/graphql', { headers: { authorization: `Bearer ${token}` }, data: { query } });
      return { status: answer.status(), cookie: answer.headers()['set-cookie'], body: (await answer.json()) as unknown };
    };
    const part = page.getByRole('region', { name: say('token.title') });
    let token = '';

    await test.step('nothing is there yet', async () => {
      await customer.signIn('104233');
      await page.goto('/security');
      await expect(part.getByText(say('token.none'))).toBeVisible();
      await customer.inspect();
    });

    await test.step('what is missing is said at the field', async () => {
      await part.getByRole('button', { name: say('token.create') }).click();
      const dialog = page.getByRole('dialog', { name: say('token.create') });
      await dialog.getByRole('button', { name: say('token.create') }).click();
      await expect(dialog.getByText(say('refusal.missing'))).toHaveCount(2);
      await customer.inspect();
    });

    await test.step('the token is shown once', async () => {
      const dialog = page.getByRole('dialog', { name: say('token.create') });
      await dialog.getByLabel(say('token.name')).fill('Buchhaltung');
      await dialog.getByLabel(say('member.see_invoices')).check();
      await dialog.getByRole('button', { name: say('token.create') }).click();
      await expect(dialog.getByText(say('token.once'))).toBeVisible();
      token = (await dialog.locator('#token-secret').textContent()) ?? '';
      expect(token).toMatch(/^khp_[0-9a-f]{72}$/);
      await customer.inspect();
      await dialog.getByRole('button', { name: say('token.done') }).click();
      await expect(page.getByText(token)).toHaveCount(0);
      await expect(part.getByRole('listitem')).toContainText('Buchhaltung');
      await expect(part.getByRole('listitem')).toContainText(say('token.unused'));
      await customer.inspect();
    });

    await test.step('the program reads invoices and nothing else', async () => {
      const invoices = await ask(token, '{ invoices { totalCount } }');
      expect(invoices).toMatchObject({ status: 200, body: { data: { invoices: { totalCount: expect.any(Number) as unknown } } } });
      expect(invoices.cookie).toBeUndefined();
      const contracts = await ask(token, '{ contracts { totalCount } }');
      expect(contracts.body).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    });

    await test.step('who removes the token shuts the program out', async () => {
      await page.reload();
      await expect(part.getByRole('listitem')).not.toContainText(say('token.unused'));
      await part.getByRole('button', { name: say('token.revoke') }).click();
      const dialog = page.getByRole('dialog', { name: say('token.revoke_title') });
      await expect(dialog).toContainText('Buchhaltung');
      await dialog.getByRole('button', { name: say('token.revoke') }).click();
      await expect(part.getByText(say('token.none'))).toBeVisible();
      expect((await ask(token, '{ invoices { totalCount } }')).status).toBe(401);
    });
    await program.dispose();
  });

  test(`a token is made by keyboard alone on a phone, in ${language}`, async ({ arrive }) => {
    const customer = await arrive(language);
    const { page, say } = customer;
    await customer.signIn('104233');
    await page.setViewportSize({ width: 360, height: 720 });
    await page.goto('/security');
    const part = page.getByRole('region', { name: say('token.title') });
    await expect(part.getByText(say('token.none'))).toBeVisible();
    const button = part.getByRole('button', { name: say('token.create') });
    for (let step = 0; step < 200; step += 1) {
      if (await button.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await expect(button).toBeFocused();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: say('token.create') });
    await expect(dialog.getByLabel(say('token.name'))).toBeFocused();
    await page.keyboard.type('Skript');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await expect(dialog.getByText(say('token.once'))).toBeVisible();
    await expect(dialog.locator('#token-secret')).toContainText('khp_');
  });
}
