package example;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process {@code java -jar target/service.jar} on a free port, in the repository's folder. */
final class RunningService implements AutoCloseable {
  static final Path REPOSITORY = Path.of(System.getProperty("repository")).normalize();
  static final Path IMAGE = REPOSITORY.resolve("models/sample/blood-cells.jpg");

  private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
  private static final String BOUNDARY = "between-the-parts";

  private final Process process;
  private final Path log;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  RunningService(Path folder, String... arguments) throws IOException, InterruptedException {
    this(folder, List.of(), arguments);
  }

  RunningService(Path folder, List<String> jvm, String... arguments)
      throws IOException, InterruptedException {
    log = folder.resolve("service.log");
    List<String> command = new ArrayList<>(jvm);
    command.addAll(List.of("-jar", System.getProperty("service.jar")));
    command.addAll(List.of(arguments));
    if (Stream.of(arguments).noneMatch(argument -> argument.startsWith("--server.port="))) {
      command.add("--server.port=0");
    }
    process = start(log, command.toArray(String[]::new));
    port = port();
  }

  int socketPort() {
    return port;
  }

  private int port() throws IOException, InterruptedException {
    for (int attempt = 0; attempt < 1200; attempt++) {
      Matcher matcher = PORT.matcher(log());
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    throw new IllegalStateException("the service did not start:\n" + log());
  }

  String log() throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8);
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  /** Uploads an image as an HTML form does. */
  HttpResponse<String> upload(String part, String name, byte[] bytes)
      throws IOException, InterruptedException {
    String head =
        ("--" + BOUNDARY + "\r\n")
            + ("Content-Disposition: form-data; name=\""
                + part
                + "\"; filename=\""
                + name
                + "\"\r\n")
            + "Content-Type: application/octet-stream\r\n\r\n";
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(bytes);
    body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return post("multipart/form-data; boundary=" + BOUNDARY, body.toByteArray());
  }

  HttpResponse<String> post(String contentType, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/detect"))
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** {@return the body of a response with status 200} */
  String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(path + ": " + response.statusCode() + response.body());
    }
    return response.body();
  }

  /** {@return the output of {@code detect --json} for an image} */
  static String commandLine(Path folder, Path image) throws IOException, InterruptedException {
    Path json = folder.resolve("detections.json");
    Path log = folder.resolve("irmb.log");
    Process irmb =
        start(
            log,
            "-cp",
            System.getProperty("java.class.path"),
            "ai.irmb.internal.cli.Main",
            "detect",
            "--json",
            json.toString(),
            image.toString());
    if (irmb.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(log, StandardCharsets.UTF_8));
    }
    return Files.readString(json, StandardCharsets.UTF_8);
  }

  private static Process start(Path log, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(System.getProperty("java.home") + File.separator + "bin/java");
    builder.command().addAll(List.of(arguments));
    builder.directory(REPOSITORY.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
    return builder.start();
  }

  /** Terminates the service as a process manager does, and waits for its end. */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the service did not end:\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
