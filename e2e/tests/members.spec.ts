/** Users of an account: an owner invites a bookkeeper, who registers, sees invoices only, is blocked and removed. */
import { expect, test, type Person } from '../support/journey';
import { press, type } from '../support/keyboard';

const EMAIL = 'klaas@steuerbuero.example';
const NEW_PASSWORD = 'Sieben-Wege-26';

/** What the API answers somebody who asks for what is not his: the codes of invoices, contracts, devices, members. */
async function codes(person: Person): Promise<string[]> {
  const found: string[] = [];
  for (const field of ['invoices', 'contracts', 'devices', 'members']) {
    const { errors } = await person.ask(`{ ${field} { totalCount } }`);
    found.push(errors?.[0]?.extensions.code ?? 'OK');
  }
  return found;
}

/** The words of the navigation. */
async function areas(person: Person): Promise<string[]> {
  const rail = person.page.getByRole('navigation', { name: person.say('frame.main') });
  return (await rail.locator('.rail-long').allTextContents()).map((text) => text.trim());
}

/** Opens the newest link of the demo mailbox to an address. */
async function openMail(person: Person, email: string): Promise<void> {
  const { page, say } = person;
  await page.goto('/demo/mails');
  const mail = page.getByRole('article').filter({ hasText: email }).first();
  await mail.getByRole('link', { name: say('mail.open_link') }).click();
}

