/** Coming in: what the signed-out pages say, and what a customer sees first. */
import { expect, test } from '../support/journey';
import { LANGUAGES } from '../support/words';

for (const language of LANGUAGES) {
  test(`a customer signs in and finds products and mails, in ${language}`, async ({ arrive }) => {
    const customer = await arrive(language);
    const { page, say } = customer;

    await test.step('the portal asks who it is', async () => {
      await page.goto('/products');
      await expect(page.getByRole('heading', { level: 1, name: say('sign_in.title') })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await customer.inspect();
    });

    await test.step('what is missing is said at the field', async () => {
      await page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
      await expect(page.getByText(say('sign_in.missing_name'))).toBeVisible();
      await expect(page.getByText(say('sign_in.missing_password'))).toBeVisible();
      await customer.inspect();
    });

    await test.step('who signs in goes on to where he wanted to', async () => {
      await page.getByLabel(say('sign_in.name')).fill('104233');
      await page.getByLabel(say('sign_in.password'), { exact: true }).fill('Demo-Haus-26');
      await page.getByLabel(say('sign_in.password'), { exact: true }).press('Enter');
      await expect(page).toHaveURL('/products');
      await customer.speak();
      await expect(page.getByRole('row')).toHaveCount(7);
      await expect(page.getByRole('row', { name: /Internet Business 500/ })).toContainText(language === 'de' ? /249,00\s€/ : '€249.00');
      await customer.inspect();
    });

    await test.step('a product shows its contract', async () => {
      await page.getByRole('link', { name: language === 'de' ? 'Mail-Archiv' : 'Mail archive' }).click();
      await expect(page.getByText('V-20415').first()).toBeVisible();
      await expect(page.getByText(say('product.cancelled'), { exact: true }).first()).toBeVisible();
      await customer.inspect();
    });

    await test.step('the start page greets and sums up', async () => {
      await customer.open('nav.start');
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Aylin Öztürk');
      await expect(page.getByRole('heading', { name: say('start.open') })).toBeVisible();
      await customer.inspect();
    });

    await test.step('who signs out is out', async () => {
      await page.getByRole('button', { name: say('frame.your_account') }).click();
      await page.getByRole('button', { name: say('frame.sign_out') }).click();
      await expect(page.getByRole('heading', { level: 1, name: say('sign_in.title') })).toBeVisible();
      const { data } = await customer.ask('{ viewer { id } }');
      expect(data).toEqual({ viewer: null });
    });

    await test.step('the demo shows its mails', async () => {
      await page.getByRole('link', { name: say('entrance.demo_mails') }).click();
      await expect(page.getByRole('article').filter({ hasText: 'energie@stadtwerke-hamm.example' })).toHaveCount(1);
      await customer.inspect();
    });
  });
}

test('a wrong password is told in words and keeps what was typed', async ({ arrive }) => {
  const { page, say } = await arrive('de');
  await page.goto('/sign-in');
  await page.getByLabel(say('sign_in.name')).fill('104233');
  await page.getByLabel(say('sign_in.password'), { exact: true }).fill('Demo-Haus-27');
  await page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
  await expect(page.getByText(say('sign_in.wrong'))).toBeVisible();
  await expect(page.getByLabel(say('sign_in.name'))).toHaveValue('104233');
});
