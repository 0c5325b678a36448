/** Going on to the contract administration: the demo's own, and one by a client library that the server does not know. */
import { createServer } from 'node:http';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import * as openid from 'openid-client';
import { test, type Person } from '../support/journey';
import { press } from '../support/keyboard';
import { LANGUAGES } from '../support/words';

/** What the demo's contract administration says. */
const DEMO = {
  de: { title: 'Vertragsverwaltung', out: 'Abmelden', closed: 'Sie sind hier abgemeldet.', enter: 'Über das Portal anmelden' },
  en: { title: 'Contract administration', out: 'Sign out', closed: 'You are signed out here.', enter: 'Sign in through the portal' },
} as const;

/** Opens the page of the first product. */
async function openProduct({ page, say }: Person): Promise<void> {
  await page.goto('/products');
  await page.getByRole('main').locator('a[href^="/products/0"]').first().click();
  await expect(page.getByRole('region', { name: say('sso.title') })).toBeVisible();
}

/** Looks at a page of the demo application: it is not ours, but people see it. */
async function look(page: Page): Promise<void> {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 900 });
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
    expect.soft(violations.map(({ id }) => id), page.url()).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(overflow, `${page.url()} is wider than ${width} px`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

for (const language of LANGUAGES) {
  test(`the door to the contract administration opens without a second sign-in and closes with the session, in ${language}`, async ({ arrive, portal }) => {
    const customer = await arrive(language);
    const { page, say } = customer;
    const demo = DEMO[language];
    await customer.signIn('104233');
    await openProduct(customer);
    await customer.inspect();

    await page.getByRole('link', { name: say('sso.open', { name: 'Vertragsverwaltung' }) }).click();
    await expect(page.getByRole('heading', { level: 1, name: demo.title })).toBeVisible();
    expect(new URL(page.url()).origin).not.toBe(portal.origin);
    await expect(page.getByRole('main')).toContainText('104233, Bäckerei Öztürk GmbH');
    await expect(page.getByRole('main')).toContainText('Aylin Öztürk');
    expect(await page.getByRole('row').count()).toBeGreaterThan(1);
    await look(page);
    const door = new URL('/', page.url()).href;

    // Signing out of the portal closes the door on the other side too.
    const other = await page.context().newPage();
    await other.goto(portal.origin);
    await other.locator('.avatar[popovertarget]').click();
    await other.getByRole('button', { name: say('frame.sign_out') }).click();
    await expect(other).toHaveURL(/sign-in/);
    await expect(async () => {
      await page.goto(door);
      await expect(page.getByText(demo.closed)).toBeVisible({ timeout: 500 });
    }).toPass();
    await look(page);

    // And it stays closed: the portal asks who it is, and then leads to where he wanted to go.
    await page.getByRole('link', { name: demo.enter }).click();
    await expect(page.getByLabel(say('sign_in.name'))).toBeVisible();
    expect(new URL(page.url()).origin).toBe(portal.origin);
    await page.getByLabel(say('sign_in.name')).fill('104233');
    await page.getByLabel(say('sign_in.password'), { exact: true }).fill('Demo-Haus-26');
    await page.getByRole('button', { name: say('sign_in.submit'), exact: true }).click();
    await expect(page.getByRole('button', { name: demo.out })).toBeVisible();

    // Signing out over there signs out here.
    await page.getByRole('button', { name: demo.out }).click();
    await expect(page.getByText(demo.closed)).toBeVisible();
    await page.goto(`${portal.origin}/products`);
    await expect(page).toHaveURL(/sign-in/);
    await other.close();
  });
}

test('the door is opened by keyboard alone on a phone', async ({ arrive }) => {
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104233');
  await page.setViewportSize({ width: 360, height: 720 });
  await openProduct(customer);
  await press(page, page.getByRole('link', { name: say('sso.open', { name: 'Vertragsverwaltung' }) }));
  await expect(page.getByRole('heading', { level: 1, name: DEMO.de.title })).toBeVisible();
  await press(page, page.getByRole('button', { name: DEMO.de.out }));
  await expect(page.getByText(DEMO.de.closed)).toBeVisible();
});

test('a member without the right to manage contracts finds no door', async ({ arrive }) => {
  const dealer = await arrive('de');
  await dealer.signIn('j.reimann@lindwerk.example');
  const { data } = await dealer.ask<{ doors: unknown[] }>('{ doors { id } }');
  expect(data?.doors).toEqual([]);
});

/** An application that speaks through `openid-client`, which shares nothing with the server's library. */
class Application {
  readonly heard: string[] = [];
  private constructor(
    readonly origin: string,
    readonly secret: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async start(): Promise<Application> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const application = new Application(`http://localhost:${port}`, randomBytes(32).toString('hex'), server);
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        if (request.url === '/logout-token') application.heard.push(new URLSearchParams(body).get('logout_token') ?? '');
        response.setHeader('content-type', 'text/html');
        response.end(`<!doctype html><html lang="en"><title>Application</title><main><h1>Application</h1><p id="posted">${new URLSearchParams(body).has('code')}</p></main></html>`);
      });
    });
    return application;
  }

  /** Its lines in the settings file of the portal. */
  settings(): string {
    const hash = createHash('sha256').update(this.secret).digest('hex');
    return [
      '[[sso.clients]]',
      'id = "independent"',
      'name = "Independent"',
      `secret_sha256 = "${hash}"`,
      `redirect_uris = ["${this.origin}/back"]`,
      `post_logout_redirect_uris = ["${this.origin}/goodbye"]`,
      `backchannel_logout_uri = "${this.origin.replace('localhost', '127.0.0.1')}/logout-token"`,
      '',
    ].join('\n');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

const independent = test.extend<{ application: Application }>({
  application: async ({}, use) => {
    const application = await Application.start();
    await use(application);
    await application.stop();
  },
  settings: async ({ application }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'keyhaus-sso-'));
    const file = join(folder, 'keyhaus.toml');
    await writeFile(file, application.settings());
    await use({ KEYHAUS_CONFIG: file });
    await rm(folder, { recursive: true });
  },
});

