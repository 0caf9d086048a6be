package ai.irmb.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Engines that Python has, where it is: a script runs one forward pass per line of its input. The
 * script is not part of this project.
 *
 * @param python the interpreter
 * @param script called with the name of an engine, an ONNX file, and options; may be absent
 * @param threads of each engine
 */
record PythonPeers(String python, Path script, int threads) {
  /** {@return a process for each of these engines that is there} */
  List<LineProcess> start(List<String> engines, Path onnx, List<String> options, PrintStream out) {
    List<LineProcess> started = new ArrayList<>();
    if (!Files.exists(script)) {
      out.println("no peers in Python: bench.engines names no script");
      return started;
    }
    for (String engine : engines) {
      List<String> command =
          new ArrayList<>(List.of(python, script.toString(), engine, onnx.toString(), "--threads"));
      command.add(String.valueOf(threads));
      command.addAll(options);
      try {
        started.add(new LineProcess(command));
      } catch (IOException e) {
        out.println("not measured: " + engine + ", " + e.getMessage());
      }
    }
    return started;
  }
}
