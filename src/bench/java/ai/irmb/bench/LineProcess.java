package ai.irmb.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A contestant in a process of its own. It prints its name, then does its work once for each line
 * that it reads, and prints the milliseconds.
 */
final class LineProcess implements Contestant {
  private static final String RESIDENT = "VmRSS:";
  private static final double KIB_PER_MB = 1e6 / 1024;

  private final Process process;
  private final BufferedReader answers;
  private final Writer lines;
  private final String name;

  /**
   * @throws IOException if it does not start; the message says what it printed last
   */
  LineProcess(List<String> command) throws IOException {
    Path log = Files.createTempFile("contestant", ".log");
    this.process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.to(log.toFile())).start();
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.lines = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    String first = answers.readLine();
    if (first == null) {
      List<String> printed = Files.readAllLines(log);
      throw new IOException(
          printed.isEmpty() ? "it ended without a word" : printed.get(printed.size() - 1));
    }
    this.name = first;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run() {
    answer("");
  }

  /** {@return the numbers that the process prints for a line} */
  double[] answer(String line) {
    try {
      lines.write(line + "\n");
      lines.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException(name + " has ended");
      }
      return Arrays.stream(answer.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the resident memory in MB, or NaN where there is no /proc} */
  double residentMegabytes() throws IOException {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(RESIDENT)) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MB;
      }
    }
    return Double.NaN;
  }

  @Override
  public void close() {
    try {
      lines.close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
