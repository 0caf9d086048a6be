package ai.irmb.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PyTorch in Python on the same networks: a script that is called with the device, the number of
 * runs and, if it shall compile too, {@code compile}, and prints lines such as {@code yolov5s
 * float16 b32 eager 12.345 ms}. The script is not part of this project.
 *
 * @param script to run, or empty for none
 */
record PyTorchPeer(String python, String script, String device, int runs) {
  private static final Pattern LINE =
      Pattern.compile("(\\S+) (float\\S+|bfloat16) b([0-9]+) (\\S+) ([0-9.]+) ms");

  /** {@return the milliseconds by network, type, batch and mode, as far as the time sufficed} */
  Map<String, Double> measure(boolean compiled, long endNanos, Consumer<String> echo)
      throws IOException {
    Map<String, Double> millis = new TreeMap<>();
    if (script.isEmpty()) {
      return millis;
    }
    List<String> command = new ArrayList<>(List.of(python, script, device, String.valueOf(runs)));
    if (compiled) {
      command.add("compile");
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread timer = new Thread(() -> endAt(process, endNanos), "bench-peer");
    timer.setDaemon(true);
    timer.start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher m = LINE.matcher(line);
        if (m.matches()) {
          String mode = m.group(4).startsWith("compile") ? "compile" : m.group(4);
          millis.put(
              key(m.group(1), m.group(2), Integer.parseInt(m.group(3)), mode),
              Double.valueOf(m.group(5)));
        }
        echo.accept("PyTorch: " + line);
      }
    }
    return millis;
  }

  /** {@return the key of a measurement} */
  static String key(String network, String type, int batch, String mode) {
    return network + " " + type + " " + batch + " " + mode;
  }

  private static void endAt(Process process, long endNanos) {
    try {
      while (process.isAlive() && System.nanoTime() < endNanos) {
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
