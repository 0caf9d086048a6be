package example;

import static example.RunningService.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** The packaged service over HTTP. */
class ServiceIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static RunningService service;

  @BeforeAll
  static void start() throws Exception {
    service = new RunningService(folder);
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
    ((ObjectNode) expected.get(0)).put("path", "blood-cells.jpg"); // an upload has a name but no path
    assertThat(actual).isEqualTo(expected);
    assertThat(actual.get(0).get("detections")).isNotEmpty();
  }

  @Test
  void namesTheProblemOfAnUnusableImage() throws Exception {
    byte[] image = Files.readAllBytes(IMAGE);
    byte[] truncated = java.util.Arrays.copyOf(image, image.length / 2);
    JsonNode problem = problem(service.upload("image", "half.jpg", truncated), 400);
    assertThat(problem.get("title").asText()).isEqualTo("Unusable image");
    assertThat(problem.get("detail").asText()).startsWith("half.jpg: ");
    problem = problem(service.upload("image", "page.html", "<html>".getBytes()), 400);
    assertThat(problem.get("detail").asText()).startsWith("page.html: ");
  }

  @Test
  void refusesHugeImagesAndUploads() throws Exception {
    JsonNode problem = problem(service.upload("image", "huge.gif", gif(60_000, 60_000)), 400);
    assertThat(problem.get("detail").asText()).contains("huge.gif", "60000");
    problem(service.upload("image", "long.jpg", new byte[11 << 20]), 413);
    problem(service.upload("other", "blood-cells.jpg", Files.readAllBytes(IMAGE)), 400);
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

  private static JsonNode problem(HttpResponse<String> response, int status) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    return JSON.readTree(response.body());
  }

  @Test
  void givesConcurrentRequestsTheSameResponse() throws Exception {
    byte[] image = Files.readAllBytes(IMAGE);
    Callable<String> call =
        () -> service.upload("image", "blood-cells.jpg", image).body();
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
