package example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detector;
import ai.irmb.draw.Annotator;
import ai.irmb.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.Rectangle;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The page in a real browser. Writes screenshots to target/page*.png. */
class PageIT {
  private static final int ORANGE = 0xE69F00; // of class 1 in the library's drawings
  private static final String GONE = "The service does not answer.";

  @TempDir private static Path folder;
  private static RunningService service;
  private static ChromeDriver browser;

  @BeforeAll
  static void start() throws Exception {
    File driver = program("chromedriver");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium", "google-chrome", "chrome"));
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + folder.resolve("profile"));
    options.setExperimentalOption(
        "prefs", Map.of("download.default_directory", folder.toString()));
    service = new RunningService(folder, "--irmb.calls.max-wait=10m");
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(driver).build(), options);
  }

  @AfterAll
  static void stop() throws IOException {
    if (browser != null) {
      browser.quit();
    }
    if (service != null) {
      service.close();
    }
  }

  @BeforeEach
  void open() {
    browser.manage().window().setSize(new Dimension(1200, 860));
    browser.get(service.uri("/").toString());
    browser.manage().logs().get("browser"); // drops what earlier tests caused
  }

  @Test
  void showsBoxesCountsAndTimes() throws Exception {
    choose(RunningService.IMAGE);
    awaitStatus("15 objects in blood-cells.jpg");
    screenshot("page.png");

    List<WebElement> labels = all("#boxes text");
    assertThat(labels).hasSize(15);
    assertThat(labels.get(14).getText()).isEqualTo("WBC 0.85");
    assertThat(all("#table tbody tr")).hasSize(15);
    assertThat(one("#times").getText())
        .matches(
            "decode [\\d.]+ ms · letterbox [\\d.]+ ms · inference [\\d.]+ ms"
                + " · postprocess [\\d.]+ ms · \\d+ ms with the upload");
    try (Detector detector =
        Detector.load(RunningService.REPOSITORY.resolve("models/bccd-yolov5n_iRMB.pt"))) {
      assertThat(all("#counts li").stream().map(WebElement::getText))
          .containsExactlyElementsOf(
              detector.detect(RunningService.IMAGE).counts().entrySet().stream()
                  .map(count -> count.getValue() + " " + count.getKey())
                  .toList());
    }
    checkBoxOfWhiteCell();
    assertThat(browser.manage().logs().get("browser").getAll()).isEmpty();
  }

  /** The box on the screen is where the detection is in the image. */
  private static void checkBoxOfWhiteCell() {
    Rectangle image = one("#image").getRect();
    List<WebElement> boxes = all("#boxes .box");
    Rectangle cell = boxes.get(boxes.size() - 1).getRect();
    double scale = image.width / 640.0;
    assertThat((cell.x - image.x) / scale).isCloseTo(198, within(4.0));
    assertThat((cell.y - image.y) / scale).isCloseTo(92, within(4.0));
    assertThat(cell.width / scale).isCloseTo(221, within(5.0));
  }

  @Test
  void filtersWithoutARequestAndSavesWhatIsShown() throws Exception {
    choose(RunningService.IMAGE);
    awaitStatus("15 objects in blood-cells.jpg");
    javascript("window.fetch = () => { throw new Error('no further request') }");
    javascript(
        "const c = document.getElementById('confidence'); c.value = 0.7;"
            + "c.dispatchEvent(new Event('input'))");
    assertThat(one("#status").getText()).isEqualTo("4 objects in blood-cells.jpg");
    assertThat(all("#boxes text")).hasSize(4);

    one("#json").click();
    JsonNode json = new ObjectMapper().readTree(download("detections.json"));
    assertThat(json.size()).isEqualTo(1);
    assertThat(json.get(0).get("image").asString()).isEqualTo("blood-cells.jpg");
    assertThat(json.get(0).get("detections").size()).isEqualTo(4);

    one("#png").click();
    BufferedImage png = ImageIO.read(download("blood-cells-detections.png").toFile());
    assertThat(png.getWidth()).isEqualTo(640);
    assertThat(png.getHeight()).isEqualTo(480);
    assertThat(png.getRGB(198, 200) & 0xFFFFFF).isEqualTo(ORANGE); // left side of the white cell
  }

  @Test
  void showsSeveralImagesAndCanBeUsedWithTheKeyboard() throws Exception {
    Path broken = Files.write(folder.resolve("broken.jpg"), new byte[] {1, 2, 3});
    Path second = Files.copy(RunningService.IMAGE, folder.resolve("second.jpg"));
    choose(RunningService.IMAGE, broken, second);
    awaitStatus("15 objects in blood-cells.jpg, 30 objects in 2 of 3 images");
    press(Keys.ARROW_RIGHT);
    awaitStatus("broken.jpg: this is a file that begins with the bytes");
    assertThat(one("#result").isDisplayed()).isFalse();
    press(Keys.ARROW_RIGHT);
    press(Keys.ARROW_RIGHT); // beyond the last one
    awaitStatus("15 objects in second.jpg");
    screenshot("page-several.png");

    one("#confidence").sendKeys(Keys.ARROW_RIGHT); // moves the slider and nothing else
    assertThat(one("#threshold").getText()).isEqualTo("0.26");
    assertThat(one("#status").getText()).contains("in second.jpg");
  }

  @Test
  void fitsAPhone() throws Exception {
    browser.manage().window().setSize(new Dimension(500, 900));
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", true));
    try {
      choose(RunningService.IMAGE);
      awaitStatus("15 objects in blood-cells.jpg");
      screenshot("page-phone.png");
      assertThat(javascript("return document.documentElement.scrollWidth")).isEqualTo(360L);
      for (WebElement button : all(".button")) {
        assertThat(button.getRect().height).isNotIn(range(1, 43)); // 0 is hidden
      }
    } finally {
      browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }
  }

  private static List<Integer> range(int from, int to) {
    return java.util.stream.IntStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void hasTheColorsOfTheLibrary() {
    RgbImage white = RgbImage.of(100, 100, filled(30_000));
    for (int id = 0; id < 80; id++) {
      Detection detection = new Detection(id, "a", 0.5f, new Box(20, 40, 80, 90));
      int expected = new Annotator().draw(white, List.of(detection)).toBufferedImage().getRGB(20, 70);
      List<?> actual = (List<?>) javascript("return rgb(arguments[0])", id);
      for (int channel = 0; channel < 3; channel++) {
        assertThat(((Number) actual.get(channel)).intValue())
            .as("class " + id)
            .isCloseTo((expected >> (16 - 8 * channel)) & 255, within(1));
      }
    }
  }

  private static byte[] filled(int length) {
    byte[] pixels = new byte[length];
    java.util.Arrays.fill(pixels, (byte) 255);
    return pixels;
  }

  @Test
  void triesAgainWhileTheServiceIsBusy() {
    javascript(
        "const original = window.fetch; let calls = 0;"
            + "window.fetch = (...a) => ++calls < 3"
            + " ? Promise.resolve(new Response('{}', { status: 503, headers: { 'Retry-After': '1' } }))"
            + " : original(...a)");
    choose(RunningService.IMAGE);
    awaitStatus("The service is busy.");
    awaitStatus("15 objects in blood-cells.jpg");
  }

  @Test
  void saysThatTheServiceIsGoneAndTriesAgain() throws Exception {
    RunningService other = new RunningService(Files.createDirectory(folder.resolve("gone")));
    browser.get(other.uri("/").toString());
    other.close();
    choose(RunningService.IMAGE);
    awaitStatus(GONE);
    screenshot("page-gone.png");
    try (RunningService again =
        new RunningService(
            Files.createDirectory(folder.resolve("again")),
            "--server.port=" + other.socketPort())) {
      one("#retry").click();
      awaitStatus("15 objects in blood-cells.jpg");
      assertThat(one("#retry").isDisplayed()).isFalse();
    }
  }

  private static WebElement one(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  private static List<WebElement> all(String selector) {
    return browser.findElements(By.cssSelector(selector));
  }

  private static Object javascript(String code, Object... arguments) {
    return ((JavascriptExecutor) browser).executeScript(code, arguments);
  }

  private static void press(Keys key) {
    one("body").sendKeys(key);
  }

  private static void choose(Path... images) {
    one("#file").sendKeys(String.join("\n", Stream.of(images).map(Path::toString).toList()));
  }

  private static void awaitStatus(String start) {
    new WebDriverWait(browser, Duration.ofMinutes(2))
        .withMessage(() -> start + ", found " + one("#status").getText())
        .until(b -> one("#status").getText().startsWith(start));
  }

  private static Path download(String name) {
    Path file = folder.resolve(name);
    new WebDriverWait(browser, Duration.ofMinutes(1))
        .until(b -> Files.exists(file) && file.toFile().length() > 0);
    return file;
  }

  private static void screenshot(String name) throws IOException {
    Files.write(
        Path.of(System.getProperty("screenshots"), name),
        browser.getScreenshotAs(OutputType.BYTES));
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
