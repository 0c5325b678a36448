/** What people do about their access without a mouse, on a phone 360 px wide; and the log. */
import { expect, test, type Person } from '../support/journey';
import { press, type } from '../support/keyboard';
import { PASSWORD } from '../support/portal';
import { setUp } from '../support/second-factor';

const PHONE = { width: 360, height: 800 };
const OLD = 'aylin@baeckerei-oeztuerk.example';
const NEW = 'aylin@oeztuerk.example';
const BOOKS = 'klaas@steuerbuero.example';

/** Opens the newest link of the demo mailbox to an address. */
async function openMail({ page, say }: Person, email: string, subject: string): Promise<void> {
  await page.goto('/demo/mails');
  const mail = page.getByRole('article').filter({ hasText: email }).filter({ hasText: subject }).first();
  await press(page, mail.getByRole('link', { name: say('mail.open_link') }).first());
}

/** Gives name and password, and waits for the second step. */
async function firstStep({ page, say }: Person, name: string): Promise<void> {
  await page.goto('/sign-in');
  await type(page, page.getByLabel(say('sign_in.name')), name);
  await type(page, page.getByLabel(say('sign_in.password'), { exact: true }), PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: say('second_factor.step_title') })).toBeVisible();
}

test('a changed address is withdrawn, changed and taken back by the keyboard alone', async ({ arrive }) => {
  test.setTimeout(240_000);
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104233');
  await page.setViewportSize(PHONE);
  await page.goto('/account');
  const own = page.getByRole('region', { name: say('account.own_email'), exact: true });
  const waits = own.getByRole('listitem').filter({ hasText: NEW });
  await type(page, own.getByLabel(say('account.new_email')), NEW);
  await press(page, own.getByRole('button', { name: say('account.change_email') }));
  await expect(waits).toContainText(say('account.waits'));
  await press(page, waits.getByRole('button', { name: say('member.withdraw') }));
  await expect(waits).toHaveCount(0);
  await customer.inspect();

  await type(page, own.getByLabel(say('account.new_email')), NEW);
  await press(page, own.getByRole('button', { name: say('account.change_email') }));
  await expect(waits).toContainText(say('account.waits'));
  await openMail(customer, NEW, 'Bitte bestätigen Sie');
  await press(page, page.getByRole('button', { name: say('account.confirm') }));
  await expect(page.getByText(say('account.confirmed_email', { email: NEW }))).toBeVisible();

  const victim = await arrive('de');
  await victim.page.setViewportSize(PHONE);
  await openMail(victim, OLD, 'Ihre E-Mail-Adresse wurde geändert');
  await press(victim.page, victim.page.getByRole('button', { name: say('account.undo') }));
  await expect(victim.page.getByText(say('account.undone_email', { email: OLD }))).toBeVisible();
});

test('a bookkeeper registers by the keyboard alone, and is given another name', async ({ arrive }) => {
  test.setTimeout(240_000);
  const owner = await arrive('de');
  await owner.signIn('104233');
  await owner.ask('mutation($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }', {
    input: { email: BOOKS, userName: '104233/buchhaltung', name: 'Steuerbüro Klaas', rights: ['SEE_INVOICES'] },
  });
  const bookkeeper = await arrive('de');
  const { page, say } = bookkeeper;
  await page.setViewportSize(PHONE);
  await page.goto('/demo/mails');
  await press(page, page.getByRole('article').filter({ hasText: BOOKS }).first().getByRole('link', { name: say('mail.open_link') }));
  await type(page, page.getByLabel(say('register.password'), { exact: true }), 'Sieben-Wege-26');
  await type(page, page.getByLabel(say('register.repeat'), { exact: true }), 'Sieben-Wege-26');
  await press(page, page.getByRole('button', { name: say('member.accept') }));
  await expect(page.getByText(say('member.welcome', { account: 'Bäckerei Öztürk GmbH' }))).toBeVisible();
  const { errors } = await bookkeeper.ask('{ contracts { totalCount } }');
  expect(errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);

  await owner.page.setViewportSize(PHONE);
  await owner.page.goto('/users');
  const row = owner.page.getByRole('row').filter({ hasText: '104233/buchhaltung' });
  await expect(row).toContainText(say('member.without_factor'));
  await press(owner.page, row.getByRole('button'));
  const dialog = owner.page.getByRole('dialog');
  await type(owner.page, dialog.getByLabel(say('member.user_name')), '104233/rechnungen');
  await press(owner.page, dialog.getByRole('button', { name: say('member.save') }));
  await expect(owner.page.getByRole('row').filter({ hasText: '104233/rechnungen' })).toBeVisible();
  await owner.inspect();
});

test('who has lost the phone signs in by recovery codes, by the keyboard alone', async ({ arrive }) => {
  test.setTimeout(300_000);
  const customer = await arrive('de');
  await customer.signIn('104871');
  const { codes } = await setUp(customer);
  const again = await arrive('de');
  await again.page.setViewportSize(PHONE);
  await firstStep(again, '104871');
  for (const [code, words] of [['AAAA-AAAA-AAAA-AAAA', 'refusal.wrong_code'], [codes[0] ?? '', undefined]] as const) {
    const field = again.page.getByLabel(again.say('second_factor.recovery_code'), { exact: true });
    if (words !== undefined) await press(again.page, again.page.getByRole('button', { name: again.say('second_factor.use_recovery_code') }));
    await type(again.page, field, code);
    await again.page.keyboard.press('Enter');
    if (words !== undefined) await expect(again.page.getByText(again.say(words))).toBeVisible();
  }
  await expect(again.page.locator('.avatar[popovertarget]')).toBeVisible();
});

test('the log is filtered and loaded as a file', async ({ arrive }) => {
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104233');
  await page.goto('/log');
  await expect(page.getByRole('heading', { level: 1, name: say('audit.title') })).toBeVisible();
  await page.getByLabel(say('audit.result'), { exact: true }).selectOption({ label: say('audit.refused') });
  await expect(page).toHaveURL(/[?&]/);
  await expect(page.getByText(say('audit.is_done'), { exact: true })).toHaveCount(0);
  await customer.inspect();
  const file = page.waitForEvent('download');
  await page.getByRole('link', { name: say('audit.export') }).or(page.getByRole('button', { name: say('audit.export') })).click();
  expect((await file).suggestedFilename()).toMatch(/\.csv$/);
});
