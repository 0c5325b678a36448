/** The provider's own face: staff edits it, everybody sees it. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/journey';

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 16"><rect width="48" height="16" rx="3" fill="#7a1f3d"/></svg>';

test('staff gives the portal its face: name, colour, logo, imprint', async ({ arrive }) => {
  test.setTimeout(240_000);
  const staff = await arrive('de');
  const anybody = await arrive('en');
  const { page, say } = staff;
  await staff.signIn('j.reimann@lindwerk.example');

  await test.step('the office lists what is missing', async () => {
    await staff.open('nav.face');
    const notice = page.locator('.notice').first();
    await expect(notice).toContainText(say('face.missing'));
    await expect(notice).toContainText(say('foot.privacy'));
    await staff.inspect();
  });

  await test.step('a colour that cannot be read is refused, and the page says so while it is typed', async () => {
    await page.getByLabel(say('face.accent_light')).fill('#ffd400');
    await expect(page.locator('#face-accent-light-hint')).toContainText('4,5');
    await page.getByRole('button', { name: say('face.save') }).click();
    await expect(page.getByText(say('refusal.low_contrast'))).toBeVisible();
    await staff.inspect({ schemes: ['light'] });
    const kept = await staff.ask<{ providerFace: { version: number } }>('{ providerFace { version } }');
    expect(kept.data?.providerFace.version).toBe(0);
  });

  await test.step('another one is taken, with a name and a logo', async () => {
    await page.getByLabel(say('face.accent_light')).fill('#7a1f3d');
    await page.getByLabel(say('face.name'), { exact: true }).fill('Stadtwerke Neuhafen');
    await page.locator('#face-logo').setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(LOGO) });
    await page.getByRole('button', { name: say('face.save') }).click();
    await expect(page.getByText(say('face.saved'))).toBeVisible();
    await expect(page.locator('.topbar .logo')).toHaveAttribute('alt', 'Stadtwerke Neuhafen');
    await expect(page.locator('.foot')).toContainText('Stadtwerke Neuhafen');
    await staff.inspect();
  });

  await test.step('the imprint is written with a preview beside it', async () => {
    await page.getByRole('main').getByRole('link', { name: say('foot.imprint') }).first().click();
    await page.getByLabel(say('office.german')).fill('# Anbieter\n\nStadtwerke Neuhafen <script>alert(1)</script>');
    await expect(page.locator('.prose').first()).toContainText('<script>alert(1)</script>');
    await page.getByLabel(say('office.english')).fill('# Provider\n\nStadtwerke Neuhafen, in English');
    await page.getByRole('button', { name: say('face.save_text') }).click();
    await expect(page.getByText(say('face.saved')).first()).toBeVisible();
    await expect(page.getByRole('region', { name: say('foot.editions') }).getByRole('listitem')).toHaveCount(1);
    await staff.inspect();
  });

  await test.step('everybody sees name, colour and imprint, signed out too', async () => {
    const { page: outside, say: inEnglish } = anybody;
    await outside.goto('/sign-in');
    await expect(outside.locator('.entrance-foot')).toContainText('Stadtwerke Neuhafen');
    const accent = await outside.locator('button.primary').evaluate((button) => getComputedStyle(button).backgroundColor);
    expect(accent).toBe('rgb(122, 31, 61)');
    await anybody.inspect();
    await outside.locator('.entrance-foot').getByRole('link', { name: inEnglish('foot.imprint') }).click();
    await expect(outside.getByText('Stadtwerke Neuhafen, in English')).toBeVisible();
    await anybody.inspect();
    for (const text of ['foot.privacy', 'foot.terms', 'foot.accessibility']) {
      await outside.locator('.entrance-foot').getByRole('link', { name: inEnglish(text) }).click();
      await expect(outside.getByRole('heading', { level: 1 })).toHaveText(inEnglish(text));
      await anybody.inspect({ schemes: ['light'] });
    }
  });

  await test.step('mails and letters carry the name', async () => {
    const { page: outside, say: inEnglish } = anybody;
    await outside.goto('/forgotten');
    await outside.getByRole('textbox').fill('104871');
    await outside.getByRole('button', { name: inEnglish('user.forgotten_submit') }).click();
    await expect(outside.getByText(inEnglish('user.sent_title'))).toBeVisible();
    await outside.goto('/demo/mails');
    await expect(outside.getByRole('article').first()).toContainText('Stadtwerke Neuhafen');
    const create = 'mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { accountId } } }';
    const input = { number: '105555', name: 'Gärtnerei Lüders', street: 'Am Hang 3', postalCode: '45468', city: 'Mülheim' };
    const made = await staff.ask<{ createCustomer: { customer: { accountId: string } } }>(create, { input });
    await page.goto(`/customers/${made.data?.createCustomer.customer.accountId ?? ''}`);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: say('office.letter') }).click();
    const pdf = (await readFile(await (await saved).path())).toString('latin1');
    expect(pdf).toContain('Stadtwerke Neuhafen');
  });
});
