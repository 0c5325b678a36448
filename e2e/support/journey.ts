/** What every journey stands on: a portal, people with a browser each, and a watch over every page. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import { PASSWORD, Portal, type Settings } from './portal';
import { wordsOf, type Language, type Words } from './words';

/** The widths at which every page is looked at: a desk and a phone. */
const WIDTHS = [1280, 360];

/** What axe checks: WCAG 2.2, levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** How a page is looked at. */
interface Look {
  /** In which schemes; both, if it is not said. */
  schemes?: readonly ('light' | 'dark')[];
  /** Whether it has to fit a phone without scrolling sideways (WCAG 1.4.10; an editor need not). */
  fits?: boolean;
}

/** Somebody with a browser. */
export class Person {
  constructor(
    readonly page: Page,
    readonly say: Words,
    private readonly language: Language,
  ) {}

  /** Signs in with a name of the demo. */
  async signIn(name: string, password = PASSWORD): Promise<void> {
    await this.page.goto('/sign-in');
    await this.page.getByLabel(this.say('sign_in.name')).fill(name);
    await this.page.getByLabel(this.say('sign_in.password'), { exact: true }).fill(password);
    await this.page.getByRole('button', { name: this.say('sign_in.submit'), exact: true }).click();
    await expect(this.page).not.toHaveURL(/sign-in/);
    await this.speak();
  }

  /** Chooses this person's language in the menu, where the portal remembers another one. */
  async speak(): Promise<void> {
    const html = this.page.locator('html');
    const avatar = this.page.locator('.avatar[popovertarget]');
    await expect(avatar).toBeVisible();
    if ((await html.getAttribute('lang')) === this.language) return;
    await avatar.click();
    await this.page.locator(`#account button[lang="${this.language}"]`).click();
    await expect(html).toHaveAttribute('lang', this.language);
    await this.page.keyboard.press('Escape');
  }

  /** Goes to an area of the navigation. */
  async open(area: string): Promise<void> {
    const rail = this.page.getByRole('navigation', { name: this.say('frame.main') });
    await rail.getByRole('link', { name: this.say(area) }).click();
  }

  /**
   * Looks at the page as it stands, at each width, in the light and in the dark: nothing is wider than the window,
   * and axe finds no violation.
   */
  async inspect({ schemes = ['light', 'dark'], fits = true }: Look = {}): Promise<void> {
    for (const width of WIDTHS) {
      await this.page.setViewportSize({ width, height: 900 });
      for (const colorScheme of schemes) {
        await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await this.settle();
        const { violations } = await new AxeBuilder({ page: this.page }).withTags(RULES).analyze();
        const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
        expect.soft(found, `${this.page.url()} at ${width} px, ${colorScheme}`).toEqual([]);
      }
      if (!fits) continue;
      // within the frame the page scrolls, not the window
      const overflow = await this.page.evaluate(() => {
        const inner = [...document.querySelectorAll('.page')].map((page) => page.scrollWidth - page.clientWidth);
        return Math.max(document.documentElement.scrollWidth - window.innerWidth, ...inner);
      });
      expect.soft(overflow, `${this.page.url()} is wider than ${width} px`).toBeLessThanOrEqual(0);
    }
    await this.page.setViewportSize({ width: 1280, height: 900 });
    await this.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  }

  /** Waits until the colours of a scheme stand: they change by transitions, which take a frame even where motion is reduced. */
  private async settle(): Promise<void> {
    await this.page.evaluate(async () => {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const ends = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(ends.map((animation) => animation.finished));
    });
  }

  /** Sends an operation to the API with the cookie of this person's browser. */
  async ask<Data>(query: string, variables: object = {}): Promise<Answer<Data>> {
    const answer = await this.page.request.post('/graphql', {
      headers: { 'x-keyhaus-csrf': '1' },
      data: { query, variables },
    });
    return (await answer.json()) as Answer<Data>;
  }
}

/** What the API answers. */
export interface Answer<Data> {
  data: Data | null;
  errors?: { extensions: { code: string } }[];
}

interface Fixtures {
  /** Settings of the server that a journey needs besides the demo's. */
  settings: Settings;
  portal: Portal;
  /** Lets somebody come with a browser of his own, who reads this language. */
  arrive: (language: Language) => Promise<Person>;
}

/** A journey. What a browser complains about fails it at the end, whatever page it was on. */
export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],
  portal: async ({ settings }, use) => {
    const portal = await Portal.start(settings);
    await use(portal);
    await portal.stop();
  },
  arrive: async ({ browser, portal }, use) => {
    const contexts: BrowserContext[] = [];
    const complaints: string[] = [];
    await use(async (language) => {
      const context = await browser.newContext({
        baseURL: portal.origin,
        locale: language === 'de' ? 'de-DE' : 'en-GB',
        timezoneId: 'Europe/Berlin',
        viewport: { width: 1280, height: 900 },
        reducedMotion: 'reduce',
      });
      contexts.push(context);
      const page = await context.newPage();
      await watch(page, complaints);
      return new Person(page, wordsOf(language), language);
    });
    for (const context of contexts) await context.close();
    expect(complaints).toEqual([]);
  },
});

export { expect };

/** Notes what a page complains about: errors on the console, exceptions, violations of the policy, failed requests. */
async function watch(page: Page, complaints: string[]): Promise<void> {
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message} (${page.url()})`));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => complaints.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation;
      report(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
}
