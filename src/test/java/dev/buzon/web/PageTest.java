package dev.buzon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.FreePort;
import dev.buzon.TestHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** The page in a real browser, from the first file to the daemon's end and its return. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String HOSTILE = "<img src=x onerror=alert(1)>.json";
    /** Where its pictures are left, for a person. */
    private static final Path PICTURES = Path.of("target/page");

    private String page;
    private TestHome home;
    private ChromeDriver browser;

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: neither chromium nor chromedriver is installed here");
        Files.createDirectories(PICTURES);
        int port = FreePort.next();
        page = "http://127.0.0.1:" + port + "/";
        home = new TestHome(folder.resolve("home"))
                .set("buzon.web.port", Integer.toString(port))
                .start();
        browser = Browser.open(Files.createDirectory(folder.resolve("profile")));
        browser.get(page);
    }

    @AfterAll
    void close() throws Exception {
        if (browser != null) {
            browser.quit();
        }
        if (home != null) {
            home.stop();
        }
    }

    private static String invoice(String number, int items) {
        return "{\"InvoiceNumber\":\"" + number + "\",\"InvoiceLineItems\":["
                + "{\"ItemCode\":\"x\"},".repeat(items - 1) + "{\"ItemCode\":\"x\"}]}\n";
    }

    private String text(String selector) {
        return (String) browser.executeScript(
                "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent).join('\\n')", selector);
    }

    private void awaitText(String selector, String text) {
        await().atMost(PATIENCE).until(() -> text(selector).contains(text));
    }

    private boolean isShown(String id) {
        return browser.findElement(By.id(id)).isDisplayed();
    }

    private List<?> list(String script) {
        return (List<?>) browser.executeScript(script);
    }

    @Test
    @Order(1)
    void aFileDroppedAMomentAgoIsThere() throws Exception {
        awaitText("#health", "UP");

        home.drop("invoices", "first.json", invoice("1", 3));

        awaitText("#files tbody tr", "first.json");
        awaitText("[data-route=invoices]", "first.json");
        // It may be on its way for a moment.
        awaitText("#files tbody tr", "Archived");
        assertThat(isShown("gone")).isFalse();
    }

    @Test
    @Order(2)
    void aHostileNameIsTextAndSoIsWhatARecordHolds() throws Exception {
        home.drop("invoices", HOSTILE, invoice("2", 2) + "<script>alert(2)</script>\n");
        home.drop("bizums", "b.csv", "<b>Ana</b>;3;<svg onload=alert(3)>\nLuis;5,50;x\nEva;-1;x\n");

        awaitText("#files tbody tr", HOSTILE);
        awaitText("#rejected", HOSTILE);
        awaitText("#rejected", "<script>alert(2)</script>");
        awaitText("#tables", "<svg onload=alert(3)>");
        assertThat(list("return [...document.querySelectorAll('main img, main svg, main script')]"))
                .isEmpty();
        assertThat(text("#tables")).contains("luis", "5.50");
        // An alert would make this fail.
        assertThat(browser.getTitle()).contains("Buzón");
    }

    @Test
    @Order(3)
    void thePlotsHavePoints() {
        for (String plot : List.of("inputRate", "processRate", "inputRecords", "batchDuration", "operationDuration")) {
            WebElement of = browser.findElement(By.cssSelector("[data-route=invoices] [data-plot=" + plot + "]"));
            await().atMost(PATIENCE).until(() -> Integer.parseInt(of.getDomAttribute("data-points")) > 0);
            assertThat(of.findElements(By.tagName("canvas"))).hasSize(1);
        }
    }

    @Test
    @Order(4)
    void theLifeOfAFileIsFoundWithTheKeyboardAlone() throws Exception {
        browser.executeScript("document.activeElement.blur()");
        WebElement search = browser.findElement(By.id("search"));
        for (int i = 0; i < 30 && !browser.switchTo().activeElement().equals(search); i++) {
            browser.switchTo().activeElement().sendKeys(Keys.TAB);
        }
        assertThat(browser.switchTo().activeElement()).isEqualTo(search);

        search.sendKeys("first.json", Keys.ENTER);

        awaitText("#life", "outbox/invoices/first-");
        assertThat(text("#life")).contains("archive/invoices/", "1 good record", "3 results");
    }

    @Test
    @Order(5)
    void itComesFromHereAloneAndBreaksNoRuleOfItsOwn() {
        assertThat(list("return performance.getEntriesByType('resource').map(e => e.name)"))
                .isNotEmpty()
                .allMatch(address -> address.toString().startsWith(page));
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    }

    @Test
    @Order(6)
    void itReadsWellOnAPhoneAndInTheDark() throws Exception {
        String background = "return getComputedStyle(document.body).backgroundColor";
        Browser.prefer(browser, "light");
        Object light = browser.executeScript(background);
        Browser.picture(browser, PICTURES.resolve("light.png"));
        Browser.prefer(browser, "dark");
        Object dark = browser.executeScript(background);
        Browser.picture(browser, PICTURES.resolve("dark.png"));
        Browser.narrow(browser);

        assertThat(dark).isNotEqualTo(light);
        await().atMost(PATIENCE).until(() -> (Boolean) browser.executeScript(
                "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
    }

    @Test
    @Order(7)
    void theDaemonsEndIsSeenAndItsReturnToo() throws Exception {
        home.stop();

        await().atMost(PATIENCE).until(() -> isShown("gone"));
        assertThat(text("#gone")).contains("does not answer");

        home.start();
        await().atMost(PATIENCE).until(() -> !isShown("gone"));
        awaitText("#files tbody tr", "first.json");
    }
}
