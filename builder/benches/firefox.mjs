// Open pages in Firefox and print after how many milliseconds the planner was ready.
// node firefox.mjs <Firefox> <runs> <address>...: one line of JSON, a list for each address
import puppeteer from "puppeteer-core";

const [executablePath, runs, ...addresses] = process.argv.slice(2);
const ready = 'csp-planner[data-runtime-state="ready"]';
const taken = Object.fromEntries(addresses.map((address) => [address, []]));
for (let run = 0; run < Number(runs); run += 1) {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
  for (const address of addresses) {
    const page = await browser.newPage();
    await page.goto(address, { waitUntil: "domcontentloaded" });
    await page.waitForSelector(ready, { timeout: 120_000 });
    taken[address].push(await page.evaluate(() => performance.now()));
    // Time for the page to keep what the next visit starts from.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await page.close();
  }
  await browser.close();
}
console.log(JSON.stringify(Object.values(taken)));
