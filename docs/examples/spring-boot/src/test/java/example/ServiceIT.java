package example;

import static example.RunningService.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The packaged service over HTTP. */
class ServiceIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static RunningService service;

  @BeforeAll
  static void start() throws Exception {
    service = new RunningService(folder, "--irmb.calls.max-wait=10m");
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
    assertThat(service.log()).doesNotContain("ERROR").contains("Graceful shutdown complete");
  }

  @Test
  void respondsWithTheJsonOfTheCommandLine() throws Exception {
    HttpResponse<String> response =
        service.upload("image", "blood-cells.jpg", Files.readAllBytes(IMAGE));
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode actual = JSON.readTree(response.body());
    JsonNode expected = JSON.readTree(RunningService.commandLine(folder, IMAGE));
    ((ObjectNode) expected.get(0))
        .put("path", "blood-cells.jpg"); // an upload has a name but no path
    assertThat(actual).isEqualTo(expected);
    assertThat(actual.get(0).get("detections")).isNotEmpty();
  }

  @Test
  void namesTheProblemOfAnUnusableImage() throws Exception {
    byte[] image = Files.readAllBytes(IMAGE);
    byte[] truncated = java.util.Arrays.copyOf(image, image.length / 2);
    assertThat(detail(service.upload("image", "half.jpg", truncated), 400))
        .startsWith("half.jpg: ");
    assertThat(detail(service.upload("image", "page.html", "<html>".getBytes()), 415))
        .startsWith("page.html: this is text, not an image in a supported format");
    assertThat(detail(service.upload("image", "huge.gif", gif(60_000, 60_000)), 413))
        .startsWith("huge.gif: 60000 x 60000 pixels are more than the limit of 24000000");
  }

  @Test
  void refusesRequestsThatAreNotUploads() throws Exception {
    byte[] image = Files.readAllBytes(IMAGE);
    assertThat(detail(service.upload("image", "long.jpg", new byte[11 << 20]), 413))
        .contains("a file may have 10 MB, all files of a request together 20 MB");
    detail(service.upload("other", "blood-cells.jpg", image), 400);
    detail(service.post("image/jpeg", image), 415);
    detail(service.post("multipart/form-data; boundary=x", image), 400);
    detail(service.post("multipart/form-data", image), 400);
  }

  /** {@return a GIF of this size without a frame} */
  private static byte[] gif(int width, int height) {
    byte[] gif = "GIF89a       ;".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    gif[6] = (byte) width;
    gif[7] = (byte) (width >> 8);
    gif[8] = (byte) height;
    gif[9] = (byte) (height >> 8);
    gif[10] = gif[11] = gif[12] = 0;
    return gif;
  }

  private static String detail(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    return JSON.readTree(response.body()).get("detail").asString();
  }

  @Test
  void hasProbesAndMetrics() throws Exception {
    service.upload("image", "blood-cells.jpg", Files.readAllBytes(IMAGE));
    for (String probe : new String[] {"/liveness", "/readiness", ""}) {
      assertThat(JSON.readTree(service.get("/actuator/health" + probe)).get("status").asString())
          .isEqualTo("UP");
    }
    JsonNode timer = JSON.readTree(service.get("/actuator/metrics/irmb.stage?tag=stage:inference"));
    assertThat(timer.get("measurements").get(0).get("value").asDouble()).isPositive();
    JsonNode images =
        JSON.readTree(service.get("/actuator/metrics/irmb.images?tag=outcome:success"));
    assertThat(images.get("measurements").get(0).get("value").asDouble()).isPositive();
    assertThat(service.get("/actuator/metrics/irmb.detections"))
        .contains("RBC", "WBC", "Platelets");
    assertThat(service.get("/actuator/metrics/irmb.calls.waiting")).contains("value");
  }

  @Test
  void givesConcurrentRequestsTheSameResponse() throws Exception {
    byte[] image = Files.readAllBytes(IMAGE);
    Callable<String> call = () -> service.upload("image", "blood-cells.jpg", image).body();
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try {
      Set<String> responses =
          callers.invokeAll(Stream.generate(() -> call).limit(24).toList()).stream()
              .map(
                  future -> {
                    try {
                      return future.get();
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  })
              .collect(Collectors.toSet());
      assertThat(responses).hasSize(1);
      assertThat(responses.iterator().next()).contains("WBC");
    } finally {
      callers.shutdown();
    }
  }
}
