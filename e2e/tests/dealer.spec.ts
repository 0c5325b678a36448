/** Dealer access: a customer asks, staff looks in the stock and grants, the dealer finds his devices and their history. */
import { expect, test } from '../support/journey';
import { LANGUAGES } from '../support/words';

const ORDER = 'A-2026-0460';

for (const language of LANGUAGES) {
  test(`somebody asks for dealer access and gets it with devices, in ${language}`, async ({ arrive }) => {
    test.setTimeout(240_000);
    const company = 'Schäfer Ablesedienst';
    const customer = await arrive(language);
    const { page, say } = customer;

    await test.step('a customer asks, and sees until when the answer comes', async () => {
      await customer.signIn('104871');
      await customer.open('nav.meters');
      await page.getByRole('link', { name: say('dealer.are_you') }).click();
      await expect(page.getByRole('heading', { level: 1, name: say('dealer.title') })).toBeVisible();
      await page.getByRole('button', { name: say('dealer.ask') }).click();
      await expect(page.getByText(say('refusal.missing'))).toBeVisible();
      await customer.inspect();
      await page.getByLabel(say('dealer.company'), { exact: true }).fill(company);
      await page.getByLabel(say('dealer.message'), { exact: true }).fill(`Auftrag ${ORDER}`);
      await page.getByRole('button', { name: say('dealer.ask') }).click();
      await expect(page.getByRole('button', { name: say('dealer.withdraw') })).toBeVisible();
      await expect(page.locator('.steps [aria-current="step"]')).toContainText(/20\d\d/);
      await customer.inspect();
    });

    await test.step('staff finds the request among what waits', async () => {
      const staff = await arrive(language);
      await staff.signIn('j.reimann@lindwerk.example');
      await staff.page.getByRole('link', { name: say('desk.dealer_requests') }).click();
      const request = staff.page.getByRole('region', { name: company });
      await expect(request).toContainText(`Auftrag ${ORDER}`);
      await expect(request).toContainText(say('dealer.requested'));
      await staff.inspect();

      await request.getByRole('button', { name: say('dealer.reject') }).click();
      await expect(request.getByText(say('refusal.missing'))).toBeVisible();
      await request.getByLabel(say('dealer.orders')).fill(`${ORDER}, A-0`);
      await request.getByLabel(say('dealer.serials'), { exact: true }).fill('417733');
      await request.getByRole('button', { name: say('dealer.grant') }).click();
      await expect(request.getByText(say('refusal.not_a_serial'))).toBeVisible();
      await request.getByLabel(say('dealer.serials'), { exact: true }).fill('');
      await request.getByRole('button', { name: say('dealer.look') }).click();
      await expect(request.getByText(say('dealer.named_many', { count: 24 }))).toBeVisible();
      await expect(request.getByText(say('dealer.missing', { list: 'A-0' }))).toBeVisible();
      await request.getByRole('button', { name: say('dealer.grant') }).click();
      await expect(request.getByText(say('refusal.not_in_stock'))).toBeVisible();
      await staff.inspect();
      await request.getByLabel(say('dealer.orders')).fill(ORDER);
      await request.getByRole('button', { name: say('dealer.grant') }).click();
      await expect(staff.page.getByText(say('dealer.granted_now', { company }))).toBeVisible();
      await staff.page.goto('/office/requests?state=granted');
      await expect(staff.page.getByRole('region', { name: company })).toContainText('24');
      await staff.inspect();

      await staff.page.goto('/imports');
      await expect(staff.page.getByRole('heading', { level: 1 })).toBeVisible();
      await staff.inspect();
    });

    await test.step('the mail says so, and the dealer finds his devices after changing the account', async () => {
      await page.goto('/demo/mails');
      const mails = page.getByRole('article').filter({ hasText: 'p.schaefer@mieter.example' });
      await expect(mails.first()).toContainText(company);
      await page.goto('/access-request');
      await expect(page.getByText(say('dealer.granted_text', { company }))).toBeVisible();
      await customer.inspect();
      const { data } = await customer.ask<{ viewer: { memberships: { account: { id: string; name: string } }[] } }>(
        '{ viewer { memberships { account { id name } } } }',
      );
      const account = data?.viewer.memberships.find((member) => member.account.name === company)?.account;
      await customer.ask('mutation($input: SwitchAccountInput!) { switchAccount(input: $input) { viewer { id } } }', {
        input: { accountId: account?.id },
      });
      await page.goto('/devices');
      await expect(page.getByRole('rowheader').first()).toContainText('77120400');
      await page.getByRole('link', { name: '77120400' }).click();
      const history = page.getByRole('region', { name: say('device.past') });
      await expect(history.getByRole('listitem')).toHaveCount(1);
      await expect(history).toContainText(say('device.past_added'));
      await customer.inspect();
    });
  });
}
