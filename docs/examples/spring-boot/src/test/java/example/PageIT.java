package example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.Rectangle;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real browser. Writes a screenshot to target/page.png. */
class PageIT {
  @TempDir private Path folder;

  @Test
  void showsTheImageWithItsBoxes() throws Exception {
    File driver = program("chromedriver");
    File chromium = program("chromium", "google-chrome", "chrome");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1200,820",
        "--user-data-dir=" + folder.resolve("profile"));
    ChromeDriverService drivers =
        new ChromeDriverService.Builder().usingDriverExecutable(driver).build();
    try (RunningService service = new RunningService(folder)) {
      ChromeDriver browser = new ChromeDriver(drivers, options);
      try {
        browser.get(service.uri("/").toString());
        choose(browser, RunningService.IMAGE, "15 objects in blood-cells.jpg");
        Files.write(
            Path.of(System.getProperty("screenshots"), "page.png"),
            browser.getScreenshotAs(OutputType.BYTES));

        List<WebElement> labels = browser.findElements(By.cssSelector("#boxes text"));
        assertThat(labels).hasSize(15);
        assertThat(labels.get(14).getText()).isEqualTo("WBC 0.85");
        assertThat(browser.findElements(By.cssSelector("#table tbody tr"))).hasSize(15);
        checkBoxOfWhiteCell(browser);

        ((JavascriptExecutor) browser)
            .executeScript(
                "const c = document.getElementById('confidence'); c.value = 0.7;"
                    + "c.dispatchEvent(new Event('input'))");
        assertThat(browser.findElements(By.cssSelector("#boxes text"))).hasSize(4);

        Path broken = Files.write(folder.resolve("broken.jpg"), new byte[] {1, 2, 3});
        choose(browser, broken, "broken.jpg: ");
        assertThat(browser.findElement(By.id("stage")).isDisplayed()).isFalse();
        assertThat(browser.manage().logs().get("browser").getAll())
            .filteredOn(entry -> !entry.getMessage().contains("status of 415"))
            .isEmpty();
      } finally {
        browser.quit();
      }
    }
  }

  /** The box on the screen is where the detection is in the image. */
  private static void checkBoxOfWhiteCell(ChromeDriver browser) {
    Rectangle image = browser.findElement(By.id("image")).getRect();
    Rectangle cell =
        browser.findElement(By.cssSelector("#boxes [stroke]:last-child")).getRect();
    double scale = image.width / 640.0;
    assertThat((cell.x - image.x) / scale)
        .isCloseTo(198, within(3.0));
    assertThat((cell.y - image.y) / scale)
        .isCloseTo(92, within(3.0));
    assertThat(cell.width / scale).isCloseTo(221, within(4.0));
  }

  private static void choose(ChromeDriver browser, Path image, String status) {
    browser.findElement(By.id("file")).sendKeys(image.toString());
    new WebDriverWait(browser, Duration.ofSeconds(30))
        .until(b -> b.findElement(By.id("status")).getText().startsWith(status));
  }

  /** {@return the first of these programs on the path; without one the test is skipped} */
  private static File program(String... names) {
    return Stream.of(names)
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> new File(folder, name)))
        .filter(File::canExecute)
        .findFirst()
        .orElseGet(
            () -> {
              String reason = "SKIPPED: the page is not tested: none of these programs is on the path: " + List.of(names);
              System.err.println(reason);
              return Assumptions.abort(reason);
            });
  }
}