test('an owner invites a bookkeeper, who sees invoices only, is blocked and sees nothing', async ({ arrive }) => {
  test.setTimeout(240_000);
  const owner = await arrive('de');
  const { page, say } = owner;
  const row = page.getByRole('row').filter({ hasText: 'Steuerbüro Klaas' });

  await test.step('the owner finds the users of the account', async () => {
    await owner.signIn('104233');
    await owner.open('nav.users');
    await expect(page.getByRole('heading', { level: 1, name: say('nav.users') })).toBeVisible();
    await expect(page.getByRole('rowheader')).toHaveCount(1);
    await owner.inspect();
  });

  await test.step('what is missing is said at the field', async () => {
    await page.getByRole('button', { name: say('member.invite') }).click();
    await expect(page.getByText(say('refusal.not_an_email'))).toBeVisible();
    await expect(page.getByText(say('refusal.missing'))).toHaveCount(2);
    await owner.inspect();
  });

  await test.step('he invites somebody to the invoices', async () => {
    await page.getByLabel(say('member.name'), { exact: true }).fill('Steuerbüro Klaas');
    await expect(page.getByLabel(say('member.user_name'), { exact: true })).toHaveValue('klaas');
    await page.getByLabel(say('member.email'), { exact: true }).fill(EMAIL);
    await page.getByRole('radio', { name: say('member.bookkeeper') }).check();
    await expect(page.getByRole('checkbox', { name: say('member.see_invoices') })).toBeChecked();
    await page.getByLabel(say('member.user_name'), { exact: true }).fill('Büro');
    await page.getByRole('button', { name: say('member.invite') }).click();
    await expect(page.getByText(say('refusal.not_a_user_name'))).toBeVisible();
    await page.getByLabel(say('member.user_name'), { exact: true }).fill('buchhaltung');
    await page.getByRole('button', { name: say('member.invite') }).click();
    await expect(page.getByText(say('member.invited', { email: EMAIL }))).toBeVisible();
    await expect(row).toContainText('eingeladen, Link bis');
    await owner.inspect();
  });

  await test.step('he sends it again, and the first mail leads nowhere', async () => {
    await row.getByRole('button').click();
    const dialog = page.getByRole('dialog', { name: say('member.invitation') });
    await expect(dialog).toContainText('104233/buchhaltung');
    await owner.inspect();
    await dialog.getByRole('button', { name: say('member.resend') }).click();
    await expect(page.getByText(say('member.resent', { email: EMAIL }))).toBeVisible();

    const late = await arrive('de');
    await late.page.goto('/demo/mails');
    const mails = late.page.getByRole('article').filter({ hasText: EMAIL });
    await expect(mails).toHaveCount(2);
    await mails.last().getByRole('link', { name: say('mail.open_link') }).click();
    await expect(late.page.getByRole('heading', { level: 1, name: say('link.invalid_title') })).toBeVisible();
  });

  const bookkeeper = await arrive('de');

  await test.step('whoever is signed in with another address is told so, and nothing is bound to him', async () => {
    const other = await arrive('de');
    await other.signIn('104871');
    await openMail(other, EMAIL);
    await expect(other.page.getByRole('heading', { level: 1, name: say('member.accept_title') })).toBeVisible();
    await expect(other.page.getByText('Bäckerei Öztürk GmbH').first()).toBeVisible();
  });

  await test.step('she registers by the mail and sees invoices only', async () => {
    const { page, say } = bookkeeper;
    await openMail(bookkeeper, EMAIL);
    await expect(page.getByRole('heading', { level: 1, name: say('member.accept_title') })).toBeVisible();
    await expect(page.getByText(say('member.offer_from', { from: 'Aylin Öztürk', account: 'Bäckerei Öztürk GmbH' }))).toBeVisible();
    await bookkeeper.inspect();
    await page.getByLabel(say('register.password'), { exact: true }).fill('104233-buchhaltung');
    await page.getByRole('button', { name: say('member.accept') }).click();
    await expect(page.getByText(say('register.weak'))).toBeVisible();
    await page.getByLabel(say('register.password'), { exact: true }).fill(NEW_PASSWORD);
    await page.getByLabel(say('register.repeat'), { exact: true }).fill(NEW_PASSWORD);
    await page.getByRole('button', { name: say('member.accept') }).click();
    await expect(page.getByText(say('member.welcome', { account: 'Bäckerei Öztürk GmbH' }))).toBeVisible();
    await expect.poll(() => areas(bookkeeper)).toContain(say('nav.invoices'));
    const shown = await areas(bookkeeper);
    for (const hidden of ['nav.products', 'nav.meters', 'nav.users']) expect(shown).not.toContain(say(hidden));
    await bookkeeper.inspect();

    await bookkeeper.open('nav.invoices');
    await expect(page.getByRole('link', { name: /RE-/ }).first()).toBeVisible();
    for (const closed of ['/products', '/devices', '/users']) {
      await page.goto(closed);
      await expect(page.getByText(say('failed.forbidden_title'))).toBeVisible();
    }
    await bookkeeper.inspect();
    expect(await codes(bookkeeper)).toEqual(['OK', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
  });

  await test.step('the owner gives her an end and blocks her', async () => {
    await page.reload();
    await expect(row.getByRole('cell').filter({ hasText: say('member.yes') })).toHaveCount(1);
    await row.getByRole('button').click();
    const dialog = page.getByRole('dialog', { name: say('member.change_whom', { name: 'Steuerbüro Klaas' }) });
    await expect(dialog.getByRole('radio', { name: say('member.bookkeeper') })).toBeChecked();
    await dialog.getByLabel(say('member.until')).fill('2099-12-31');
    await owner.inspect();
    await dialog.getByRole('button', { name: say('member.save') }).click();
    await expect(row).toContainText('31.12.2099');

    await row.getByRole('button').click();
    await dialog.getByRole('button', { name: say('member.block') }).click();
    const question = page.getByRole('dialog', { name: say('member.block_title') });
    await expect(question.getByText(say('member.block_text', { name: 'Steuerbüro Klaas' }))).toBeVisible();
    await owner.inspect();
    await question.getByRole('button', { name: say('member.block') }).click();
    await expect(row).toContainText('gesperrt seit');
    await expect(page.getByText('1 aktiv, 1 gesperrt')).toBeVisible();
  });

  await test.step('she sees nothing at once, and a mail tells her', async () => {
    expect(await codes(bookkeeper)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    await bookkeeper.page.goto('/');
    await expect(bookkeeper.page.getByText(say('start.no_account'), { exact: true })).toBeVisible();
    expect(await areas(bookkeeper)).not.toContain(say('nav.invoices'));
    await bookkeeper.page.goto('/invoices');
    await expect(bookkeeper.page.getByText(say('failed.forbidden_title'))).toBeVisible();
    await bookkeeper.page.goto('/demo/mails');
    await expect(bookkeeper.page.getByText('Ihr Zugang zum Konto Bäckerei Öztürk GmbH ist gesperrt')).toBeVisible();
  });

  await test.step('the owner removes her', async () => {
    await row.getByRole('button').click();
    await page.getByRole('dialog').getByRole('button', { name: say('member.remove') }).click();
    await page.getByRole('dialog', { name: say('member.remove_title') }).getByRole('button', { name: say('member.remove') }).click();
    await expect(page.getByText(say('member.is_removed', { name: 'Steuerbüro Klaas' }))).toBeVisible();
    await expect(row).toHaveCount(0);
  });
});

test('somebody of two accounts switches between them', async ({ arrive }) => {
  const owner = await arrive('de');
  const { say } = owner;
  await owner.signIn('104233');
  const made = await owner.ask(
    'mutation($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }',
    { input: { email: 'p.schaefer@mieter.example', userName: '104233/schaefer', rights: ['SEE_INVOICES'] } },
  );
  expect(made.errors).toBeUndefined();

  const invited = await arrive('de');
  const { page } = invited;
  await invited.signIn('104871');
  await openMail(invited, 'p.schaefer@mieter.example');
  await expect(page.getByRole('heading', { level: 1, name: say('member.accept_title') })).toBeVisible();
  await invited.inspect();
  await page.getByRole('button', { name: say('member.accept') }).click();
  await expect(page.getByText(say('member.welcome', { account: 'Bäckerei Öztürk GmbH' }))).toBeVisible();
  await expect(page.locator('.topbar-account')).toContainText('104233');

  await page.getByRole('button', { name: say('frame.your_account') }).click();
  await page.getByRole('button', { name: /104871/ }).click();
  await expect(page.locator('.topbar-account')).toContainText('104871');
  await expect.poll(() => areas(invited)).toContain(say('nav.products'));
});

test('an owner invites, changes and blocks by the keyboard alone, on a phone', async ({ arrive }) => {
  test.setTimeout(240_000);
  const owner = await arrive('de');
  const { page, say } = owner;
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/sign-in');
  await type(page, page.getByLabel(say('sign_in.name')), '104233');
  await type(page, page.getByLabel(say('sign_in.password'), { exact: true }), 'Demo-Haus-26');
  await page.keyboard.press('Enter');
  await press(page, page.getByRole('button', { name: say('frame.more') }), 'Enter');
  await press(page, page.getByRole('link', { name: say('nav.users') }), 'Enter');
  await expect(page.getByRole('heading', { level: 1, name: say('nav.users') })).toBeFocused();

  await type(page, page.getByLabel(say('member.name'), { exact: true }), 'Lena Kamp');
  await type(page, page.getByLabel(say('member.email'), { exact: true }), 'l.kamp@baeckerei-oeztuerk.example');
  await press(page, page.getByRole('checkbox', { name: say('member.read_keys') }), 'Space');
  await press(page, page.getByRole('button', { name: say('member.invite') }), 'Enter');
  await expect(page.getByText(say('member.invited', { email: 'l.kamp@baeckerei-oeztuerk.example' }))).toBeVisible();

  const row = page.getByRole('row').filter({ hasText: 'Lena Kamp' });
  await press(page, row.getByRole('button'), 'Enter');
  const invitation = page.getByRole('dialog', { name: say('member.invitation') });
  await press(page, invitation.getByRole('button', { name: say('member.withdraw') }), 'Enter');
  await expect(row).toHaveCount(0);

  await owner.ask('mutation($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }', {
    input: { email: 'h.brandt@haustechnik-brandt.example', userName: '104233/brandt', rights: ['READ_KEYS'] },
  });
  const member = await arrive('de');
  await member.page.setViewportSize({ width: 360, height: 800 });
  await member.signIn('200014');
  await openMail(member, 'h.brandt@haustechnik-brandt.example');
  await press(member.page, member.page.getByRole('button', { name: say('member.accept') }), 'Enter');
  await expect(member.page.getByText(say('member.welcome', { account: 'Bäckerei Öztürk GmbH' }))).toBeVisible();

  await page.reload();
  const brandt = page.getByRole('row').filter({ hasText: 'Holger Brandt' });
  await press(page, brandt.getByRole('button'), 'Enter');
  const dialog = page.getByRole('dialog', { name: say('member.change_whom', { name: 'Holger Brandt' }) });
  await press(page, dialog.getByRole('checkbox', { name: say('member.see_invoices') }), 'Space');
  await press(page, dialog.getByRole('button', { name: say('member.save') }), 'Enter');
  await expect(page.getByText(say('member.changed', { name: 'Holger Brandt' }))).toBeVisible();
  await press(page, brandt.getByRole('button'), 'Enter');
  await press(page, dialog.getByRole('button', { name: say('member.block') }), 'Enter');
  const question = page.getByRole('dialog', { name: say('member.block_title') });
  await press(page, question.getByRole('button', { name: say('member.block') }), 'Enter');
  await expect(brandt).toContainText('gesperrt seit');
  expect(await codes(member)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
});