independent('a client library of others signs on, learns who came, and is told of the end', async ({ arrive, portal, application }) => {
  const customer = await arrive('en');
  const { page } = customer;
  const config = await openid.discovery(new URL(portal.origin), 'independent', { id_token_signed_response_alg: 'ES256' }, openid.ClientSecretBasic(application.secret), { execute: [openid.allowInsecureRequests] });
  openid.enableNonRepudiationChecks(config);
  const begin = async (more: Record<string, string> = {}) => {
    const verifier = openid.randomPKCECodeVerifier();
    const [state, nonce] = [openid.randomState(), openid.randomNonce()];
    const address = openid.buildAuthorizationUrl(config, {
      redirect_uri: `${application.origin}/back`,
      scope: 'openid profile email',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...more,
    });
    return { address, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce } };
  };
  await customer.signIn('104233');

  const first = await begin();
  await page.goto(first.address.href);
  expect(page.url()).toContain(`${application.origin}/back?code=`);
  const back = new URL(page.url());
  const tokens = await openid.authorizationCodeGrant(config, back, first.checks);
  const claims = tokens.claims();
  expect(claims).toMatchObject({ customer_number: '104233', preferred_username: '104233', acr: 'urn:keyhaus:acr:password' });
  const info = await openid.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '');
  expect(info).toMatchObject({ sub: claims?.sub, sid: claims?.['sid'], customer_number: '104233' });

  // A code that comes again is refused, and takes back what it gave.
  await expect(openid.authorizationCodeGrant(config, back, first.checks)).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect(openid.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '')).rejects.toThrow();

  // Somebody else's secret, and somebody else's verifier.
  const second = await begin();
  await page.goto(second.address.href);
  const stranger = new openid.Configuration(config.serverMetadata(), 'independent', { id_token_signed_response_alg: 'ES256' }, openid.ClientSecretPost('wrong'));
  openid.allowInsecureRequests(stranger);
  await expect(openid.authorizationCodeGrant(stranger, new URL(page.url()), second.checks)).rejects.toThrow();
  await expect(
    openid.authorizationCodeGrant(config, new URL(page.url()), { ...second.checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() }),
  ).rejects.toMatchObject({ error: 'invalid_grant' });

  // The answer as a form, which the policy of the page lets through to this application alone.
  const posted = await begin({ response_mode: 'form_post' });
  await page.goto(posted.address.href);
  await expect(page).toHaveURL(`${application.origin}/back`);
  await expect(page.locator('#posted')).toHaveText('true');

  // A new login on demand: the password once more, then on.
  const again = await begin({ prompt: 'login' });
  await page.goto(again.address.href);
  const dialog = page.getByRole('dialog', { name: customer.say('step_up.title') });
  await expect(dialog).toBeVisible();
  await customer.inspect();
  await dialog.getByLabel(customer.say('step_up.password'), { exact: true }).fill('Demo-Haus-26');
  await dialog.getByRole('button', { name: customer.say('step_up.submit') }).click();
  await expect(page).toHaveURL(/\/back\?code=/);
  const fresh = await openid.authorizationCodeGrant(config, new URL(page.url()), again.checks);
  expect(fresh.claims()?.['sid']).toBe(claims?.['sid']);
  expect(fresh.claims()?.auth_time).toBeGreaterThanOrEqual(claims?.auth_time ?? Infinity);

  // A second factor on demand, which this person has not set up.
  const strong = await begin({ acr_values: 'urn:keyhaus:acr:second-factor' });
  await page.goto(strong.address.href);
  await expect(page.getByRole('heading', { level: 1, name: customer.say('sso.factor_title') })).toBeVisible();
  await customer.inspect();

  // Out: without an ID token the person is asked, with one it is done; the application hears of it either way.
  await page.goto(openid.buildEndSessionUrl(config, { post_logout_redirect_uri: `${application.origin}/goodbye` }).href);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign out?' })).toBeVisible();
  await customer.inspect();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(`${application.origin}/goodbye`);
  await expect.poll(() => application.heard.length).toBe(1);
  const parts = (application.heard[0] ?? '').split('.').slice(0, 2);
  const [head, body] = parts.map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
  expect(head).toMatchObject({ alg: 'ES256', typ: 'logout+jwt' });
  expect(body).toMatchObject({ sid: claims?.['sid'], sub: claims?.sub, aud: 'independent', iss: portal.origin });
  await expect(openid.fetchUserInfo(config, fresh.access_token, claims?.sub ?? '')).rejects.toThrow();
});

independent('a request that cannot be right goes nowhere', async ({ arrive, portal, application }) => {
  const customer = await arrive('de');
  const { page } = customer;
  await customer.signIn('104233');
  // Asked without a page: a page that is refused would be a complaint of the browser.
  const wrong = '/authorize?client_id=independent&redirect_uri=https%3A%2F%2Fevil.example&response_type=code';
  const answer = await page.request.get(`${portal.origin}${wrong}`, { maxRedirects: 0 });
  expect(answer.status()).toBe(400);
  expect(answer.headers()['location']).toBeUndefined();
  expect(await answer.text()).toContain('<h1>Hier geht es nicht weiter</h1>');
  expect(application.heard).toEqual([]);
});
